from freezegun import freeze_time

from odoo.tests import tagged

from .common import QuotationCase


@tagged("post_install", "-at_install")
class TestFollowDate(QuotationCase):
    """The decision date follows in the same way."""

    @freeze_time("2026-03-02 10:00:00")
    def test_date(self):
        deal = self._new_free_deal()
        order = self._new_quotation(deal, validity_date="2026-03-31")
        self._commit()
        self.assertEqual(deal.date_deadline, self._day("2026-03-31"))
        self.assertEqual(deal.deadline_source, "quotation")
        order.validity_date = "2026-03-20"
        self._commit()
        self.assertEqual(deal.date_deadline, self._day("2026-03-20"))
        order.commitment_date = "2026-05-04 12:00:00"
        self._commit()
        self.assertEqual(deal.date_deadline, self._day("2026-05-04"))
        deal.date_deadline = "2026-06-01"
        order.commitment_date = False
        self._commit()
        self.assertEqual(deal.date_deadline, self._day("2026-06-01"))
        self.assertTrue(deal.can_use_quotation_date)
        deal.action_use_quotation_date()
        self.assertEqual(deal.date_deadline, self._day("2026-03-20"))

    @freeze_time("2026-03-02 10:00:00")
    def test_passed(self):
        """A date that has passed is no expected closing."""
        deal = self._new_free_deal()
        self._new_quotation(deal, validity_date="2026-03-01")
        self._commit()
        self.assertFalse(deal.date_deadline or deal.can_use_quotation_date)

    def test_far_time_zones(self):
        """The promised day is the company's, wherever it is read."""
        for zone, day in (
            ("Pacific/Kiritimati", "2026-05-05"),
            ("Pacific/Pago_Pago", "2026-05-04"),
        ):
            with self.subTest(zone), freeze_time("2026-03-02 10:00:00"):
                self.company.partner_id.tz = zone
                deal = self._new_free_deal()
                self._new_quotation(deal, commitment_date="2026-05-04 12:00:00")
                self._commit()
                self.assertEqual(deal.date_deadline, self._day(day))


@tagged("post_install", "-at_install")
class TestFollowCurrency(QuotationCase):
    """In the currency of the deal's company."""

    @freeze_time("2026-03-02 10:00:00")
    def test_converted_at_the_order_date(self):
        currency = self.env["res.currency"].create({"name": "QQQ", "symbol": "Q"})
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": currency.id,
                    "company_id": self.company.id,
                    "name": day,
                    "rate": rate,
                }
                for day, rate in (("2026-01-01", 2), ("2026-02-01", 4))
            ]
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "Q.", "currency_id": currency.id, "company_id": self.company.id}
        )
        deal = self._new_free_deal()
        order = self._new_quotation(
            deal, pricelist_id=pricelist.id, date_order="2026-01-15 12:00:00"
        )
        self.assertEqual(order.currency_id, currency)
        self.assertRevenue(deal, 500)
        order.date_order = "2026-02-15 12:00:00"
        self.assertRevenue(deal, 250)

    def test_deal_of_no_company(self):
        deal = self._new_free_deal(company_id=False, team_id=False, user_id=False)
        self.assertFalse(deal.company_id)
        self._new_quotation(deal, user=self.manager)
        self.assertRevenue(deal, 1000)


@tagged("post_install", "-at_install")
class TestFollowBatch(QuotationCase):
    """Many at once. Odoo makes a message of its own for each opportunity."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "mail_notrack": True})
        cls.quotations = cls.quotations.with_env(cls.env).with_company(cls.company)

    def _confirm(self, number):
        deals = self.env["crm.lead"].create(
            [
                self._prepare_deal(self.equipment, expected_revenue=0, name=f"D{n}")
                for n in range(number)
            ]
        )
        orders = self.quotations.create(
            [self._prepare_quotation(deal, 100 + n) for n, deal in enumerate(deals)]
        )
        self._commit()
        orders.order_line.price_unit = 50
        for n, order in enumerate(orders):
            order.order_line.price_unit = 500 + n
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.cr.precommit.clear()
        orders = orders.with_user(self.all_documents)
        orders.write(orders._prepare_confirmation_values())
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        self._commit()
        count = self.env.cr.sql_log_count - before
        self.assertEqual(
            deals.mapped("expected_revenue"), [500.0 + n for n in range(number)]
        )
        return count

    def test_confirmed_at_once(self):
        """More orders, not more queries."""
        self._confirm(3)
        few, many = self._confirm(5), self._confirm(200)
        self.assertLessEqual(many, few + 5)

    def test_off_costs_nothing(self):
        self.equipment.quotation_policy = "off"
        deal = self._new_free_deal()
        order = self._new_quotation(deal)
        self._commit()
        with self.assertQueryCount(0):
            order._look_from_quotations()
        self.assertNotIn("crm.lead.quotation", self.env.cr.precommit.data)
