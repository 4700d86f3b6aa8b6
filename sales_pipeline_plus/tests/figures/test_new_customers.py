import random
from datetime import datetime, timedelta

from odoo.tests import tagged

from .test_kpi import KpiCase

PERIODS = (
    {"start": "2026-11-01", "end": "2026-11-30"},
    {"start": "2026-11-20", "end": "2026-11-20"},
    {"start": "2026-01-01", "end": "2026-12-31"},
)


@tagged("post_install", "-at_install")
class TestNewCustomers(KpiCase):
    """The first won deal of each customer, of all that the user may read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        choose = random.Random(18).choice
        moments = [
            datetime(2026, 11, 1, 12) + timedelta(days=day) for day in (-30, 0, 5, 19)
        ]
        cls.contacts[0].active = False
        won = cls.deals.filtered("partner_id")[:40]
        won.action_set_won()
        cls.env.flush_all()
        # Some at the very same moment, some without any, some given back.
        for deal in won:
            cls.env.cr.execute(
                "UPDATE crm_lead SET date_closed = %s, active = %s WHERE id = %s",
                [choose([*moments, None]), choose([True, True, False]), deal.id],
            )
        cls.env.invalidate_all()

    def _get_first(self, user):
        leads = self.env["crm.lead"].with_user(user).with_context(active_test=False)
        leads = leads.with_context(allowed_company_ids=user.company_ids.ids)
        first = {}
        won = leads.search([("won_status", "=", "won"), ("type", "=", "opportunity")])
        for deal in won.sudo().sorted(lambda deal: (str(deal.date_closed), deal.id)):
            if deal.partner_id and deal.date_closed:
                first.setdefault(deal.partner_id.commercial_partner_id, deal)
        return list(first.values())

    def test_as_by_hand(self):
        counted = 0
        for user in (self.boss, self.salesman, self.all_documents, self.foreigner):
            first = self._get_first(user)
            kpi = self.env["crm.kpi"].with_user(user)
            kpi = kpi.with_context(
                tz="Europe/Paris", allowed_company_ids=user.company_ids.ids
            )
            for days in PERIODS:
                for team in (None, self.equipment_team, self.spares_team):
                    filters = {"period": days, "team_ids": team.ids if team else []}
                    found = [
                        deal
                        for deal in first
                        if days["start"] <= str(deal.date_closed.date()) <= days["end"]
                        and (not team or deal.team_id == team)
                    ]
                    counted += len(found)
                    answer = kpi.get_figures(filters, ["new_customer_count"])
                    behind = kpi.open_records("new_customer_count", filters)
                    listed = kpi.env["crm.lead"].with_context(**behind["context"])
                    with self.subTest(user=user.login, team=team, **days):
                        self.assertEqual(
                            answer["values"]["new_customer_count"][0]["value"] or 0,
                            len(found),
                        )
                        self.assertEqual(
                            set(listed.search(behind["domain"]).ids),
                            {deal.id for deal in found},
                        )
        self.assertTrue(counted)
