from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools.arguments import check_records

MAX_NAMED = 20


class CrmLead(models.Model):
    """Wakes opportunities up into the stage where they fell asleep."""

    _inherit = "crm.lead"

    def action_wake_up(self):
        """Wake these opportunities up; a dialog asks for the expected closing dates
        that have passed meanwhile.

        :return: the action of the dialog, or False
        :raise UserError: if none of them is on hold
        :raise ValidationError: naming each one that lacks what its stage asks for
        """
        check_records(self)
        self.check_access("write")
        asleep = self.filtered(lambda lead: lead._is_on_hold())
        if not asleep:
            raise UserError(
                self.env._("Nothing is to be woken up: none of these is on hold.")
            )
        if asleep._filter_decision_passed():
            action = self.env["ir.actions.act_window"]._for_xml_id(
                "sales_pipeline_plus.crm_lead_wake_up_action"
            )
            action["context"] = {
                "active_model": self._name,
                "active_id": asleep[:1].id,
                "active_ids": asleep.ids,
                "dialog_size": "medium",
            }
            return action
        asleep._wake_up_by_hand()
        return False

    def _filter_decision_passed(self):
        """Return those whose expected closing date has passed for the user."""
        today = fields.Date.context_today(self)
        return self.filtered(
            lambda lead: lead.date_deadline and lead.date_deadline < today
        )

    def _wake_up_by_hand(self):
        """Wake them up as a person does: what the stage and the pipeline ask for is
        asked of what comes back, as of what enters.

        :raise ValidationError: naming each one and what it lacks
        """
        self._wake_up("hand")
        self._take_up_today()
        self._check_wake_up()

    def _take_up_today(self):
        """What was to be taken up later is to be taken up now."""
        activities = self.env["crm.lead.hold"].sudo()._get_activities(self)
        today = fields.Date.context_today(self)
        later = self.env["mail.activity"].sudo().union(*activities.values())
        later.filtered(lambda each: each.date_deadline > today).date_deadline = today

    def _check_wake_up(self):
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        refusals = []
        for lead in self:
            texts = {
                "lead": lead.display_name,
                "stage": lead.stage_id.name,
                "pipeline": lead.sudo().pipeline_id.name,
            }
            if missing := lead._get_missing(lead._get_line()):
                refusals.append(
                    self.env._(
                        "“%(lead)s” cannot wake up in the stage “%(stage)s” of "
                        "“%(pipeline)s” without: %(missing)s.",
                        missing=", ".join(missing),
                        **texts,
                    )
                )
            layout = layouts.get(lead.pipeline_id.id)
            if (
                layout
                and layout.next_action_policy == "block"
                and lead.next_action_state == "missing"
            ):
                refusals.append(
                    self.env._(
                        "“%(lead)s” cannot wake up: the pipeline “%(pipeline)s” asks "
                        "for a next action first. Plan an activity on it, then wake "
                        "it up.",
                        **texts,
                    )
                )
        if refusals:
            raise ValidationError("\n".join(refusals[:MAX_NAMED]))

    def _wake_up(self, outcome):
        self._end_hold(outcome)
        self.env["crm.lead.passage"].sudo()._count_holds(self)
        self._log_wake_up()

    def _log_wake_up(self):
        self._message_log_batch(
            bodies=dict.fromkeys(self.ids, self.env._("On hold no more."))
        )

    def _end_hold(self, outcome):
        """Let these opportunities, which are on hold, be so no more.

        :param str outcome: see ``crm.lead.hold``
        """
        holds = self.env["crm.lead.hold"].sudo()
        running = holds.union(*holds._get_running(self).values())
        running._end(outcome)
        now = self.env.cr.now().replace(microsecond=0)
        self._write_facts(
            {
                "date_hold": False,
                "date_hold_end": now,
                "date_wake_up": False,
                "hold_reason_id": False,
            }
        )
        if outcome in ("won", "lost", "lead", "gone"):
            # There is nothing to be taken up again.
            running.activity_id.filtered("active").unlink()
