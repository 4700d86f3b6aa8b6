from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import QuotationCase


@tagged("post_install", "-at_install")
class TestFollow(QuotationCase):
    """The expected revenue follows the main quotation, on every way to write it."""

    def test_off(self):
        """Nothing happens by itself in a pipeline that does not ask for it."""
        deal = self._new_deal(self.spares, expected_revenue=0, user_id=self.salesman.id)
        order = self._new_quotation(deal)
        self.assertRevenue(deal, 0)
        order.action_confirm()
        self.assertRevenue(deal, 1000)
        order.order_line.price_unit = 500
        self.assertRevenue(deal, 1000)
        self.assertFalse(deal.main_quotation_id)
        self.assertFalse(order.is_main_quotation or order.won_offer)

    def test_default_is_off(self):
        pipeline = self._new_pipeline("Q. New", {self.qualified: 10, self.won: 100})
        self.assertEqual(pipeline.quotation_policy, "off")

    def test_lines(self):
        deal = self._new_free_deal()
        order = self._new_quotation(deal)
        self.assertRevenue(deal, 1000, "quotation")
        order.order_line.price_unit = 800
        self.assertRevenue(deal, 800, "quotation")
        order.order_line = [
            Command.create({"product_id": self.oil.id, "tax_ids": False})
        ]
        self.assertRevenue(deal, 810)
        order.order_line[0].unlink()
        self.assertRevenue(deal, 10)

    def test_nothing_to_say(self):
        """A quotation without any amount says none yet."""
        deal = self._new_free_deal()
        order = self._new_quotation(deal, price=0)
        self.assertRevenue(deal, 0, "")
        order.write(self._prepare_quotation(deal, 70))
        self.assertRevenue(deal, 70)

    def test_alternatives(self):
        deal = self._new_free_deal()
        first, second = self._new_quotation(deal), self._new_quotation(deal, 3000)
        self.assertRevenue(deal, 1000)
        self.assertEqual(deal.quoted_amount, 1000)
        second.order_line.price_unit = 2000
        self.assertRevenue(deal, 1000)
        second.with_user(self.salesman).action_make_main_quotation()
        self.assertRevenue(deal, 2000)
        self.assertEqual(deal.quoted_amount, 2000)
        self.assertTrue(second.is_main_quotation)
        self.assertFalse(first.is_main_quotation)
        self.assertTrue(first.can_be_main_quotation)
        notes = self._get_notes(deal)
        self.assertTrue(any(f"{second.name} leads instead" in note for note in notes))

    def test_choice_by_import(self):
        deal = self._new_free_deal()
        self._new_quotation(deal)
        second = self._new_quotation(deal, 3000)
        result = self.quotations.with_user(self.salesman).load(
            [".id", "is_main_quotation"], [[str(second.id), "1"]]
        )
        self.assertFalse(result["messages"])
        self.assertRevenue(deal, 3000)
        second.is_main_quotation = False
        self.assertRevenue(deal, 1000)

    def test_choice_is_checked(self):
        deal, other = self._new_free_deal(), self._new_free_deal()
        order = self._new_quotation(other)
        with self.assertRefused(ValidationError, order.name, "own quotations"):
            deal.chosen_quotation_id = order
        order._action_cancel()
        with self.assertRefused(UserError, "cannot lead"):
            order.action_make_main_quotation()
        stray = self._new_quotation(self.env["crm.lead"])
        with self.assertRefused(UserError, "cannot lead"):
            stray.action_make_main_quotation()

    def test_choice_needs_the_deal(self):
        """Who may write the quotation only cannot choose for the deal."""
        deal = self._new_free_deal(user_id=self.all_documents.id)
        self._new_quotation(deal, user=self.all_documents)
        second = self._new_quotation(deal, 30, user=self.all_documents)
        second.sudo().user_id = self.salesman
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            second.with_user(self.salesman).action_make_main_quotation()

    def test_confirmed_one_leads(self):
        deal = self._new_free_deal()
        self._new_quotation(deal, 3000)
        second = self._new_quotation(deal)
        second.action_confirm()
        self.assertRevenue(deal, 1000)
        self.assertEqual(deal.ordered_amount, 1000)
        self.assertEqual(deal.quoted_amount, 0)

    def test_cancelled(self):
        deal = self._new_free_deal()
        first, second = self._new_quotation(deal), self._new_quotation(deal, 3000)
        self._commit()
        first._action_cancel()
        self.assertRevenue(deal, 3000)
        second._action_cancel()
        self.assertRevenue(deal, 3000, "quotation")
        self.assertIn("no other one does", " ".join(self._get_notes(deal)))
        first.action_draft()
        self.assertRevenue(deal, 1000)

    def test_deleted(self):
        deal = self._new_free_deal()
        first = self._new_quotation(deal)
        self._new_quotation(deal, 3000)
        self._commit()
        name = first.name
        first.sudo().unlink()
        self.assertRevenue(deal, 3000)
        self.assertTrue(
            any(f"instead of {name}" in note for note in self._get_notes(deal))
        )

    def test_same_amount(self):
        """That another one leads is said although the amount is the same."""
        deal = self._new_free_deal()
        first = self._new_quotation(deal)
        second = self._new_quotation(deal)
        self._commit()
        first._action_cancel()
        self.assertRevenue(deal, 1000)
        self.assertEqual(deal.followed_quotation, second.name)
        notes = [n for n in self._get_notes(deal) if f"{second.name} leads" in n]
        self.assertEqual(len(notes), 1)

    def test_moved_to_another_deal(self):
        deal, other = self._new_free_deal(), self._new_free_deal()
        first = self._new_quotation(deal)
        self._new_quotation(deal, 3000)
        self.assertRevenue(other, 0)
        first.opportunity_id = other
        self.assertRevenue(deal, 3000)
        self.assertRevenue(other, 1000)

    def test_copied(self):
        """A revision is an alternative until somebody lets it lead; a copied deal has
        no quotation, and what it has is its own."""
        deal = self._new_free_deal()
        order = self._new_quotation(deal)
        revision = order.copy()
        revision.order_line.price_unit = 900
        self.assertRevenue(deal, 1000)
        revision.action_make_main_quotation()
        self.assertRevenue(deal, 900)
        copy = deal.copy()
        self.assertRevenue(copy, 900, "")
        self.assertFalse(copy.main_quotation_id or copy.chosen_quotation_id)
        self._new_quotation(copy, 5)
        self.assertRevenue(copy, 900)

    def test_merged(self):
        deals = self._new_free_deal(name="One") | self._new_free_deal(name="Two")
        for deal, price in zip(deals, (1000, 3000), strict=True):
            self._new_quotation(deal, price)
        self._commit()
        deals[1].stage_id = self.negotiation
        merged = deals.with_user(self.manager).merge_opportunity()
        self.assertEqual(merged, deals[1])
        # The first of all quotations leads now.
        self.assertRevenue(merged, 1000, "quotation")
        self.assertIn("leads instead", " ".join(self._get_notes(merged)))

    def test_merged_own(self):
        """What somebody gave stays his when the survivor gets it."""
        own = self._new_deal(self.equipment, expected_revenue=555)
        free = self._new_free_deal(stage_id=self.negotiation.id)
        merged = (own | free).with_user(self.manager).merge_opportunity()
        self._new_quotation(merged)
        self.assertRevenue(merged, 555)
        self.assertTrue(merged.can_use_quotation_amount)
