from odoo import Command

from .common import SalesCampaignCase

WON = "[('type', '=', 'opportunity'), ('won_status', '=', 'won')]"
LOST = "[('type', '=', 'opportunity'), ('won_status', '=', 'lost')]"


class GoalCase(SalesCampaignCase):
    """A campaign of the salesman and what goals need."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls._new_campaign()

    @classmethod
    def _new_goal(cls, campaign=None, **vals):
        campaign = campaign or cls.campaign
        return cls.env["sales.campaign.goal"].create(
            {
                "name": "Goal",
                "campaign_id": campaign.id,
                "res_model": "crm.lead",
                "target": 10,
                **vals,
            }
        )

    @classmethod
    def _new_partner(cls, *campaigns, **vals):
        return cls.env["res.partner"].create(
            {
                "name": "Workshop",
                "is_company": True,
                "sales_campaign_ids": [Command.link(c.id) for c in campaigns],
                **vals,
            }
        )

    def _current(self, goals):
        """What the goals count now, read again."""
        self.env.flush_all()
        goals.invalidate_recordset()
        values = goals.mapped(lambda goal: goal.current)
        return values[0] if len(values) == 1 else values

    def _set_rates(self):
        """One euro is 2 dollars, and 4 from March 2026 on."""
        self.env["res.currency.rate"].search([]).unlink()
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": currency.id,
                    "name": day,
                    "rate": rate,
                    "company_id": False,
                }
                for currency, day, rate in (
                    (self.euro, "2020-01-01", 1),
                    (self.dollar, "2020-01-01", 2),
                    (self.dollar, "2026-03-01", 4),
                )
            ]
        )

    def _update_by_sql(self, records, **values):
        """Give records values that Odoo computes or protects."""
        self.env.flush_all()
        for fname, value in values.items():
            self.env.cr.execute(
                f'UPDATE "{records._table}" SET "{fname}" = %s WHERE id = ANY(%s)',
                (value, records.ids),
            )
        records.invalidate_recordset()

    def _assert_list_is_number(self, goal, user=None):
        """The opened list holds what is counted, for who may see it all."""
        goal = goal.with_user(user or self.env.user)
        action = goal.action_view_records()
        records = (
            self.env[action["res_model"]]
            .with_user(goal.env.user)
            .with_context(**action["context"])
            .search(action["domain"])
        )
        amounts = goal.measure == "sum" and goal._get_sum_field_name()
        if not amounts:
            self.assertEqual(len(records), goal.current, goal.name)
        return records
