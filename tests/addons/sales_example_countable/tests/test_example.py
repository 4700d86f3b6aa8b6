from odoo.tests import TransactionCase


class TestExample(TransactionCase):
    def test_visits_are_counted(self):
        campaign = self.env["sales.campaign"].create({"title": "Open days"})
        goal = self.env["sales.campaign.goal"].create(
            {
                "name": "Ten visits",
                "campaign_id": campaign.id,
                "res_model": "showroom.visit",
                "target": 10,
            }
        )
        lead = self.env["crm.lead"].create({"name": "Lathe", "type": "opportunity"})
        lead._link_campaigns(campaign)
        visits = self.env["showroom.visit"].create(
            [
                {"name": "Alone", "sales_campaign_ids": campaign.ids},
                {"name": "For a lathe", "opportunity_id": lead.id},
                {"name": "By chance"},
            ]
        )
        self.assertEqual(
            visits.mapped(lambda visit: visit.sales_campaign_ids == campaign),
            [True, True, False],
        )
        self.env.flush_all()
        goal.invalidate_recordset()
        self.assertEqual(goal.current, 2)
