from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestProducts(PipelineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env["product.category"].create({"name": "Machine tools"})
        cls.lathe, cls.oil = cls.env["product.product"].create(
            [
                {
                    "name": "Lathe",
                    "list_price": 1000,
                    "categ_id": cls.category.id,
                    "type": "consu",
                    "taxes_id": False,
                },
                {"name": "Oil", "list_price": 10, "type": "consu", "taxes_id": False},
            ]
        )
        cls.customer = cls.env["res.partner"].create({"name": "Valves Inc."})
        cls.deal = cls._new_deal(cls.equipment, partner_id=cls.customer.id)

    @classmethod
    def _add_products(cls, deal, *products, **vals):
        return cls.env["crm.lead.product"].create(
            [
                {"lead_id": deal.id, "product_id": product.id, **vals}
                for product in products
            ]
        )

    def test_price_from_product(self):
        line = self._add_products(self.deal, self.lathe, product_uom_qty=3)
        self.assertEqual(line.price_unit, 1000)
        self.assertEqual(line.price_subtotal, 3000)
        self.assertEqual(line.categ_id, self.category)
        self.assertEqual(line.product_uom_id, self.lathe.uom_id)
        line.discount = 12.5
        self.assertEqual(line.price_subtotal, 2625)

    def test_price_from_pricelist_of_contact(self):
        self.env.ref("base.group_user").implied_ids += self.env.ref(
            "product.group_product_pricelist"
        )
        pricelist = self.env["product.pricelist"].create(
            {
                "name": "From ten on",
                "item_ids": [
                    Command.create(
                        {
                            "compute_price": "fixed",
                            "fixed_price": 800,
                            "min_quantity": 10,
                            "applied_on": "0_product_variant",
                            "product_id": self.lathe.id,
                        }
                    )
                ],
            }
        )
        self.customer.with_company(self.company).property_product_pricelist = pricelist
        line = self._add_products(self.deal, self.lathe)
        self.assertEqual(line.price_unit, 1000)
        line.product_uom_qty = 10
        self.assertEqual(line.price_unit, 800)
        line.price_unit = 750
        line.product_uom_qty = 1
        self.assertEqual(line.price_unit, 750, "A price that was given stays")
        self.deal.with_user(self.salesman).action_update_product_prices()
        self.assertEqual(line.price_unit, 1000)

    def test_given_price_stays(self):
        line, gift = self.env["crm.lead.product"].create(
            [
                {
                    "lead_id": self.deal.id,
                    "product_id": self.lathe.id,
                    "price_unit": price,
                }
                for price in (5, 0)
            ]
        )
        (line | gift).product_uom_qty = 2
        self.assertEqual(line.price_unit, 5)
        self.assertEqual(gift.price_unit, 0)

    def test_price_in_another_currency(self):
        currency = self.env["res.currency"].create(
            {
                "name": "TTP",
                "symbol": "T",
                "rate_ids": [
                    Command.create(
                        {
                            "name": "2020-01-01",
                            "rate": 2,
                            "company_id": self.other_company.id,
                        }
                    ),
                ],
            }
        )
        self.env["res.currency.rate"].create(
            {
                "name": "2020-01-01",
                "currency_id": self.company.currency_id.id,
                "rate": 1,
                "company_id": self.other_company.id,
            }
        )
        self.other_company.currency_id = currency
        deal = self.env["crm.lead"].create(
            {
                "name": "Abroad",
                "type": "opportunity",
                "user_id": self.foreigner.id,
                "team_id": self.foreign_team.id,
                "company_id": self.other_company.id,
            }
        )
        line = self._add_products(
            deal.with_user(self.foreigner), self.lathe, product_uom_qty=1
        )
        self.assertEqual(line.currency_id, currency)
        self.assertEqual(line.price_unit, 2000)

    @mute_logger("odoo.sql_db")
    def test_bad_quantity_and_discount(self):
        for wrong in ({"product_uom_qty": -1}, {"discount": 101}):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self._add_products(self.deal, self.lathe, **wrong)
                self.env.flush_all()

    # ------------------------------------------------------------
    # Expected revenue
    # ------------------------------------------------------------

    def test_expected_revenue_is_left_alone(self):
        self._add_products(self.deal, self.lathe)
        self.assertEqual(self.deal.expected_revenue, 1234.56)
        self.deal.expected_revenue = 99
        self.assertEqual(self.deal.expected_revenue, 99)

    def test_expected_revenue_follows(self):
        deal = self.deal
        deal.revenue_from_products = True
        self.assertEqual(deal.expected_revenue, 1234.56, "Nothing to follow yet")
        line = self._add_products(deal, self.lathe)
        self.assertEqual(deal.expected_revenue, 1000)
        line.write({"product_uom_qty": 2, "discount": 10})
        self.assertEqual(deal.expected_revenue, 1800)
        deal.write(
            {
                "product_line_ids": [
                    Command.create({"product_id": self.oil.id}),
                    Command.update(line.id, {"discount": 0}),
                ]
            }
        )
        self.assertEqual(deal.expected_revenue, 2010)
        deal.write({"expected_revenue": 5, "name": "Other name"})
        self.assertEqual(deal.expected_revenue, 2010)
        self.assertEqual(deal.name, "Other name")
        deal.write({"expected_revenue": 5})
        self.assertEqual(deal.expected_revenue, 2010)
        line.unlink()
        self.assertEqual(deal.expected_revenue, 10)
        self.env.flush_all()
        self.assertEqual(deal.prorated_revenue, 1)
        deal.revenue_from_products = False
        self.assertEqual(deal.expected_revenue, 10)
        deal.expected_revenue = 5
        self.assertEqual(deal.expected_revenue, 5)
        deal.write({"revenue_from_products": True, "expected_revenue": 7})
        self.assertEqual(deal.expected_revenue, 10)

    def test_several_deals_at_once(self):
        other = self._new_deal(self.equipment)
        self._add_products(self.deal, self.lathe)
        self.deal.revenue_from_products = True
        (self.deal | other).write({"expected_revenue": 42})
        self.assertEqual(self.deal.expected_revenue, 1000)
        self.assertEqual(other.expected_revenue, 42)

    def test_line_that_goes_to_another_deal(self):
        other = self._new_deal(self.equipment)
        line = self._add_products(self.deal, self.lathe)
        self._add_products(other, self.oil)
        (self.deal | other).revenue_from_products = True
        line.lead_id = other
        self.assertEqual(self.deal.expected_revenue, 0)
        self.assertEqual(other.expected_revenue, 1010)

    def test_create_with_products(self):
        deal = self._new_deal(
            self.equipment,
            revenue_from_products=True,
            product_line_ids=[
                Command.create({"product_id": self.lathe.id, "product_uom_qty": 2})
            ],
        )
        self.assertEqual(deal.expected_revenue, 2000)
        copied = deal.copy()
        self.assertEqual(copied.product_line_ids.product_id, self.lathe)
        self.assertEqual(copied.expected_revenue, 2000)

    def test_form(self):
        form = Form(self.deal.with_user(self.salesman))
        with form.product_line_ids.new() as line:
            line.product_id = self.lathe
            line.product_uom_qty = 2
            self.assertEqual(line.price_subtotal, 2000)
        self.assertEqual(form.expected_revenue, 1234.56)
        form.revenue_from_products = True
        self.assertEqual(form.expected_revenue, 2000)
        with form.product_line_ids.edit(0) as line:
            line.price_unit = 900
        self.assertEqual(form.expected_revenue, 1800)
        form.save()
        self.assertEqual(self.deal.expected_revenue, 1800)
        self.assertEqual(self.deal.product_line_ids.price_unit, 900)

    def test_import(self):
        result = (
            self.env["crm.lead"]
            .with_user(self.salesman)
            .load(
                [
                    "name",
                    "type",
                    "revenue_from_products",
                    "expected_revenue",
                    "product_line_ids/product_id/.id",
                    "product_line_ids/product_uom_qty",
                    "product_line_ids/price_unit",
                ],
                [
                    ["Imported", "opportunity", "1", "1", str(self.lathe.id), "2", ""],
                    ["", "", "", "", str(self.oil.id), "5", "8"],
                ],
            )
        )
        self.assertFalse(result["messages"])
        deal = self.env["crm.lead"].browse(result["ids"])
        self.assertEqual(deal.product_line_ids.mapped("product_uom_qty"), [2, 5])
        self.assertEqual(
            deal.expected_revenue, sum(deal.product_line_ids.mapped("price_subtotal"))
        )
        self.assertEqual(deal.product_line_ids[1].price_subtotal, 40)

    def test_merge(self):
        other = self._new_deal(self.equipment, self.negotiation, name="Other")
        self._add_products(self.deal, self.lathe)
        self.deal.revenue_from_products = True
        merged = (self.deal | other).with_user(self.manager).merge_opportunity()
        self.assertEqual(merged, other)
        self.assertEqual(merged.product_line_ids.product_id, self.lathe)
        self.assertTrue(merged.revenue_from_products)
        self.assertEqual(merged.expected_revenue, 1000)

    def test_merge_both_with_products(self):
        other = self._new_deal(self.equipment, self.negotiation, name="Other")
        self._add_products(self.deal, self.lathe, product_uom_qty=2)
        self._add_products(other, self.oil)
        merged = (self.deal | other).with_user(self.manager).merge_opportunity()
        self.assertEqual(merged.product_line_ids.product_id, self.oil)
        self.assertIn("2 × Lathe", "".join(merged.message_ids.mapped("body")))

    # ------------------------------------------------------------
    # Quotation
    # ------------------------------------------------------------

    def _new_quotation(self, deal):
        action = deal.action_sale_quotations_new()
        form = Form(
            self.env["sale.order"]
            .with_user(self.salesman)
            .with_context(**action["context"])
        )
        return form.save()

    def test_quotation_of_a_user_without_discounts(self):
        """Who has no column for the discount gets it in the price."""
        self._add_products(self.deal, self.lathe, product_uom_qty=2, discount=10)
        order = self._new_quotation(self.deal.with_user(self.salesman))
        self.assertEqual(order.amount_untaxed, 1800)

    def test_quotation_is_filled_once(self):
        self.salesman.group_ids += self.env.ref("sale.group_discount_per_so_line")
        deal = self.deal.with_user(self.salesman)
        self._add_products(deal, self.lathe, product_uom_qty=2, discount=10)
        self._add_products(deal, self.oil, price_unit=9, name="Special oil")
        order = self._new_quotation(deal)
        self.assertEqual(order.opportunity_id, deal)
        self.assertRecordValues(
            order.order_line,
            [
                {
                    "product_id": self.lathe.id,
                    "product_uom_qty": 2,
                    "price_unit": 1000,
                    "discount": 10,
                    "name": "Lathe",
                },
                {
                    "product_id": self.oil.id,
                    "product_uom_qty": 1,
                    "price_unit": 9,
                    "discount": 0,
                    "name": "Special oil",
                },
            ],
        )
        self.assertEqual(order.amount_untaxed, 1809)
        second = self._new_quotation(deal)
        self.assertFalse(second.order_line)
        self.assertTrue(second.has_opportunity_products)
        second.action_add_opportunity_products()
        self.assertEqual(second.amount_untaxed, 1809)
        (order | second)._action_cancel()
        self.assertTrue(self._new_quotation(deal).order_line)

    def test_quotation_without_products(self):
        order = self._new_quotation(self.deal.with_user(self.salesman))
        self.assertFalse(order.order_line)
        self.assertFalse(order.has_opportunity_products)

    def test_confirmed_order_leaves_revenue_to_products(self):
        deal = self.deal.with_user(self.salesman)
        self._add_products(deal, self.lathe)
        deal.revenue_from_products = True
        order = self._new_quotation(deal)
        order.order_line.product_uom_qty = 5
        order.action_confirm()
        self.assertEqual(deal.expected_revenue, 1000)

    # ------------------------------------------------------------
    # Roles, analysis
    # ------------------------------------------------------------

    def test_rules(self):
        line = self._add_products(self.deal, self.lathe)
        self.env.flush_all()
        Line = self.env["crm.lead.product"]
        Report = self.env["crm.lead.product.report"]
        domain = [("lead_id", "=", self.deal.id)]
        for user, sees in (
            (self.salesman, True),
            (self.colleague, False),
            (self.all_documents, True),
            (self.manager, True),
            (self.foreigner, False),
        ):
            self.assertEqual(bool(Line.with_user(user).search(domain)), sees, user.name)
            self.assertEqual(
                bool(Report.with_user(user).search(domain)), sees, user.name
            )
        with self.assertRaises(AccessError):
            line.with_user(self.colleague).product_uom_qty = 5
        with self.assertRaises(AccessError):
            Line.with_user(self.colleague).create(
                {"lead_id": self.deal.id, "product_id": self.lathe.id}
            )

    def test_collaborator(self):
        line = self._add_products(self.deal, self.lathe)
        self.deal.revenue_from_products = True
        self.deal.collaborator_ids = self.colleague
        self.env.flush_all()
        line.with_user(self.colleague).product_uom_qty = 5
        self.assertEqual(self.deal.expected_revenue, 5000)
        self.assertTrue(
            self.env["crm.lead.product.report"]
            .with_user(self.colleague)
            .search([("lead_id", "=", self.deal.id)])
        )

    def test_product_of_another_company(self):
        self.lathe.company_id = self.other_company
        with self.assertRaises(UserError):
            self._add_products(self.deal, self.lathe)

    def test_analysis(self):
        won = self._new_deal(self.equipment, name="To win", date_deadline="2030-05-01")
        lost = self._new_deal(self.spares, self.negotiation, name="To lose")
        for deal in (self.deal, won, lost):
            self._add_products(deal, self.lathe)
        won.action_set_won()
        lost.action_set_lost()
        self.env.flush_all()
        rows = (
            self.env["crm.lead.product.report"]
            .with_user(self.manager)
            ._read_group(
                [("lead_id", "in", (self.deal | won | lost).ids)],
                ["won_status", "pipeline_id", "categ_id"],
                ["price_subtotal:sum", "weighted_amount:sum"],
                order="won_status",
            )
        )
        self.assertEqual(
            rows,
            [
                ("lost", self.spares, self.category, 1000, 0),
                ("pending", self.equipment, self.category, 1000, 100),
                ("won", self.equipment, self.category, 1000, 1000),
            ],
        )

    def test_no_query_without_products(self):
        deals = self.env["crm.lead"].create(
            [self._prepare_deal(self.equipment, name=str(i)) for i in range(3)]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        deals.fetch(["revenue_from_products", "expected_revenue"])
        with self.assertQueryCount(0):
            deals._get_following_products()
