from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from ..common_tour import TourCase


@tagged("post_install", "-at_install")
class TestCareTours(TourCase):
    """The list of neglected customers, in the browser."""

    def test_neglected_customers(self):
        categories = self.env["res.partner.category"]
        categories.search([]).contact_days = 0
        category = categories.create({"name": "Tour gold", "contact_days": 30})
        forgotten, cared_for = self.env["res.partner"].create(
            [
                {
                    "name": name,
                    "is_company": True,
                    "user_id": self.salesperson.id,
                    "category_id": category.ids,
                }
                for name in ("Tour forgotten", "Tour cared for")
            ]
        )
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE res_partner SET create_date = %s WHERE id = %s",
                fields.Datetime.now() - timedelta(days=100),
                forgotten.id,
            )
        )
        self.env["mail.message"].search(
            [("model", "=", "res.partner"), ("res_id", "=", forgotten.id)]
        ).unlink()
        self.start_tour(
            "/odoo",
            "sales_pipeline_plus_neglected_customers",
            login="tour_salesperson",
        )
        activity = forgotten.activity_ids
        self.assertEqual(activity.summary, "How is the lathe?")
        self.assertEqual(activity.user_id, self.salesperson)
        self.assertFalse(cared_for.activity_ids)
