from freezegun import freeze_time

from odoo.tests import tagged

from ..share.common import ShareMixin
from .common import NOW, PERIOD, FunnelCase


@tagged("post_install", "-at_install")
class TestFunnelShare(ShareMixin, FunnelCase):
    """A shared deal counts for each who has a share of it, its amount by the shares, as
    in the figures."""

    def _live(self):
        self._turn_on()
        with self._at("2026-03-02 09:00:00"):
            shared, own, deleted = (
                self._new_deal(self.equipment, self.qualified, expected_revenue=amount)
                for amount in (100.01, 50, 25)
            )
            self._share(shared, {self.colleague: 33.33})
        with self._at("2026-03-10 09:00:00"):
            (shared + own).action_set_won()
            deleted.sudo().unlink()

    def test_shares(self):
        self._live()
        for user, whose, count, amount in (
            (self.manager, None, 3, 175.01),
            (self.manager, self.salesman, 3, 141.68),
            (self.manager, self.colleague, 1, 33.33),
            (self.manager, self.salesman + self.colleague, 3, 175.01),
            (self.colleague, self.colleague, 1, 33.33),
        ):
            filters = {"user_ids": whose.ids} if whose else {}
            first = self._get_funnel(user, **filters)[self.equipment.id][0]
            self.assertEqual(first["entered"], {"count": count, "amount": amount})
            with freeze_time(NOW):
                kpi = self._get_kpi(user)
                cohorts = kpi.get_cohorts({"period": PERIOD, **filters})
                figures = kpi.get_figures(
                    {"period": PERIOD, **filters}, ["won_count", "won_amount"]
                )
            [row] = [row for row in cohorts["rows"] if row["month"] == "2026-03-01"]
            self.assertEqual((row["count"], row["amount"]), (count, amount))
            won = row["cells"][0]
            for code in ("count", "amount"):
                [found] = figures["values"][f"won_{code}"]
                self.assertEqual(won[code], found["value"])
