from odoo import fields
from odoo.fields import Command

from ..common_rule import RuleCase


class QuotationCase(RuleCase):
    """A pipeline where main quotations lead (Equipment), and one where not."""

    policy = "follow"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What the system does is in the chatter.
        cls.env = cls.env(context={**cls.env.context, "mail_notrack": False})
        cls.equipment.quotation_policy = cls.policy
        cls.customer = cls.env["res.partner"].create({"name": "Q. Morel"})
        cls.lathe, cls.oil = cls.env["product.product"].create(
            [
                {"name": "Q. Lathe", "list_price": 1000, "taxes_id": False},
                {"name": "Q. Oil", "list_price": 10, "taxes_id": False},
            ]
        )
        cls.quotations = cls.env["sale.order"].with_company(cls.company)

    @classmethod
    def _prepare_quotation(cls, deal, price=1000, **vals):
        return {
            "partner_id": cls.customer.id,
            "opportunity_id": deal.id,
            "company_id": cls.company.id,
            "user_id": cls.salesman.id,
            "validity_date": False,
            "order_line": [
                Command.create(
                    {"product_id": cls.lathe.id, "price_unit": price, "tax_ids": False}
                )
            ]
            if price
            else [],
            **vals,
        }

    @classmethod
    def _new_quotation(cls, deal, price=1000, user=None, **vals):
        """Create a quotation as its salesperson, by default the deal's."""
        return cls.quotations.with_user(user or cls.salesman).create(
            cls._prepare_quotation(deal, price, **vals)
        )

    def _new_free_deal(self, **vals):
        """Return a deal whose amount nobody has given yet."""
        return self._new_deal(self.equipment, **{"expected_revenue": 0, **vals})

    def assertRevenue(self, deal, amount, source=None):
        self._commit()
        deal.invalidate_recordset()
        self.assertEqual(deal.sudo().expected_revenue, amount)
        if source is not None:
            self.assertEqual(deal.sudo().revenue_source or "", source)

    def _get_notes(self, deal):
        self._commit()
        return [str(message.body) for message in deal.sudo().message_ids]

    @staticmethod
    def _day(text):
        return fields.Date.to_date(text)
