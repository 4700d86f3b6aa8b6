from datetime import date, timedelta
from random import Random

from odoo.tests import Form, tagged

from ..common import PipelineCase

FIRST = date(2026, 1, 31)
DAY = timedelta(days=1)


@tagged("post_install", "-at_install")
class TestDecisionSlip(PipelineCase):
    def _new(self, deadline=FIRST, **vals):
        return self._new_deal(
            self.equipment, self.qualified, date_deadline=deadline, **vals
        )

    def assertSlip(self, deal, first, postponed, advanced, days):
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(
            (
                deal.first_decision_date,
                deal.postponement_count,
                deal.advance_count,
                deal.slip_days,
            ),
            (first, postponed, advanced, days),
        )

    def test_writes(self):
        deal = self._new()
        self.assertSlip(deal, FIRST, 0, 0, 0)
        deal.date_deadline = FIRST + 10 * DAY
        self.assertSlip(deal, FIRST, 1, 0, 10)
        deal.write({"date_deadline": str(FIRST + 10 * DAY), "name": "Same"})
        self.assertSlip(deal, FIRST, 1, 0, 10)
        self.assertFalse(deal.slip_summary)
        deal.date_deadline = FIRST + 40 * DAY
        self.assertEqual(deal.slip_summary, "Postponed 2 times, 40 days")
        deal.date_deadline = FIRST - 5 * DAY
        self.assertSlip(deal, FIRST, 2, 1, -5)
        self.assertEqual(deal.slip_summary, "Postponed 2 times, now 5 days earlier")

    def test_emptied(self):
        """Taking the date off for a while does not hide a postponement."""
        deal = self._new()
        deal.date_deadline = False
        self.assertSlip(deal, FIRST, 0, 0, 0)
        deal.date_deadline = FIRST + DAY
        self.assertSlip(deal, FIRST, 1, 0, 1)

    def test_first_date_comes_later(self):
        deal = self._new(False)
        self.assertSlip(deal, False, 0, 0, 0)
        deal.date_deadline = FIRST
        deal.date_deadline = FIRST + 2 * DAY
        self.assertSlip(deal, FIRST, 1, 0, 2)

    def test_form(self):
        deal = self._new()
        with Form(deal) as form:
            form.date_deadline = FIRST + 3 * DAY
            form.date_deadline = FIRST + 4 * DAY
        self.assertSlip(deal, FIRST, 1, 0, 4)
        lead = self.env["crm.lead"].with_user(self.salesman)
        with Form(lead.with_context(default_type="opportunity")) as form:
            form.name = "From the form"
            form.date_deadline = FIRST
            form.date_deadline = FIRST + DAY
        self.assertSlip(form.record, FIRST + DAY, 0, 0, 0)

    def test_import(self):
        deal = self._new()
        xmlid = deal.sudo().export_data(["id"])["datas"][0][0]
        result = (
            self.env["crm.lead"]
            .with_user(self.manager)
            .load(
                ["id", "name", "date_deadline"],
                [[xmlid, "Deal", "2026-02-05"], ["x.new", "New", "2026-03-01"]],
            )
        )
        self.assertFalse(result["messages"])
        self.assertSlip(deal, FIRST, 1, 0, 5)
        new = self.env["crm.lead"].browse(result["ids"][1])
        self.assertSlip(new, date(2026, 3, 1), 0, 0, 0)

    def test_copy(self):
        deal = self._new()
        deal.date_deadline = FIRST + 10 * DAY
        self.assertSlip(deal.copy(), FIRST + 10 * DAY, 0, 0, 0)

    def test_merge(self):
        main = self._new(probability=90)
        other = self._new(FIRST - 20 * DAY)
        (main | other).date_deadline = FIRST + DAY
        other.date_deadline = FIRST + 2 * DAY
        merged = (main | other).with_user(self.manager).merge_opportunity()
        self.assertEqual(merged, main)
        self.assertSlip(merged, FIRST - 20 * DAY, 2, 0, 21)
        merged.date_deadline = FIRST + 3 * DAY
        self.assertSlip(merged, FIRST - 20 * DAY, 3, 0, 23)

    def test_convert(self):
        lead = self._new(type="lead")
        lead.convert_opportunity(self.env["res.partner"])
        lead.date_deadline = FIRST + 2 * DAY
        self.assertSlip(lead, FIRST, 1, 0, 2)

    def test_random_writes_against_a_recount(self):
        random = Random(7)
        histories = {deal: [FIRST] for deal in (self._new() for _turn in range(8))}
        deals = self.env["crm.lead"].browse(deal.id for deal in histories)
        for _turn in range(40):
            chosen = deals.browse(random.sample(deals.ids, random.randint(1, 5)))
            day = random.choice([False, FIRST + random.randint(-30, 90) * DAY])
            chosen.write({"date_deadline": day})
            for deal, history in histories.items():
                if deal.id in chosen.ids:
                    history.append(day)
            if not random.randint(0, 3):
                self.env.flush_all()
                self.env.invalidate_all()
        for deal, history in histories.items():
            given = [day for day in history if day]
            pairs = list(zip(given, given[1:], strict=False))
            self.assertSlip(
                deal,
                FIRST,
                sum(new > old for old, new in pairs),
                sum(new < old for old, new in pairs),
                (history[-1] - FIRST).days if history[-1] else 0,
            )

    def _count(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_queries(self):
        def new_deals(number):
            vals = self._prepare_deal(self.equipment, date_deadline=FIRST)
            return self.env["crm.lead"].create([dict(vals) for _turn in range(number)])

        def postpone(deals):
            deals.write({"date_deadline": FIRST + DAY})

        postpone(new_deals(2))
        few, many = new_deals(3), new_deals(60)
        few = self._count(lambda: postpone(few))
        many = self._count(lambda: postpone(many))
        self.assertLessEqual(many, few)

    def test_search_and_analysis(self):
        deal, other = self._new(), self._new()
        deal.date_deadline = FIRST + DAY
        deal.date_deadline = FIRST + 5 * DAY
        domain = [("id", "in", (deal | other).ids)]
        leads = self.env["crm.lead"].with_user(self.salesman)
        self.assertEqual(leads.search([*domain, ("postponement_count", ">=", 2)]), deal)
        self.assertEqual(
            leads._read_group(
                domain,
                ["postponement_count"],
                ["__count", "slip_days:avg"],
            ),
            [(0, 1, 0), (2, 1, 5)],
        )

    def test_history_at_installation(self):
        deal, untracked, empty = self._new(), self._new(), self._new(False)
        tracked = deal.with_context(mail_notrack=False)
        self.flush_tracking()
        for days in (10, 30, 20):
            tracked.date_deadline = FIRST + days * DAY
            self.env.flush_all()
            self.flush_tracking()
        untracked.date_deadline = FIRST + 3 * DAY
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE crm_lead
                  SET first_decision_date = NULL, last_decision_date = NULL,
                      postponement_count = 0, advance_count = 0, slip_days = 0
                WHERE id IN %s""",
            [tuple((deal | untracked | empty).ids)],
        )
        self.env.invalidate_all()
        self.env["crm.lead"]._fill_slips_from_history()
        self.assertSlip(deal, FIRST, 2, 1, 20)
        self.assertSlip(untracked, False, 0, 0, 0)
        self.assertSlip(empty, False, 0, 0, 0)

    def flush_tracking(self):
        self.env.cr.precommit.run()
        self.env.flush_all()
