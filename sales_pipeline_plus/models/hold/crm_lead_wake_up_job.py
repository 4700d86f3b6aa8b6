import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, split_every

from ...tools.jobs import run_batch
from ...tools.texts import with_colon

_logger = logging.getLogger(__name__)

BATCH_SIZE = 100
MAX_NAMED = 3


class CrmLead(models.Model):
    """Wakes up what is to wake up today, where its company is."""

    _inherit = "crm.lead"

    @api.model
    def _cron_wake_up(self):
        """In batches that are committed one by one: what is left is due the next time,
        too, as is what failed."""
        commit_progress = self.env["ir.cron"]._commit_progress
        due_ids = self.search(self._get_wake_up_domain(), order="id").ids
        commit_progress(remaining=len(due_ids))
        for batch in split_every(BATCH_SIZE, due_ids):
            run_batch(self.env, _logger, self.browse(batch), "_wake_up_on_date")
            if not commit_progress(len(batch)):
                break

    @api.model
    def _get_wake_up_domain(self):
        """Return the domain of what is due; what has no company goes by the current
        one."""
        now = fields.Datetime.now()
        companies_of = (
            self.env["res.company"]
            .sudo()
            .with_context(active_test=False)
            .search([])
            .grouped(lambda company: company._get_day(now))
        )
        due = Domain("company_id", "=", False) & Domain(
            "date_wake_up", "<=", self.env.company._get_day(now)
        )
        for day, companies in companies_of.items():
            due |= Domain("company_id", "in", companies.ids) & Domain(
                "date_wake_up", "<=", day
            )
        return self._get_on_hold_domain() & due

    def _wake_up_on_date(self):
        """Wake them up whatever they lack: their activity says what is to be done, and
        an expected closing date that has passed is asked anew."""
        now = fields.Datetime.now()
        passed = self.filtered(
            lambda lead: (
                lead.date_deadline
                and lead.date_deadline
                < (lead.company_id or self.env.company)._get_day(now)
            )
        )
        self._wake_up("date")
        self._hand_over_wake_up()
        missing = self.filtered(lambda lead: lead.next_action_state == "missing")
        users = (passed | missing)._get_wake_up_users()
        passed._ask_decisions_anew(users)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [lead._prepare_missing_activity(users[lead]) for lead in missing]
        )

    def _ask_decisions_anew(self, users):
        """Empty the expected closing dates and tell who takes them up again, in one
        notification for all of theirs.

        :param dict users: {lead: the user, or nobody}
        """
        dates = {lead: lead.date_deadline for lead in self}
        self.date_deadline = False
        for user, leads in self.grouped(users.get).items():
            if user:
                leads._notify_wake_up(user, dates)

    def _notify_wake_up(self, user, dates):
        env = self.with_context(lang=user.lang or self.env.lang).env
        lines = [
            env._(
                "The opportunity was on hold and has woken up. Its expected closing "
                "date, %s, has passed: give a new one.",
                format_date(env, dates[lead]),
            )
            for lead in self
        ]
        names = self.mapped("display_name")
        if len(self) > 1:
            lines = [
                with_colon(env, name, line)
                for name, line in zip(names, lines, strict=True)
            ]
        named = ", ".join(names[:MAX_NAMED]) + "…" * (len(self) > MAX_NAMED)
        self.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            subject=env._("Woken up: %s", named),
            body=Markup("<br/>").join(lines),
            model=len(self) == 1 and self._name,
            res_id=len(self) == 1 and self.id,
        )

    def _prepare_missing_activity(self, user):
        """Return the values of an activity for one whose own was taken away."""
        company = self.company_id or self.env.company
        today = company._get_day(fields.Datetime.now())
        env = self.with_context(lang=user.lang or self.env.lang).env
        return {
            **self._prepare_wake_up_activity(user),
            "summary": env._("Take it up again"),
            "date_deadline": today,
        }
