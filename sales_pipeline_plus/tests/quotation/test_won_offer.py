from odoo import SUPERUSER_ID, fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import QuotationCase


@tagged("post_install", "-at_install")
class TestWonOffer(QuotationCase):
    """A confirmed order offers to win its deal; nothing is won by itself."""

    policy = "offer"

    def _get_offers(self, deal):
        self._commit()
        return deal.sudo()._get_won_offers()

    def test_salesperson(self):
        deal = self._new_deal(self.equipment, name="Lathe line")
        order = self._new_quotation(deal)
        self.assertFalse(order.won_offer)
        order.action_confirm()
        self.assertIn("Lathe line", order.won_offer)
        self.assertIn("10 %", order.won_offer)
        self.assertEqual(deal.won_status, "pending")
        self.assertFalse(self._get_offers(deal))
        deal.action_set_won()
        self.assertFalse(order.won_offer)

    def test_off(self):
        self.equipment.quotation_policy = "off"
        deal = self._new_deal(self.equipment)
        order = self._new_quotation(deal)
        order.with_user(SUPERUSER_ID).action_confirm()
        self.assertFalse(order.won_offer or self._get_offers(deal))

    def test_portal(self):
        """What the customer confirms is told to the salesperson, once."""
        portal = new_test_user(self.env, "quotation_portal", groups="base.group_portal")
        deal = self._new_deal(self.equipment)
        orders = self._new_quotation(deal) | self._new_quotation(deal)
        self._commit()
        orders[0].with_user(portal).sudo().action_confirm()
        activity = self._get_offers(deal)
        self.assertEqual(len(activity), 1)
        self.assertEqual(activity.user_id, self.salesman)
        self.assertIn(orders[0].name, activity.summary)
        self.assertTrue(activity.automated)
        orders[1].with_user(portal).sudo().action_confirm()
        self.assertEqual(self._get_offers(deal), activity)
        # It has its reason as long as the deal is open.
        deal.action_set_won()
        self.assertFalse(self._get_offers(deal))

    def test_cancelled_again(self):
        """An order that is cancelled is no reason any more."""
        deal = self._new_deal(self.equipment)
        order = self._new_quotation(deal)
        self._commit()
        order.with_user(SUPERUSER_ID).action_confirm()
        self.assertTrue(self._get_offers(deal))
        order._action_cancel()
        self.assertFalse(self._get_offers(deal))

    def test_public_and_system(self):
        for user in (self.env.ref("base.public_user"), self.env.ref("base.user_root")):
            with self.subTest(user.login):
                deal = self._new_deal(self.equipment)
                order = self._new_quotation(deal)
                self._commit()
                order.with_user(user).sudo().action_confirm()
                self.assertEqual(len(self._get_offers(deal)), 1)

    def test_no_rights_on_the_deal(self):
        """Who cannot win it sees nothing of it; its salesperson is told."""
        deal = self._new_deal(self.equipment, user_id=self.all_documents.id)
        order = self._new_quotation(deal, user=self.all_documents)
        order.sudo().user_id = self.salesman
        self._commit()
        self.env.invalidate_all()
        order.with_user(self.salesman).action_confirm()
        self.assertFalse(order.with_user(self.salesman).won_offer)
        self.assertEqual(self._get_offers(deal).user_id, self.all_documents)

    def test_on_hold(self):
        """Who confirms what sleeps is offered to win it, too."""
        deal = self._new_deal(self.equipment)
        order = self._new_quotation(deal)
        self._commit()
        reason = self.env["crm.hold.reason"].create({"name": "Q. Budget"})
        deal._put_on_hold(fields.Date.add(fields.Date.today(), days=30), reason)
        order.with_user(SUPERUSER_ID).action_confirm()
        self.assertEqual(self._get_offers(deal).user_id, self.salesman)
        self.assertTrue(order.with_user(self.salesman).won_offer)
        deal.action_set_won()
        self.assertFalse(self._get_offers(deal) or order.won_offer)

    def test_nobody_in_charge(self):
        deal = self._new_deal(self.equipment, user=self.manager, user_id=False)
        self.equipment_team.user_id = self.manager
        order = self._new_quotation(deal, user=self.manager)
        self._commit()
        order.with_user(SUPERUSER_ID).action_confirm()
        self.assertEqual(self._get_offers(deal).user_id, self.manager)

    def test_nobody_without_rights_is_told(self):
        deal = self._new_deal(self.equipment)
        self.equipment_team.user_id = self.manager
        order = self._new_quotation(deal)
        self._commit()
        self.salesman.group_ids = self.env.ref("base.group_user")
        order.with_user(SUPERUSER_ID).action_confirm()
        self.assertEqual(self._get_offers(deal).user_id, self.manager)

    def test_lost_or_archived(self):
        """What is closed is not offered, and stays as it is."""
        ways = {
            "lost": lambda deal: deal.action_set_lost(),
            "archived": lambda deal: deal.action_archive(),
        }
        for name, way in ways.items():
            for user in (self.salesman, self.env.ref("base.user_root")):
                with self.subTest(name, user=user.login):
                    deal = self._new_deal(self.equipment)
                    order = self._new_quotation(deal, 4321)
                    self._commit()
                    way(deal)
                    before = deal.read(["active", "stage_id", "won_status"])
                    amount, probability = deal.expected_revenue, deal.probability
                    order.with_user(user).action_confirm()
                    self._commit()
                    self.env.invalidate_all()
                    self.assertEqual(order.state, "sale")
                    self.assertFalse(self._get_offers(deal))
                    self.assertFalse(order.with_user(self.salesman).won_offer)
                    after = deal.read(["active", "stage_id", "won_status"])
                    self.assertEqual(after, before)
                    self.assertEqual(
                        (deal.expected_revenue, deal.probability),
                        (amount, probability),
                    )

    def test_won_by_something_else(self):
        """What wins in the same transaction leaves nothing to offer."""
        deal = self._new_deal(self.equipment)
        order = self._new_quotation(deal)
        self._commit()
        order.with_user(SUPERUSER_ID).action_confirm()
        deal.action_set_won()
        self.assertFalse(self._get_offers(deal) or order.won_offer)


@tagged("post_install", "-at_install")
class TestOffer(QuotationCase):
    """Nothing moves by itself; a click takes over."""

    policy = "offer"

    def test_offer(self):
        deal = self._new_deal(self.equipment, expected_revenue=0)
        order = self._new_quotation(deal, validity_date="2199-05-01")
        order.action_confirm()
        self.assertRevenue(deal, 0)
        self.assertEqual(deal.main_quotation_id, order)
        self.assertEqual(deal.main_quotation_amount, 1000)
        self.assertTrue(deal.can_use_quotation_amount)
        self.assertTrue(deal.can_use_quotation_date)
        deal.action_use_quotation_amount()
        self.assertRevenue(deal, 1000)
        self.assertFalse(deal.can_use_quotation_amount)
        self.assertFalse(deal.date_deadline)
        deal.action_use_quotation_date()
        self.assertEqual(deal.date_deadline, self._day("2199-05-01"))
        with self.assertRefused(UserError, "says nothing else"):
            deal.action_use_quotation_date()
        self.assertEqual(deal.action_open_main_quotation()["res_id"], order.id)

    def test_lower_amounts_too(self):
        deal = self._new_deal(self.equipment, expected_revenue=5000)
        self._new_quotation(deal)
        self.assertTrue(deal.can_use_quotation_amount)
        deal.action_use_quotation_amount()
        self.assertRevenue(deal, 1000)

    def test_differences(self):
        deal = self._new_deal(
            self.equipment,
            product_line_ids=[
                (0, 0, {"product_id": self.lathe.id, "price_unit": 1000}),
                (0, 0, {"product_id": self.oil.id, "product_uom_qty": 3}),
            ],
        )
        order = self._new_quotation(deal)
        self.assertEqual(
            deal.quotation_difference, "Q. Oil: 3 Units here, none in the quotation"
        )
        order.order_line.product_uom_qty = 2.5
        self.assertIn(
            "Q. Lathe: 1 Units here, 2.50 Units in the quotation",
            deal.quotation_difference,
        )
        order.order_line.write({"product_uom_qty": 1, "price_unit": 900})
        self.assertIn("Q. Lathe: ", deal.quotation_difference)
        self.assertIn("900", deal.quotation_difference)
        deal.product_line_ids = [(2, deal.product_line_ids[1].id)]
        order.order_line.price_unit = 1000
        self.assertFalse(deal.quotation_difference)

    def test_no_products_nothing_to_compare(self):
        deal = self._new_deal(self.equipment)
        self._new_quotation(deal)
        self.assertFalse(deal.quotation_difference)
