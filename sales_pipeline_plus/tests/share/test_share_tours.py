from odoo.tests import new_test_user, tagged

from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestShareTours(TourCase):
    """Sharing a deal on its form, in the browser."""

    def test_shares(self):
        colleague = new_test_user(
            self.env, "tour_colleague", groups="sales_team.group_sale_salesman"
        )
        self.env.company.uses_deal_shares = True
        deal = self._create_deal(collaborator_ids=colleague.ids)
        self.start_tour(
            f"/odoo/crm.lead/{deal.id}",
            "sales_pipeline_plus_shares",
            login="tour_salesperson",
        )
        self.assertEqual(
            {share.user_id: share.percentage for share in deal.share_ids},
            {self.salesperson: 54.5, colleague: 45.5},
        )
