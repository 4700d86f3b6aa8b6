from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.arguments import check_records

REVIEW_STATES = ("missing", "late", "out_of_standard", "on_track")


class CrmLead(models.Model):
    """What to talk about first in the weekly review of the open deals."""

    _inherit = "crm.lead"

    review_state = fields.Selection(
        [
            ("missing", "No action"),
            ("late", "Late"),
            ("out_of_standard", "Out of standard"),
            ("on_track", "On track"),
        ],
        string="Review",
        compute="_compute_review_state",
        search="_search_review_state",
        compute_sql="_get_review_state_sql",
        group_expand=True,
        help="The first that applies to an open opportunity: no next action is "
        "planned; its next action or its expected closing date has passed; it stays "
        "in its stage for longer than allowed.",
    )

    @api.depends("deal_status", "is_rotting", "next_action_state")
    def _compute_review_state(self):
        for lead in self:
            if lead.next_action_state in ("missing", False):
                lead.review_state = lead.next_action_state
            elif lead.next_action_state == "overdue" or lead.deal_status == "late":
                lead.review_state = "late"
            else:
                lead.review_state = "out_of_standard" if lead.is_rotting else "on_track"

    @api.model
    def _search_review_state(self, operator, value):
        return self._search_ranked_state("review_state", operator, value)

    @api.model
    def _get_ranked_states(self):
        return {**super()._get_ranked_states(), "review_state": REVIEW_STATES}

    def _get_review_state_sql(self, _name, alias, query):
        return SQL(
            """CASE WHEN NOT %(is_open)s THEN NULL
                    WHEN %(missing)s THEN 'missing'
                    WHEN %(overdue)s OR %(late)s THEN 'late'
                    WHEN %(over_limit)s THEN 'out_of_standard'
                    ELSE 'on_track' END""",
            is_open=self._get_open_opportunity_sql(alias, query),
            missing=self._get_missing_action_sql(alias, query),
            overdue=self._get_overdue_action_sql(alias, query),
            late=self._get_late_sql(alias, query),
            over_limit=self._get_over_limit_sql(alias, query),
        )

    def action_plan_next_action(self):
        """Open Odoo's dialog that plans an activity on these deals."""
        check_records(self)
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Plan the Next Action"),
            "res_model": "mail.activity.schedule",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": self._name,
                "active_ids": self.ids,
                "dialog_size": "large",
                "plan_for_salesperson": True,
            },
        }
