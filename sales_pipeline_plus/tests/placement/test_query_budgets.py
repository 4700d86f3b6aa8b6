from freezegun import freeze_time

from odoo.tests import tagged

from ..common import PipelineCase

NOW = "2026-11-21 10:00:00"
FEW = 8
# Odoo's own caches fill as they are used; a query for each deal would be 32 more.
SLACK = 2
OPEN = [("won_status", "=", "pending"), ("type", "=", "opportunity")]
# Queries of a write of many deals, with one to spare for what Odoo looks up.
BUDGETS = {"stage_id": 6, "expected_revenue": 5, "date_deadline": 3}
CLOSING_BUDGETS = {"action_set_won": 24, "action_set_lost": 18}
CARD = {
    name: {}
    for name in (
        "name stage_id probability expected_revenue partner_id tag_ids priority "
        "activity_ids activity_state user_id next_action_state next_action_date "
        "deal_status is_rotting rotting_days decision_bucket"
    ).split()
}


@tagged("post_install", "-at_install")
class TestQueryBudgets(PipelineCase):
    """What is done every day takes as many queries with five times the deals."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(NOW))
        cls.leads = cls.env["crm.lead"].with_user(cls.all_documents)

    def _new_deals(self, number):
        partner = self.env["res.partner"].create({"name": "Customer"})
        deals = self.leads.create(
            [
                self._prepare_deal(
                    (self.equipment, self.spares)[rank % 2],
                    self.qualified,
                    user_id=self.all_documents.id,
                    partner_id=partner.id,
                    date_deadline=f"2026-{10 + rank % 3}-15",
                )
                for rank in range(number)
            ]
        )
        for deal in deals[::2]:
            deal.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=f"2026-11-{1 + deal.id % 28}",
                user_id=self.all_documents.id,
            )
        return deals

    def _count(self, function, *arguments):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function(*arguments)
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _assert_same(self, function):
        """Count the queries of the work on few and on many new deals."""
        function(self._new_deals(FEW))  # to get warm
        few, many = (
            self._count(function, self._new_deals(number)) for number in (FEW, 5 * FEW)
        )
        self.assertLessEqual(many, few + SLACK)

    def test_writing(self):
        for vals in (
            {"stage_id": self.offer.id},
            {"expected_revenue": 777},
            {"date_deadline": "2031-03-03"},
        ):
            with self.subTest(**vals):
                self._assert_same(lambda deals, vals=vals: deals.write(vals))

    def test_budgets(self):
        """No write takes more queries than it did, see ``tests/benchmark_stock.py``."""
        values = {
            "stage_id": self.offer.id,
            "expected_revenue": 777,
            "date_deadline": "2031-03-03",
        }
        for name, budget in BUDGETS.items():
            with self.subTest(name):
                counts = [
                    self._count(self._new_deals(FEW).write, {name: values[name]})
                    for _time in range(2)
                ]
                self.assertLessEqual(counts[-1], budget)

    def test_closing_budgets(self):
        for method, budget in CLOSING_BUDGETS.items():
            with self.subTest(method):
                counts = [
                    self._count(getattr(self._new_deals(FEW), method))
                    for _time in range(2)
                ]
                self.assertLessEqual(counts[-1], budget)

    def test_closing(self):
        for method in ("action_set_won", "action_set_lost"):
            with self.subTest(method):
                self._assert_same(lambda deals, name=method: getattr(deals, name)())

    def test_form(self):
        names = {
            name: {}
            for name, field in self.leads._fields.items()
            if field.type not in ("one2many", "many2many", "properties")
        }
        # One at a time: Odoo itself looks for the duplicates of each.
        self._assert_same(lambda deals: deals[:1].web_read(names))

    def test_reading(self):
        """The pages of all deals, with so many and with five times as many."""
        pages = {
            "list": lambda: self.leads.web_search_read(OPEN, CARD, limit=80),
            "kanban": lambda: self.leads.web_read_group(
                OPEN,
                groupby=["stage_id"],
                aggregates=["expected_revenue:sum", "__count"],
                auto_unfold=True,
                unfold_read_specification=CARD,
                unfold_read_default_limit=20,
            ),
            "decisions": lambda: self.leads.web_read_group(
                OPEN,
                groupby=["decision_bucket"],
                aggregates=["expected_revenue:sum", "__count"],
                auto_unfold=True,
                unfold_read_specification=CARD,
                unfold_read_default_limit=20,
            ),
            "states": lambda: self.leads.formatted_read_group(
                OPEN, ["next_action_state"], ["__count"]
            ),
            "review": lambda: self.leads.web_search_read(
                OPEN,
                {"name": {}, "review_state": {}, "next_action_date": {}},
                order="review_state, id",
                limit=80,
            ),
            "overview": self._read_overview,
            "figures": lambda: (
                self.env["crm.kpi"]
                .with_user(self.all_documents)
                .get_figures({"period": "this_month"}, with_trend=True)
            ),
        }
        counts = []
        # The first time is to get warm.
        for number in (FEW, FEW, 5 * FEW):
            deals = self._new_deals(number)
            deals[: number // 4].action_set_won()
            deals[number // 4 : number // 2].action_set_lost()
            counts.append({name: self._count(page) for name, page in pages.items()})
        _warm, few, many = counts
        for name in pages:
            with self.subTest(name):
                self.assertLessEqual(many[name], few[name] + SLACK)

    def _read_overview(self):
        pipelines = self.env["crm.pipeline"].with_user(self.manager)
        names = {
            node.get("name"): {}
            for view in ("kanban", "list")
            for node in pipelines._get_view(view_type=view)[0].iter("field")
            if node.get("name") in pipelines._fields
        }
        return pipelines.web_search_read([], names, limit=80)
