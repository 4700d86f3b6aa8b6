from odoo.tests import tagged

from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestImportTour(TourCase):
    def test_create_what_is_missing(self):
        """A salesperson imports deals of a customer whom Odoo does not know yet."""
        self.start_tour(
            "/odoo/crm", "sales_pipeline_plus_import_missing", login="tour_salesperson"
        )
        deals = self.env["crm.lead"].search([("name", "like", "% from a file")])
        self.assertEqual(len(deals), 2)
        self.assertEqual(deals.partner_id.name, "Tour client")
        self.assertEqual(len(deals.partner_id), 1)
        self.assertEqual(set(deals.tag_ids.mapped("name")), {"Tour a", "Tour b"})
