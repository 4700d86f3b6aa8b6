from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.sales_pipeline_plus.tools.arguments import check_records


class SalesCampaignGoalEntry(models.Model):
    """Who counted what by hand, and when. Entries are made by the counter only."""

    _name = "sales.campaign.goal.entry"
    _description = "Entry of a Counter"
    _order = "create_date desc, id desc"
    _rec_name = "goal_id"

    goal_id = fields.Many2one(
        "sales.campaign.goal", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="goal_id.company_id")
    user_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        default=lambda self: self.env.uid,
        index=True,
        ondelete="restrict",
    )
    change = fields.Integer(required=True)
    count = fields.Integer(string="Counter", help="The counter after this change.")


class SalesCampaignGoal(models.Model):
    _inherit = "sales.campaign.goal"

    entry_ids = fields.One2many(
        "sales.campaign.goal.entry", "goal_id", string="Counter's Journal"
    )

    def action_increment(self):
        """Count one more."""
        check_records(self)
        return self._change_counter(1)

    def action_decrement(self):
        """Count one less."""
        check_records(self)
        return self._change_counter(-1)

    def _change_counter(self, change):
        """Add to the counter in one statement, which locks the row: of two users who
        press at once the second waits, and counts from what the first has left."""
        self.ensure_one()
        self.check_access("write")
        if self.counting != "manual":
            raise UserError(
                self.env._("“%s” counts by itself and has no counter.", self.name)
            )
        self.flush_recordset(["manual_count"])
        rows = self.env.execute_query(
            SQL(
                """UPDATE sales_campaign_goal
                      SET manual_count = COALESCE(manual_count, 0) + %(change)s,
                          write_uid = %(user)s,
                          write_date = now() AT TIME ZONE 'UTC'
                    WHERE id = %(goal)s
                      AND COALESCE(manual_count, 0) + %(change)s >= 0
                RETURNING manual_count""",
                change=change,
                user=self.env.uid,
                goal=self.id,
            )
        )
        self.invalidate_recordset(["manual_count"], flush=False)
        self.modified(["manual_count"])
        if not rows:
            raise UserError(
                self.env._("The counter of “%s” cannot go below zero.", self.name)
            )
        self.sudo()._add_entries({self: change})
        self._update_date_reached()
        if self.parent_id:
            self.parent_id._update_date_reached()
        return True

    @api.model
    def _add_entries(self, changes):
        """Write in the journal what was counted by hand, ``{goal: change}``."""
        self.env["sales.campaign.goal.entry"].sudo().create(
            [
                {
                    "goal_id": goal.id,
                    "user_id": self.env.uid,
                    "change": change,
                    "count": goal.manual_count,
                }
                for goal, change in changes.items()
                if change
            ]
        )

    def action_view_entries(self):
        """Open who counted what, and when."""
        check_records(self)
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Counter: %s", self.name),
            "res_model": "sales.campaign.goal.entry",
            "views": [(False, "list")],
            "domain": [("goal_id", "child_of", self.ids)],
            "context": {"create": False},
        }
