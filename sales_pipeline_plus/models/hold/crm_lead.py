from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

MAX_NAMED = 20


class CrmLead(models.Model):
    """Puts opportunities on hold: they sleep until a wake-up date, for a reason.

    What is on hold is in no pipeline amount, forecast, review or list of what is to be
    done, and the clock of its stage stands still. An activity is planned for the
    wake-up date.
    """

    _inherit = "crm.lead"

    date_wake_up = fields.Date(
        string="Wake-Up Date",
        readonly=True,
        copy=False,
        help="The day on which an opportunity on hold comes back into its stage.",
    )
    hold_reason_id = fields.Many2one(
        "crm.hold.reason",
        string="Reason for the Hold",
        readonly=True,
        copy=False,
        ondelete="restrict",
        index="btree_not_null",
    )

    _on_hold_idx = models.Index("(date_wake_up) WHERE date_hold IS NOT NULL")

    @api.model
    def _get_kept_fields(self):
        return super()._get_kept_fields() | {
            "date_hold",
            "date_hold_end",
            "date_wake_up",
            "hold_reason_id",
        }

    def _put_on_hold(self, date, reason):
        """Let these opportunities sleep; those that do get another date and reason.

        :param date date: when they wake up, a day to come where their company is
        :param reason: the ``crm.hold.reason``
        :raise UserError: naming each that cannot be put on hold, or what is wrong
        """
        self.check_access("write")
        self._check_hold(date, reason)
        asleep = self.filtered("date_hold")
        values = {"date_wake_up": date, "hold_reason_id": reason.id}
        asleep._write_facts(values)
        fresh = self - asleep
        now = self.env.cr.now().replace(microsecond=0)
        fresh._write_facts({**values, "date_hold": now})
        holds = self.env["crm.lead.hold"].sudo()
        if asleep:
            running = holds._get_running(asleep)
            holds.union(*running.values()).write(
                {"date_wake_up": date, "reason_id": reason.id}
            )
        holds._begin(fresh.sudo())
        self._plan_wake_up()
        self._log_hold(date, reason)

    def _check_hold(self, date, reason):
        """:raise UserError: naming each that cannot be put on hold, or what is wrong"""
        refusals = []
        now = fields.Datetime.now()
        for lead in self:
            company = lead.company_id or self.env.company
            texts = {"lead": lead.display_name, "reason": reason.sudo().name}
            if not lead._can_be_on_hold():
                refusals.append(
                    self.env._(
                        "“%(lead)s” cannot be put on hold: only an opportunity that is "
                        "open can.",
                        **texts,
                    )
                )
            elif date <= company._get_day(now):
                refusals.append(
                    self.env._(
                        "“%(lead)s” cannot wake up on %(date)s. Choose a wake-up date "
                        "that is still to come.",
                        date=format_date(self.env, date),
                        **texts,
                    )
                )
            elif reason.sudo().company_id not in (
                reason.sudo().company_id.browse(),
                lead.sudo().company_id,
            ):
                refusals.append(
                    self.env._(
                        "The reason “%(reason)s” is that of another company than "
                        "“%(lead)s”. Choose another one.",
                        **texts,
                    )
                )
        if refusals:
            raise UserError("\n".join(refusals[:MAX_NAMED]))

    def _can_be_on_hold(self):
        """Whether it can be put on hold, or its hold be changed."""
        self.ensure_one()
        return self.type == "opportunity" and self._is_pending()

    def _log_hold(self, date, reason):
        body = self.env._(
            "On hold until %(date)s. Reason: %(reason)s",
            date=format_date(self.env, date),
            reason=reason.name,
        )
        self._message_log_batch(bodies=dict.fromkeys(self.ids, body))

    # ------------------------------------------------------------
    # The activity at the wake-up
    # ------------------------------------------------------------

    def _plan_wake_up(self):
        """Plan an activity on the wake-up date for the person in charge, or move it."""
        holds = self.env["crm.lead.hold"].sudo()
        running, activities = holds._get_running(self), holds._get_activities(self)
        planned, vals_list, moved = [], [], {}
        for lead, user in self.sudo()._get_wake_up_users().items():
            hold = running[lead.id]
            values = lead._prepare_wake_up_activity(user)
            if activity := activities.get(lead.id):
                change = values["date_deadline"], values["summary"]
                moved.setdefault(change, []).append(activity.id)
                hold.activity_id = activity
            else:
                planned.append(hold)
                vals_list.append(values)
        # Odoo's mail about each assignment would be many.
        activities = self.env["mail.activity"].sudo()
        for (day, summary), activity_ids in moved.items():
            activities.browse(activity_ids).write(
                {"date_deadline": day, "summary": summary}
            )
        activities = activities.with_context(mail_activity_quick_update=True)
        activities = activities.create(vals_list)
        for hold, activity in zip(planned, activities, strict=True):
            hold.activity_id = activity

    def _prepare_wake_up_activity(self, user):
        self.ensure_one()
        lang = user.lang or self.env.lang
        env = self.with_context(lang=lang).env
        return {
            "res_model_id": self.env["ir.model"]._get_id(self._name),
            "res_id": self.id,
            "activity_type_id": self.env["mail.activity.type"]
            ._get_type_of_next_action()
            .id,
            "automated": True,
            "summary": env._(
                "Take it up again: %s", self.hold_reason_id.with_context(lang=lang).name
            ),
            "user_id": user.id,
            "date_deadline": self.date_wake_up,
        }
