from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..common import OWN_DOCUMENTS
from .common import QuotationCase


@tagged("post_install", "-at_install")
class TestFollowRoles(QuotationCase):
    """Who changes a quotation may have no rights on its deal."""

    def test_no_rights(self):
        deal = self._new_free_deal(user_id=self.all_documents.id)
        order = self._new_quotation(deal, user=self.all_documents)
        order.sudo().user_id = self.salesman
        order = order.with_user(self.salesman)
        self._commit()
        self.env.invalidate_all()
        order.order_line.price_unit = 900
        self.assertRevenue(deal, 900)
        order.action_confirm()
        self.assertRevenue(deal, 900)
        self.env.invalidate_all()
        self.assertFalse(order.won_offer)

    def test_accountant(self):
        accountant = new_test_user(
            self.env,
            "quotation_accountant",
            groups="account.group_account_manager,sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        deal = self._new_free_deal(user_id=self.all_documents.id)
        order = self._new_quotation(deal, user=self.all_documents)
        order.sudo().user_id = accountant
        self._commit()
        self.env.invalidate_all()
        order.with_user(accountant).action_confirm()
        self.assertRevenue(deal, 1000)
        self.env.invalidate_all()
        self.assertFalse(order.with_user(accountant).won_offer)

    def test_accountant_without_sales(self):
        """Who sees orders and no deal at all reads them as before."""
        accountant = new_test_user(
            self.env,
            "quotation_bookkeeper",
            groups="account.group_account_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        order = self._new_quotation(self._new_free_deal(name="Q. Secret"))
        order.action_confirm()
        self._commit()
        self.env.invalidate_all()
        [values] = order.with_user(accountant).read(
            ["can_be_main_quotation", "is_main_quotation", "won_offer"]
        )
        self.assertTrue(values["is_main_quotation"])
        self.assertFalse(values["won_offer"])

    def test_hidden_quotation(self):
        """Who may not read the main quotation sees nothing of it, nor of the next."""
        deal = self._new_deal(self.equipment, user_id=self.salesman.id)
        main = self._new_quotation(deal, 3000)
        self._new_quotation(deal, 2000)
        main.sudo().user_id = self.all_documents
        self.env.invalidate_all()
        self.assertFalse(deal.main_quotation_id or deal.can_use_quotation_amount)
        self.assertFalse(deal.main_quotation_amount or deal.quotation_difference)
        self.assertEqual(deal.quoted_amount, 0)
        with self.assertRaises(UserError):
            deal.action_use_quotation_amount()
        with self.assertRaises(UserError):
            deal.action_open_main_quotation()

    def test_reader(self):
        """Who may only read the deal is offered nothing to click."""
        deal = self._new_deal(self.equipment)
        self._new_quotation(deal)
        reader = new_test_user(
            self.env,
            "quotation_reader",
            groups=OWN_DOCUMENTS,
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaises(AccessError), mute_logger("odoo.models"):
            deal.with_user(reader).action_use_quotation_amount()
