from odoo import fields
from odoo.tests import tagged

from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestHoldTour(TourCase):
    """What is on hold, in the browser."""

    def test_filter(self):
        asleep = self._create_deal()
        self._create_deal(name="Milling machine for a tour")
        asleep._put_on_hold(
            fields.Date.add(fields.Date.today(), days=30),
            self.env["crm.hold.reason"].search([], limit=1),
        )
        self.start_tour(
            "/odoo", "sales_pipeline_plus_hold_filter", login="tour_salesperson"
        )
