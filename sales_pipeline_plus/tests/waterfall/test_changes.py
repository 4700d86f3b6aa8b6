import doctest

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ...kpi import changes
from .common import ChangesCase


@tagged("post_install", "-at_install")
class TestChanges(ChangesCase):
    """What became of each deal is told once, and everything adds up."""

    def _new(self, amount=1000, **vals):
        with self._at(vals.pop("at", self.BEFORE)):
            return self._new_deal(
                self.equipment,
                vals.pop("stage", self.offer),
                user=self.manager,
                expected_revenue=amount,
                **vals,
            )

    def _get(self, bars):
        """Return {code: (deals, amount, weighted)}."""
        return {
            code: (bar["deals"], bar["amount"], bar["weighted"])
            for code, bar in bars.items()
        }

    def test_doctests(self):
        self.assertEqual(doctest.testmod(changes).failed, 0)

    def test_each_kind(self):
        """One deal for each thing that can happen, with 30 % or 80 %."""
        deals = {
            name: self._new(amount, name=name)
            for amount, name in enumerate(
                (
                    "same",
                    "more",
                    "less",
                    "likelier",
                    "won",
                    "lost",
                    "archived",
                    "lead",
                    "merged",
                    "survivor",
                    "deleted",
                    "reopened",
                    "restored",
                ),
                start=1000,
            )
        }
        with self._at("2026-05-25 08:00:00"):
            deals["reopened"].action_set_lost()
            deals["restored"].active = False
        self._take_week(self.OPENING)
        with self._at(self.BETWEEN):
            deals["more"].expected_revenue += 10
            deals["less"].expected_revenue -= 20
            deals["likelier"].probability = 50
            deals["won"].expected_revenue += 100
            deals["won"].action_set_won()
            deals["lost"].action_set_lost()
            deals["archived"].active = False
            deals["lead"].type = "lead"
            (deals["survivor"] + deals["merged"]).merge_opportunity()
            deals["reopened"].action_restore()
            deals["restored"].active = True
        left = (deals["survivor"] + deals["merged"]).exists()
        with self._at(self.BETWEEN):
            deals["deleted"].sudo().unlink()
            new = self._new(500, name="new", at=self.BETWEEN)
            quick = self._new(70, name="quick", at=self.BETWEEN)
            quick.action_set_won()
        self.assertEqual(len(left), 1)
        merged = 1008 + 1009 - left.expected_revenue
        reopened = deals["reopened"]
        bars = self._get(self._get_changes(self.manager))
        self.assertEqual(
            bars,
            {
                "opening": (11, 11055, 3316.5),
                "new": (2, 570, 150 + 70),
                "reopened": (
                    1,
                    1011,
                    reopened.prorated_revenue,
                ),
                "restored": (1, 1012, 303.6),
                "amount_up": (2, 110, 33),
                "amount_down": (1, -20, -6),
                "probability_up": (1, 0, bars["probability_up"][2]),
                "won": (2, -1174, -(331.2 + 70)),
                "lost": (1, -1005, -301.5),
                "archived": (1, -1006, -301.8),
                "unqualified": (1, -1007, -302.1),
                "merged": (1, -merged, -round(merged * 0.3, 2)),
                "deleted": (1, -1010, -303),
                "closing": bars["closing"],
            },
        )
        self.assertEqual(bars["closing"][0], 8)
        self.assertIn(new.expected_revenue, (500,))
        # The same, once it is past.
        self._take_week(self.CLOSING)
        with self._at("2026-06-09 08:00:00"):
            deals["more"].action_set_won()
            deals["won"].stage_id = self.negotiation
            deals["lost"].action_restore()
            new.sudo().unlink()
        past = self._get(self._get_changes(self.manager, end="2026-06-08"))
        # What was won then and is open again has the amount of the opening.
        amount = bars["won"][1] + 100, round(bars["won"][2] + 30, 2)
        self.assertEqual(past.pop("won"), (2, *amount))
        self.assertEqual(past.pop("amount_up"), (1, 10, 3))
        self.assertEqual(
            past,
            {
                code: values
                for code, values in bars.items()
                if code not in ("won", "amount_up")
            },
        )

    def test_open(self):
        """A bar opens its deals, in the currency and weeks that it was asked in."""
        deals = [self._new(amount) for amount in (100, 200, 300)]
        self._take_week(self.OPENING)
        with self._at(self.BETWEEN):
            deals[0].expected_revenue = 150
            deals[1].action_set_won()
        kpi = self._get_kpi(self.salesman)
        with freeze_time(self.NOW):
            for code, expected in (
                ("amount_up", [(100, 150, 50)]),
                ("won", [(200, 200, -200)]),
                ("lost", []),
                ("opening", [(300, 300, 300), (200, 200, 200), (100, 150, 100)]),
            ):
                self.env.invalidate_all()
                action = kpi.open_changes(code)
                self.assertEqual(
                    action["context"]["change_filters"], {"start": "2026-06-01"}
                )
                changes = kpi.env[action["res_model"]]
                found = changes.with_context(**action["context"]).search(
                    action["domain"]
                )
                self.assertEqual(
                    [(c.old_amount, c.new_amount, c.amount_change) for c in found],
                    expected,
                )
                for change in found:
                    opened = change.action_open_deal()
                    self.assertEqual(opened["res_id"], change.lead_id.id)

    def test_closes_with_parts_of_a_cent(self):
        """Odoo stores what is given at the creation as it is."""
        self._new(100.003)
        self._take_week(self.OPENING)
        self._new(100.003, at=self.BETWEEN)
        # 100.00 and 100.00, not 200.01.
        self.assertCloses(self._get_changes(self.manager))

    def test_queries(self):
        """As many for a hundred deals as for one."""
        self._new(100)
        self._take_week(self.OPENING)
        kpi = self._get_kpi(self.salesman)
        counts = []
        for number in (1, 30):
            with self._at(self.BETWEEN):
                for _number in range(number):
                    self._new(100, at=self.BETWEEN)
            with freeze_time(self.NOW):
                self.env.invalidate_all()
                kpi.get_changes()
                self.env.invalidate_all()
                count = self.env.cr.sql_log_count
                kpi.get_changes()
                counts.append(self.env.cr.sql_log_count - count)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[0], 15)

    def test_periods(self):
        """What moves into the period asked for, and out of it."""
        days = {
            "same": ("2026-06-20", "2026-06-25"),
            "pulled in": ("2026-07-05", "2026-06-25"),
            "dated": (False, "2026-06-25"),
            "late": ("2026-05-25", "2026-06-25"),
            "pushed out": ("2026-06-25", "2026-07-05"),
            "undated": ("2026-06-25", False),
            "early": ("2026-06-25", "2026-05-31"),
            "elsewhere": ("2026-07-05", "2026-08-05"),
        }
        deals = {
            name: self._new(1000, name=name, date_deadline=old)
            for name, (old, _new) in days.items()
        }
        self._take_week(self.OPENING)
        with self._at(self.BETWEEN):
            for name, (_old, new) in days.items():
                deals[name].date_deadline = new
            deals["pulled in"].expected_revenue += 50
            deals["pushed out"].expected_revenue += 50
        bars = self._get(self._get_changes(self.manager, decision="this_month"))
        self.assertEqual(
            bars,
            {
                "opening": (4, 4000, 1200),
                "pulled_in": (2, 2000, 600),
                "rolled_in": (1, 1000, 300),
                "pushed_out": (2, -2000, -600),
                "pulled_out": (1, -1000, -300),
                "amount_up": (1, 50, 15),
                "closing": (4, 4050, 1215),
            },
        )
        bars = self._get(self._get_changes(self.manager))
        self.assertEqual(bars.keys(), {"opening", "amount_up", "closing"})
        july = {"start": "2026-07-01", "end": "2026-07-31"}
        bars = self._get(self._get_changes(self.manager, decision=july))
        self.assertEqual(
            [*bars],
            [
                "opening",
                "rolled_in",
                "pushed_out",
                "pulled_out",
                "amount_up",
                "closing",
            ],
        )

    def test_reassigned(self):
        """It leaves with the amount of the opening, and comes in with it."""
        deal = self._new(1000)
        self._take_week(self.OPENING)
        with self._at(self.BETWEEN):
            deal.write(
                {
                    "user_id": self.colleague.id,
                    "expected_revenue": 1200,
                    "team_id": False,
                }
            )
        for filters, expected in (
            ({}, ("opening", "amount_up", "closing")),
            (
                {"user_ids": self.salesman.ids},
                ("opening", "reassigned_out", "closing"),
            ),
            (
                {"user_ids": self.colleague.ids},
                ("opening", "reassigned_in", "amount_up", "closing"),
            ),
            (
                {"team_ids": self.equipment_team.ids},
                ("opening", "reassigned_out", "closing"),
            ),
            (
                {"pipeline_ids": self.equipment.ids},
                ("opening", "amount_up", "closing"),
            ),
        ):
            with self.subTest(**filters):
                bars = self._get_changes(self.manager, **filters)
                self.assertEqual(tuple(bars), expected)

    def test_own_documents(self):
        own, other = self._new(1000), self._new(300, user_id=self.colleague.id)
        self._take_week(self.OPENING)
        with self._at(self.BETWEEN):
            (own + other).sudo().expected_revenue = 1100
        self.assertEqual(
            self._get(self._get_changes(self.salesman)),
            {
                "opening": (1, 1000, 300),
                "amount_up": (1, 100, 30),
                "closing": (1, 1100, 330),
            },
        )
        with self._at(self.BETWEEN):
            other.sudo().user_id = self.salesman
        self.assertEqual(
            self._get_changes(self.salesman)["opening"]["deals"],
            2,
        )
        bars = self._get_changes(self.salesman, user_ids=self.salesman.ids)
        self.assertEqual(bars["reassigned_in"]["amount"], 300)

    def test_merged_into_a_hidden_deal(self):
        """One's own past stays; the survivor and its customer are not shown."""
        customer = self.env["res.partner"].create({"name": "Hidden customer"})
        survivor = self._new(100, name="Survivor", partner_id=customer.id)
        merged = self._new(900, name="Merged")
        self._take_week(self.OPENING)
        with self._at(self.BETWEEN):
            (survivor + merged).merge_opportunity(user_id=self.colleague.id)
        self.assertFalse(merged.exists())
        kpi = self._get_kpi(self.salesman)
        with freeze_time(self.NOW):
            context = kpi.open_changes("merged")["context"]
            changes = kpi.env["crm.pipeline.change"].with_context(**context).search([])
            self.assertEqual(set(changes.mapped("deal_name")), {"Merged"})
            self.assertFalse(changes.lead_id)
            self.assertFalse(any(changes.mapped("customer_name")))
            self.assertFalse(changes[0].action_open_deal())
        self._get_changes(self.salesman)

    def test_merged_then_deleted(self):
        """The facts of both carry the survivor's number in the end."""
        one, two = self._new(1000, name="One"), self._new(300, name="Two")
        self._take_week(self.OPENING)
        with self._at(self.BETWEEN):
            survivor = (one + two).merge_opportunity()
        self._take_week(self.CLOSING)
        with self._at("2026-06-09 08:00:00"):
            survivor.sudo().unlink()
        bars = self._get_changes(self.manager, end="2026-06-08")
        self.assertEqual(bars["opening"]["amount"], 1300)
        self.assertEqual(bars["closing"]["count"], 1)
        bars = self._get_changes(self.manager, start="2026-06-01")
        self.assertEqual(self._get(bars)["deleted"], (2, -1300, -390))

    def test_rates(self):
        """An amount that stays, in a currency that moves."""
        currency = self.env["res.currency"].create({"name": "TTP", "symbol": "T"})
        self.env["res.currency.rate"].create(
            [
                {
                    "name": day,
                    "currency_id": each.id,
                    "rate": rate,
                    "company_id": self.company.id,
                }
                for day, each, rate in (
                    ("2020-01-01", self.company.currency_id, 1),
                    ("2020-01-01", currency, 2),
                    ("2026-06-05", currency, 4),
                )
            ]
        )
        self.other_company.currency_id = currency
        self.manager.company_ids += self.other_company
        values = {
            "user_id": self.foreigner.id,
            "company_id": self.other_company.id,
            "team_id": self.foreign_team.id,
        }
        with self._at(self.BEFORE):
            same, more, won = (
                self._new_deal(
                    self.equipment,
                    self.offer,
                    user=self.foreigner,
                    expected_revenue=1000,
                    **values,
                )
                for _number in range(3)
            )
        self._take_week(self.OPENING)
        with self._at(self.BETWEEN):
            more.expected_revenue = 1100
            won.action_set_won()
        self.assertEqual(same.company_id, self.other_company)
        bars = self._get(self._get_changes(self.manager))
        self.assertEqual(
            bars,
            {
                "opening": (3, 1500, 450),
                "rates": (2, -500, -150),
                "amount_up": (1, 25, 7.5),
                "won": (1, -500, -150),
                "closing": (2, 525, 157.5),
            },
        )

    def test_weeks(self):
        self.assertEqual(self._get_kpi(self.manager).get_change_weeks()["weeks"], [])
        self.assertFalse(self._get_kpi(self.manager).get_changes()["bars"])
        self._new(1000)
        for moment in (self.OPENING, self.CLOSING):
            self._take_week(moment)
        kpi = self._get_kpi(self.manager)
        for day, start in (("2026-06-08", "2026-06-01"), ("2026-06-09", "2026-06-08")):
            with freeze_time(f"{day} 09:00:00"):
                answer = kpi.get_change_weeks()
                self.assertEqual(answer["weeks"], ["2026-06-08", "2026-06-01"])
                self.assertEqual(answer["start"], start)
                self.assertEqual(kpi.get_changes()["start"], start)

    def test_arguments(self):
        self._new(1000)
        self._take_week(self.OPENING)
        kpi = self._get_kpi(self.manager)
        for filters in (
            {"x": 1},
            {"start": "2026-06-02"},
            {"start": "x"},
            {"start": "2026-06-01", "end": "2026-06-01"},
            {"decision": "x"},
            {"decision": {"start": "2026-06-02", "end": "2026-06-01"}},
            {"decision": {"from": 1}},
            {"user_ids": "x"},
            {"team_ids": [0]},
            "x",
            [],
        ):
            with self.subTest(filters=filters), self.assertRaises(UserError):
                kpi.get_changes(filters)
            with self.subTest(filters=filters), self.assertRaises(UserError):
                kpi.open_changes("won", filters)
        with self.assertRaises(UserError):
            kpi.open_changes("x")
        with self.assertRaises(AccessError):
            self.env["crm.kpi"].with_user(
                self.env.ref("base.public_user")
            ).get_changes()
