from freezegun import freeze_time

from odoo.tests import tagged, users

from ..common import PipelineCase

VALUES = ["date", "amount", "weighted_amount", "probability", "date_deadline"]


class KeptFactsCase(PipelineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.snapshots = cls.env["crm.forecast.snapshot"]
        cls.passages = cls.env["crm.lead.passage"]
        cls.env["crm.lead"].search([("type", "=", "opportunity")]).active = False
        cls.snapshots.search([]).sudo().unlink()
        (cls.company + cls.other_company).partner_id.tz = "Europe/Paris"
        cls.customer = cls.env["res.partner"].create(
            {"name": "Kept Customer", "company_id": cls.company.id}
        )

    def _take(self, *moments):
        for moment in moments:
            with freeze_time(moment):
                self.snapshots._take_snapshots()

    def _new_dated(self, name, **vals):
        return self._new_deal(
            self.equipment,
            self.offer,
            name=name,
            partner_id=self.customer.id,
            date_deadline="2026-07-15",
            **vals,
        )

    def _merge(self, deals, user=None):
        merged = deals.with_user(user or self.manager).merge_opportunity()
        self.env.flush_all()
        self.env.invalidate_all()
        return merged

    def _delete(self, records, user=None):
        records.with_user(user or self.manager).unlink()
        self.env.flush_all()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestKeptFacts(KeptFactsCase):
    """Facts outlive the deal, the salesperson and the team that they speak of."""

    def test_snapshot_of_a_deleted_deal(self):
        deal = self._new_dated("Gone Deal")
        number = deal.id
        self._take("2026-06-02 10:00", "2026-06-09 10:00")
        snapshots = self.snapshots.search([("lead_id", "=", number)])
        before = snapshots.read([*VALUES, "stage_id", "pipeline_id", "user_id"])
        self._delete(deal)
        self.assertEqual(
            snapshots.read([*VALUES, "stage_id", "pipeline_id", "user_id"]), before
        )
        self.assertEqual(len(snapshots.exists()), 2)
        self.assertRecordValues(
            snapshots[0],
            [
                {
                    "lead_id": False,
                    "former_lead_id": number,
                    "display_name": "Gone Deal",
                    "deal_name": "Gone Deal",
                    "customer_name": "Kept Customer",
                    "won_status": "pending",
                    "pipeline_id": self.equipment.id,
                }
            ],
        )
        self.assertFalse(self.snapshots.search([("lead_id", "=", number)]))
        self._take("2026-06-09 11:00")
        self.assertEqual(len(snapshots.exists()), 2)

    def test_who_sees_what_is_kept(self):
        deal = self._new_dated("Gone Deal")
        self._take("2026-06-02 10:00")
        self.env.flush_all()
        self.passages.flush_model()
        facts = (
            self.snapshots.search([("lead_id", "=", deal.id)]),
            self.passages.search([("lead_id", "=", deal.id)]),
        )
        readers = {
            user: [fact.with_user(user)._filtered_access("read") for fact in facts]
            for user in (self.salesman, self.colleague, self.manager, self.foreigner)
        }
        self._delete(deal)
        for user, before in readers.items():
            for fact, visible in zip(facts, before, strict=True):
                with self.subTest(user=user.login, model=fact._name):
                    found = fact.with_user(user).search([("id", "in", fact.ids)])
                    self.assertEqual(found, visible)
        self.assertTrue(readers[self.salesman][0])
        self.assertFalse(readers[self.colleague][0])
        self.assertFalse(readers[self.foreigner][0])

    @users("pipeline_salesman")
    def test_form_and_list_read_without_deal(self):
        """What the client reads does not break without a deal."""
        deal = self._new_dated("Gone Deal")
        self._take("2026-06-02 10:00")
        self._delete(deal.sudo())
        for model, views in (
            ("crm.lead.passage", ("list", "form", "kanban")),
            ("crm.forecast.snapshot", ("list",)),
        ):
            for view in views:
                records = self.env[model].search([("lead_name", "=", "Gone Deal")])
                names = self.env[model].get_view(view_type=view)["models"][model]
                self.assertTrue(records)
                (values,) = records[:1].web_read(dict.fromkeys(names, {}))
                self.assertEqual(values["deal_name"], "Gone Deal")

    def test_salesperson_and_team_deleted(self):
        leaver = self._new_user("leaver", "sales_team.group_sale_salesman")
        team = self.env["crm.team"].create(
            {
                "name": "Short Lived",
                "company_id": self.company.id,
                "member_ids": leaver.ids,
            }
        )
        deal = self._new_deal(
            self.equipment, self.offer, user=leaver, user_id=leaver.id, team_id=team.id
        )
        self._take("2026-06-02 10:00")
        passage = self.passages.search([("lead_id", "=", deal.id)])
        snapshot = self.snapshots.search([("lead_id", "=", deal.id)])
        self.assertEqual(passage.team_id, team)
        deal.sudo().user_id = self.salesman
        name = leaver.name
        self._delete(team, self.env.user)
        self._delete(leaver, self.env.user)
        for fact in passage, snapshot:
            self.assertRecordValues(
                fact,
                [
                    {
                        "user_id": False,
                        "user_name": name,
                        "team_id": False,
                        "team_name": "Short Lived",
                        "lead_id": deal.id,
                    }
                ],
            )
        self.assertEqual(passage.entered_by_name, name)

    def test_merge_of_open_deals(self):
        """The survivor has the history of both; no week has less or more."""
        first = self._new_dated("First", expected_revenue=1000, probability=60)
        self._take("2026-06-02 10:00")
        second = self._new_dated("Second", expected_revenue=200)
        second.stage_id = self.negotiation
        self._take("2026-06-09 10:00")
        before = self._get_weeks()
        number, deals = second.id, first | second
        merged = self._merge(deals)
        lost = deals - merged
        number = lost.id
        self.assertEqual(self._get_weeks(), before)
        snapshots = self.snapshots.search([("lead_id", "=", merged.id)])
        self.assertEqual(len(snapshots), 3)
        taken = snapshots.filtered("former_lead_id")
        self.assertEqual(set(taken.mapped("former_lead_id")), {number})
        self._take("2026-06-09 12:00")
        self.assertEqual(self._get_weeks(), before)
        self._take("2026-06-16 10:00")
        self.assertEqual(len(self.snapshots.search([("date", "=", "2026-06-15")])), 1)

    def _get_weeks(self):
        return self.snapshots._read_group(
            [], ["date:week", "user_id", "pipeline_id"], ["amount:sum", "__count"]
        )

    def test_passages_of_merged_deals(self):
        first = self._new_dated("First", probability=70)
        second = self._new_dated("Second")
        second.stage_id = self.qualified
        self.env.flush_all()
        self.passages.flush_model()
        stays = self.passages.search([("lead_id", "in", (first | second).ids)])
        self.assertEqual(len(stays), 3)
        ended = stays.filtered("date_out")
        merged = self._merge(first | second)
        self.assertEqual(len(stays.exists()), 3)
        self.assertEqual(ended.lead_id, merged)
        self.assertEqual(ended.outcome, "back")
        gone = stays.filtered(lambda stay: stay.outcome == "gone")
        self.assertEqual(len(gone), 1)
        self.assertFalse(gone.lead_id)
        self.assertFalse(gone.date_out)
        still = self.passages.search(
            [("lead_id", "=", merged.id), ("date_out", "=", False)]
        )
        self.assertEqual(len(still), 1)
        merged.sudo().stage_id = self.negotiation
        self.passages.flush_model()
        self.assertTrue(still.date_out)
        self.assertFalse(gone.date_out)

    def test_merge_with_a_lost_deal(self):
        """What was lost in March stays lost in March."""
        lost = self._new_dated("Lost One")
        self._take("2026-06-02 10:00")
        lost.action_set_lost()
        self.env.flush_all()
        still_open = self._new_dated("Open One")
        self._take("2026-06-09 10:00")
        before = self._get_calibration()
        number = lost.id
        merged = self._merge(lost | still_open)
        self.assertEqual(merged, still_open)
        kept = self.snapshots.search([("former_lead_id", "=", number)])
        self.assertRecordValues(kept, [{"lead_id": False, "won_status": "lost"}])
        self.assertEqual(self._get_calibration(), before)

    def _get_calibration(self):
        report = self.env["crm.forecast.calibration"].with_user(self.manager)
        report.invalidate_model()
        return report.get_calibration([])

    def test_calibration_of_deleted_and_merged(self):
        won = self._new_dated("Won One")
        lost = self._new_dated("Lost One")
        self._take("2026-06-02 10:00", "2026-06-09 10:00")
        won.action_set_won()
        lost.action_set_lost()
        self.env.flush_all()
        before = self._get_calibration()
        self.assertEqual(before["count"], 2)
        self._delete(won | lost)
        self.assertEqual(self._get_calibration(), before)
        first, second = self._new_dated("First"), self._new_dated("Second")
        self._take("2026-06-16 10:00")
        merged = self._merge(first | second)
        merged.sudo().action_set_won()
        self.env.flush_all()
        # One deal, and one observation of it in each bin
        self.assertEqual(self._get_calibration()["count"], 3)

    def test_reliability_of_a_merged_deal(self):
        """What was forecast is the sum of both; what was won counts once."""
        with freeze_time("2026-06-01 08:00"):
            first = self._new_dated("First", expected_revenue=1000)
            second = self._new_dated("Second", expected_revenue=200)
            self._take("2026-06-29 10:00")
            merged = self._merge(first | second)
        with freeze_time("2026-07-10 08:00"):
            merged.sudo().expected_revenue = 1000
            merged.sudo().action_set_won()
            self.env.flush_all()
        with freeze_time("2026-08-15 08:00"):
            self.env.invalidate_all()
            ((forecast, actual),) = (
                self.env["crm.forecast.reliability"]
                .with_user(self.manager)
                ._read_group(
                    [("horizon", "=", "00"), ("period", "=", "2026-07-01")],
                    [],
                    ["forecast:sum", "actual:sum"],
                )
            )
        self.assertEqual((forecast, actual), (1200, 1000))

    def test_suggestion_rests_on_deleted_deals_too(self):
        line = self._line(self.equipment, self.offer).with_user(self.manager)
        won, lost = self._new_dated("Won One"), self._new_dated("Lost One")
        won.action_set_won()
        lost.action_set_lost()
        self.env.flush_all()
        self.passages.flush_model()
        self.env.invalidate_all()
        count = line.closed_deal_count
        self.assertGreaterEqual(count, 2)
        self._delete(won | lost)
        self.assertEqual(line.closed_deal_count, count)

    def test_moved_and_deleted_at_once(self):
        deal = self._new_dated("Moved")
        self.env.flush_all()
        self.passages.flush_model()
        deal.stage_id = self.negotiation
        self._delete(deal)
        stays = self.passages.search([("lead_name", "=", "Moved")], order="id")
        self.assertEqual(stays.mapped("outcome"), ["forward", "gone"])


@tagged("post_install", "-at_install")
class TestKeptFigures(KeptFactsCase):
    """Figures from facts are the same after a deletion, and equal their lists."""

    FILTERS = {"period": {"start": "2026-06-01", "end": "2026-06-30"}}

    def _end_stays(self, moment):
        """Stays end at the time of the transaction, which is not frozen."""
        self.env.flush_all()
        self.passages.flush_model()
        self.env.cr.execute(
            "UPDATE crm_lead_passage SET date_out = %s WHERE date_out IS NOT NULL",
            [moment],
        )
        self.env.invalidate_all()

    def _get_all(self, user):
        """Return {(breakdown, is filtered, key, code): value}, without nothing."""
        codes, result = ["open_count", "pipeline_amount", "stage_conversion"], {}
        for breakdown in (None, "salesperson", "team", "pipeline", "stage", "month"):
            for more in ({}, {"user_ids": [self.salesman.id]}):
                figures = self._get_kpi(user).get_figures(
                    {**self.FILTERS, **more}, codes, breakdown
                )
                for number, key in enumerate(figures["keys"]):
                    for code in codes:
                        value = figures["values"][code][number]["value"]
                        result[breakdown, bool(more), key["id"], code] = value
        return {key: value for key, value in result.items() if value}

    def _get_kpi(self, user):
        return self.env["crm.kpi"].with_user(user).with_context(tz="UTC")

    def test_after_deletion(self):
        with freeze_time("2026-06-01 08:00"):
            deals = self._new_dated("One") | self._new_dated("Two", expected_revenue=7)
            other = self._new_deal(self.spares, self.qualified, name="Three")
            self.env.flush_all()
            self.passages.flush_model()
        with freeze_time("2026-06-11 08:00"):
            (deals | other).sudo().write({"stage_id": self.negotiation.id})
            self._end_stays("2026-06-11 08:00")
        self._take("2026-06-23 10:00")
        with freeze_time("2026-07-05 09:00"):
            before = self._get_all(self.manager)
            self.assertEqual(before[None, False, False, "open_count"], 3)
            self.assertEqual(before[None, False, False, "stage_conversion"], 100)
            self.assertEqual(before[None, True, False, "open_count"], 2)
            own = self._get_all(self.salesman)
            self._delete(deals[:1] | other)
            self.assertEqual(self._get_all(self.manager), before)
            self.assertEqual(self._get_all(self.salesman), own)
            for code in ("open_count", "stage_conversion"):
                for breakdown, key in (
                    (None, False),
                    ("salesperson", self.colleague.id),
                    ("salesperson", self.salesman.id),
                    ("team", self.equipment_team.id),
                    ("stage", self.negotiation.id),
                    ("origin", False),
                ):
                    self._check_list(code, breakdown, key)

    def _check_list(self, code, breakdown, key):
        kpi = self._get_kpi(self.manager)
        figures = kpi.get_figures(self.FILTERS, [code], breakdown)
        action = kpi.open_records(code, self.FILTERS, breakdown, key)
        count = (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .with_context(**action["context"])
            .search_count(action["domain"])
        )
        facts = kpi._get_facts(
            kpi._get_scope(
                kpi._read_filters(self.FILTERS)[2],
                kpi._read_filters(self.FILTERS)[:1],
                breakdown,
            ),
            {"open_count", "stay_count"},
        )
        name = "open_count" if code == "open_count" else "stay_count"
        self.assertTrue(figures["keys"], (code, breakdown))
        self.assertEqual(count, facts[name].get_number(0, key), (code, breakdown))
