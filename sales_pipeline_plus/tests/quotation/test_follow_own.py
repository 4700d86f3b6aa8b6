from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import QuotationCase


@tagged("post_install", "-at_install")
class TestFollowOwn(QuotationCase):
    """What follows, what is somebody's own, and what is closed."""

    def test_own_amount(self):
        """What a person gave is never overwritten unasked, then it is offered."""
        deal = self._new_free_deal()
        order = self._new_quotation(deal)
        self.assertRevenue(deal, 1000)
        deal.expected_revenue = 1500
        self.assertRevenue(deal, 1500, "own")
        order.order_line.price_unit = 1200
        order.action_confirm()
        self.assertRevenue(deal, 1500, "own")
        self.assertTrue(deal.can_use_quotation_amount)
        deal.action_use_quotation_amount()
        self.assertRevenue(deal, 1200, "quotation")
        self.assertFalse(deal.can_use_quotation_amount)
        order.order_line.price_unit = 1100
        self.assertRevenue(deal, 1100)

    def test_own_amount_from_the_start(self):
        deal = self._new_deal(self.equipment)
        self._new_quotation(deal)
        self.assertRevenue(deal, 1234.56, "")

    def test_own_nothing(self):
        """Zero is somebody's own, too, once he has given it."""
        deal = self._new_free_deal()
        order = self._new_quotation(deal)
        self._commit()
        deal.expected_revenue = 0
        order.order_line.price_unit = 1200
        self.assertRevenue(deal, 0, "own")

    def test_same_value_is_no_change(self):
        deal = self._new_free_deal()
        order = self._new_quotation(deal)
        self._commit()
        deal.expected_revenue = 1000
        order.order_line.price_unit = 1200
        self.assertRevenue(deal, 1200, "quotation")

    def test_sources_are_kept(self):
        deal = self._new_free_deal()
        for name, value in (
            ("revenue_source", "quotation"),
            ("deadline_source", "own"),
            ("followed_quotation", "S1"),
        ):
            with self.assertRaises(AccessError):
                deal.write({name: value})

    def test_products(self):
        """An expected revenue that follows the products is theirs."""
        deal = self._new_free_deal(
            revenue_from_products=True,
            product_line_ids=[
                Command.create({"product_id": self.lathe.id, "price_unit": 700})
            ],
        )
        order = self._new_quotation(deal)
        order.action_confirm()
        self.assertRevenue(deal, 700)
        self.assertFalse(deal.can_use_quotation_amount)
        self.assertIn("Q. Lathe", deal.quotation_difference)

    def test_closed(self):
        """A won, lost or archived deal does not follow; reopened it does again."""
        for closing in ("action_set_won", "action_set_lost", "action_archive"):
            with self.subTest(closing):
                deal = self._new_free_deal()
                order = self._new_quotation(deal)
                self._commit()
                getattr(deal, closing)()
                order.order_line.price_unit = 800
                self.assertRevenue(deal, 1000)
                if closing == "action_set_won":
                    self.assertTrue(deal.can_use_quotation_amount)
                    deal.stage_id = self.offer
                else:
                    self.assertFalse(deal.can_use_quotation_amount)
                    deal.action_unarchive()
                self.assertRevenue(deal, 800)

    def test_on_hold(self):
        """What sleeps follows, so that it is right when it wakes up."""
        deal = self._new_free_deal()
        order = self._new_quotation(deal)
        self._commit()
        reason = self.env["crm.hold.reason"].create({"name": "Q. Budget"})
        deal._put_on_hold(self._day("2199-01-01"), reason)
        order.order_line.price_unit = 800
        self.assertRevenue(deal, 800, "quotation")
        self.assertEqual(deal.deal_status, "hold")

    def test_asked_after_the_win(self):
        deal = self._new_free_deal()
        order = self._new_quotation(deal)
        self._commit()
        deal.action_set_won()
        order.order_line.price_unit = 800
        self._commit()
        deal.action_use_quotation_amount()
        self.assertRevenue(deal, 800)

    def test_entered_pipeline(self):
        deal = self._new_deal(self.spares, expected_revenue=0, team_id=False)
        deal.sudo().user_id = self.salesman
        self._new_quotation(deal, user=self.manager)
        self.assertRevenue(deal, 0)
        deal.with_user(self.manager)._move_to_pipeline(self.equipment, self.offer)
        self.assertRevenue(deal, 1000)

    def test_switched_on(self):
        """Nothing moves when the setting is chosen; the next change is followed."""
        self.equipment.quotation_policy = "off"
        deal = self._new_free_deal()
        order = self._new_quotation(deal)
        self._commit()
        self.equipment.quotation_policy = "follow"
        self.assertRevenue(deal, 0)
        self.assertTrue(deal.can_use_quotation_amount)
        order.order_line.price_unit = 800
        self.assertRevenue(deal, 800)

    def test_system_follows(self):
        """The chatter says that it was the system, in the salesperson's language."""
        self.salesman.lang = "en_US"
        deal = self._new_free_deal()
        order = self._new_quotation(deal)
        self._commit()
        line = order.order_line
        order.write(
            {
                "date_order": order.date_order,
                "order_line": [Command.update(line.id, {"price_unit": 800})],
            }
        )
        self._commit()
        message = deal.sudo().message_ids[0]
        self.assertEqual(message.author_id, self.env.ref("base.partner_root"))
        self.assertIn(order.name, message.body)
        tracked = message.sudo().tracking_value_ids
        self.assertEqual(tracked.field_id.name, "expected_revenue")

    def test_refused(self):
        """What the deal refuses does not keep the order from being written."""
        deal, other = self._new_free_deal(), self._new_free_deal(name="Bad")
        orders = self._new_quotation(deal) | self._new_quotation(other)
        self._commit()

        def refuse(leads, *args, **kwargs):
            if other in leads:
                raise ValidationError(other.name)

        self.patch(
            type(self.env["crm.lead.concern.quotation"]),
            "_check",
            lambda concern, change: refuse(change.leads),
        )
        orders.order_line.price_unit = 700
        with mute_logger(
            "odoo.addons.sales_pipeline_plus.models.quotation.crm_lead_quotation_follow"
        ):
            self._commit()
        self.assertRevenue(deal, 700)
        self.assertRevenue(other, 1000)
        self.assertIn("could not be taken over", " ".join(self._get_notes(other)))
