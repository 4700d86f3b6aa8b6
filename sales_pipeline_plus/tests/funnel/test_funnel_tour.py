from odoo.tests import tagged

from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestFunnelTour(TourCase):
    """The Funnel page in the browser, as a salesperson with own documents only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        leads = cls.env["crm.lead"].with_context(active_test=False)
        leads.search([("user_id", "=", False)]).user_id = cls.env.ref("base.user_admin")

    def test_funnel(self):
        lost, won, still = (
            self._create_deal(name=name)
            for name in ("Lathe for a tour", "Won", "Still there")
        )
        self.env.flush_all()
        won.stage_id = self.offer
        lost.action_set_lost()
        won.action_set_won()
        self.assertTrue(still)
        self.start_tour(
            "/odoo/funnel", "sales_pipeline_plus_funnel", login="tour_salesperson"
        )

    def test_empty(self):
        self.start_tour(
            "/odoo/funnel",
            "sales_pipeline_plus_funnel_empty",
            login="tour_salesperson",
        )
