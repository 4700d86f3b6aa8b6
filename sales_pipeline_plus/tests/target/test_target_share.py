import random
from base64 import b64encode
from datetime import date, datetime
from io import BytesIO

import xlsxwriter

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .test_target import NOVEMBER, YEAR, TargetCase


@tagged("post_install", "-at_install")
class TestTargetShare(TargetCase):
    """Shared out: what was shared is what there is, to the cent."""

    def _open(self, target):
        action = target.action_share_out()
        return (
            self.env[action["res_model"]]
            .with_user(self.manager)
            .browse(action["res_id"])
        )

    def _choose(self, share, **choices):
        with Form(share) as form:
            for name, value in choices.items():
                form[name] = value
        return share

    def _get_shares(self, share):
        action = share.action_share()
        return self.targets.search(action["domain"])

    def test_working_days(self):
        share = self._open(self._set(21700.01, period_type="year", date_start=YEAR))
        self.assertEqual(len(share.line_ids), 12)
        targets = self._get_shares(share)
        self.assertEqual(round(sum(targets.mapped("value")), 2), 21700.01)
        days = {
            target: len(
                self.company._get_working_days(
                    target.date_start, date.fromordinal(target.date_end.toordinal() + 1)
                )
            )
            for target in targets
        }
        for target in targets:
            self.assertAlmostEqual(
                target.value, 21700.01 * days[target] / sum(days.values()), delta=0.01
            )
        self.assertEqual(self._get_target(period="this_year")["target"], 21700.01)

    def test_exact(self):
        generator = random.Random(34)
        for number in range(8):
            target = self._set(
                generator.randrange(10**7) / 100,
                team=self.equipment_team,
                period_type="year",
                date_start=date(2027 + number, 1, 1),
            )
            share = self._choose(
                self._open(target),
                owner_type=generator.choice(["keep", "salesperson"]),
                period_type=generator.choice(["quarter", "month"]),
                method=generator.choice(["working_days", "equal"]),
            )
            shares = self._get_shares(share)
            self.assertEqual(round(sum(shares.mapped("value")), 2), target.value)
            # Without the whole, the parts are worth the same.
            filters = {"period": {"start": target.date_start, "end": target.date_end}}
            filters["team_ids"] = self.equipment_team.ids
            target.active = False
            self.assertAlmostEqual(
                self._get_target(**filters)["target"], target.value, 2
            )

    def test_company_to_teams_to_people(self):
        (
            self.env["crm.team"].search([]) - self.equipment_team - self.spares_team
        ).active = False
        company = self._set(1000, period_type="quarter", date_start=date(2026, 10, 1))
        share = self._choose(
            self._open(company), owner_type="team", period_type="keep", method="equal"
        )
        teams = self._get_shares(share)
        self.assertEqual(teams.team_id, self.equipment_team | self.spares_team)
        self.assertEqual(set(teams.mapped("value")), {500})
        share = self._choose(
            self._open(teams[0]), owner_type="salesperson", period_type="month"
        )
        people = self._get_shares(share)
        self.assertEqual(people.user_id, teams[0].team_id.member_ids)
        self.assertEqual(people.team_id, teams[0].team_id)
        self.assertEqual(round(sum(people.mapped("value")), 2), 500)

    def test_last_year(self):
        for amount, month in ((100, 1), (300, 6)):
            self._win(amount).date_closed = datetime(2025, month, 15, 12)
        share = self._open(
            self._set(
                800, team=self.equipment_team, period_type="year", date_start=YEAR
            )
        )
        share = self._choose(share, method="last_year")
        found = {
            line.date_start.month: line.value for line in share.line_ids if line.value
        }
        self.assertEqual(found, {1: 200, 6: 600})
        share = self._choose(share, owner_type="salesperson")
        self.assertEqual(
            sum(line.value for line in share.line_ids if line.user_id == self.salesman),
            800,
        )

    def test_again_updates(self):
        target = self._set(300, period_type="quarter", date_start=date(2026, 10, 1))
        first = self._get_shares(self._open(target))
        target.value = 360
        share = self._open(target)
        self.assertEqual(share.line_ids.existing_id, first)
        self.assertEqual(self._get_shares(share), first)
        self.assertEqual(sum(first.mapped("value")), 360)

    def test_last_decimal(self):
        """What is not money is shared out to the target's own decimals."""
        for value in (0.001, 10.125, 9999999999.99, 7):
            target = self._set(
                value,
                figure="effort_hours",
                period_type="quarter",
                date_start=date(2026, 10, 1),
            )
            share = self._open(target)
            self.assertFalse(share.difference)
            targets = self._get_shares(share)
            self.assertAlmostEqual(sum(targets.mapped("value")), value, places=5)
            (targets | target).unlink()

    def test_again_without_somebody(self):
        """Who is no longer in the team keeps no share of what is shared out again."""
        self.equipment_team.member_ids = self.salesman | self.manager
        target = self._set(100, team=self.equipment_team)
        choices = {
            "owner_type": "salesperson",
            "period_type": "keep",
            "method": "equal",
        }
        share = self._choose(self._open(target), **choices)
        old = self._get_shares(share)
        self.assertEqual(sorted(old.mapped("value")), [50, 50])
        self.assertEqual(self._get_shares(share), old, "pressed twice")
        self.equipment_team.member_ids -= self.salesman
        share = self._choose(self._open(target), **choices)
        self.assertEqual(sorted(share.line_ids.mapped("value")), [0, 100])
        self.assertEqual(self._get_shares(share), old)
        self.assertEqual(sorted(old.mapped("value")), [0, 100])

    def test_nobody_who_has_left(self):
        self.equipment_team.member_ids = self.salesman | self.colleague
        self.colleague.active = False
        share = self._choose(
            self._open(self._set(1000, team=self.equipment_team)),
            owner_type="salesperson",
            period_type="keep",
        )
        self.assertEqual(share.line_ids.user_id, self.salesman)

    def test_refused(self):
        share = self._open(
            self._set(300, period_type="quarter", date_start=date(2026, 10, 1))
        )
        share.line_ids[0].value += 1
        with self.assertRefused(UserError, "add up", "1"):
            share.action_share()
        for vals, reason in (
            (
                {"figure": "win_rate", "period_type": "year", "date_start": YEAR},
                "not shared out",
            ),
            (
                {"user_id": self.salesman.id, "team_id": self.equipment_team.id},
                "nobody",
            ),
        ):
            share = self._open(self._set(30, **vals))
            share.owner_type = "salesperson"
            self.assertIn(reason, share.problem)
            self.assertFalse(share.line_ids)
            with self.assertRaises(UserError):
                share.action_share()
        share = self._open(self._set(30, date_start=date(2026, 12, 1)))
        share.write({"owner_type": "salesperson", "method": "last_year"})
        self.assertIn("last year", share.problem)
        with self.assertRaises(AccessError):
            share.target_id.with_user(self.salesman).action_share_out()

    def test_counts_are_whole(self):
        target = self._set(100, figure="won_count", period_type="year", date_start=YEAR)
        shares = self._get_shares(self._open(target))
        self.assertEqual(sum(shares.mapped("value")), 100)
        self.assertTrue(all(value % 1 == 0 for value in shares.mapped("value")))


@tagged("post_install", "-at_install")
class TestTargetImport(TargetCase):
    """A table of a spreadsheet: people by periods."""

    def _read(self, rows, name="targets.xlsx", **vals):
        if name.endswith("csv"):
            content = "\n".join(";".join(map(str, row)) for row in rows).encode()
        else:
            buffer = BytesIO()
            with xlsxwriter.Workbook(buffer) as book:
                sheet = book.add_worksheet()
                style = book.add_format({"num_format": "yyyy-mm-dd"})
                for number, row in enumerate(rows):
                    for column, value in enumerate(row):
                        if isinstance(value, date):
                            sheet.write_datetime(number, column, value, style)
                        else:
                            sheet.write(number, column, value)
            content = buffer.getvalue()
        dialog = self.env["crm.target.import"].with_user(self.manager)
        dialog = dialog.with_company(self.company).create(
            {"file": b64encode(content), "file_name": name, **vals}
        )
        dialog.action_preview()
        return dialog

    def _import(self, dialog):
        return self.targets.search(dialog.action_import()["domain"])

    def test_seventeen_by_twelve(self):
        people = [
            self._new_user(f"seller_{number}", "sales_team.group_sale_salesman")
            for number in range(17)
        ]
        self.spares_team.member_ids += self.env["res.users"].union(*people)
        quarters = [
            f"Q{quarter} {year}"
            for year in (2026, 2027, 2028)
            for quarter in (1, 2, 3, 4)
        ]
        generator = random.Random(17)
        amounts = [[generator.randrange(10**7) / 100 for _ in quarters] for _ in people]
        rows = [["Salesperson", *quarters]]
        rows += [[user.login, *row] for user, row in zip(people, amounts, strict=True)]
        for name in ("targets.xlsx", "targets.csv"):
            dialog = self._read(rows, name)
            self.assertFalse(dialog.problems)
            self.assertEqual(len(dialog.line_ids), 17 * 12)
            targets = self._import(dialog)
        self.assertEqual(len(targets), 17 * 12, "again updates")
        for user, row in zip(people, amounts, strict=True):
            own = targets.filtered(lambda one, user=user: one.user_id == user)
            self.assertEqual(own.sorted("date_start").mapped("value"), row)
            self.assertEqual(own.team_id, self.spares_team)
        self.assertEqual(set(targets.mapped("period_type")), {"quarter"})
        total = self._get_target(period="this_year", team_ids=self.spares_team.ids)
        self.assertAlmostEqual(total["target"], sum(sum(row[:4]) for row in amounts), 2)

    def test_what_is_left_out_is_named(self):
        dialog = self._read(
            [
                ["", "Équipe", "T1 2026", "janv. 2027", "Region", "T1 2026"],
                [self.salesman.login, "Spares", "1 000,50", "abc", "North", ""],
                ["Nobody", "", 5, 5, "", ""],
                [self.salesman.login, "Spares", 7, -3, "", ""],
                ["Machines", "", 20, "", "", ""],
                ["Tartempion", "", 30, "", "", ""],
                [self.colleague.login, "No Such Team", 5, "", "", ""],
            ]
        )
        problems = dialog.problems.splitlines()
        for part in (
            "Cell E1: “Region” is no period, its column is left out",
            "Cell F1: “T1 2026” is the same period as C1",
            "Cell D2 (pipeline_salesman, janv. 2027): “abc” is no number",
            "Row 3: “Nobody” is no salesperson, sales team or the company Tartempion",
            "Cell C4 (pipeline_salesman, T1 2026): there is one already in the file",
            "Cell D4 (pipeline_salesman, janv. 2027): a target cannot be below zero",
            "Row 7: there is no sales team “No Such Team”",
        ):
            self.assertIn(part, problems)
        self.assertEqual(len(problems), 7)
        targets = self._import(dialog)
        found = {
            (each.team_id.name, each.user_id.login, each.value) for each in targets
        }
        self.assertEqual(
            found,
            {
                ("Spares", self.salesman.login, 1000.5),
                ("Machines", False, 20),
                (False, False, 30),
            },
        )

    def test_again_after_a_change_of_team(self):
        """The target that is there is changed, unless another team is named."""
        table = [["Who", "Nov 2026"], [self.salesman.login, 100]]
        target = self._import(self._read(table))
        self.assertEqual(target.team_id, self.equipment_team)
        self.equipment_team.member_ids -= self.salesman
        self.spares_team.member_ids += self.salesman
        table[1][1] = 110
        dialog = self._read(table)
        self.assertEqual((dialog.new_count, dialog.changed_count), (0, 1))
        self.assertEqual(self._import(dialog), target)
        self.assertEqual((target.value, target.team_id), (110, self.equipment_team))
        self.assertEqual(self._import(dialog), target, "pressed twice")
        table = [["Who", "Team", "Nov 2026"], [self.salesman.login, "Spares", 7]]
        self.assertEqual(self._read(table).new_count, 1)

    def test_days_as_heads(self):
        dialog = self._read(
            [
                ["Who", *(date(2026, month, 1) for month in (1, 4, 7, 10))],
                ["Machines", 1, 2, 3, 4],
            ],
            figure="created_count",
        )
        targets = self._import(dialog)
        self.assertEqual(set(targets.mapped("period_type")), {"quarter"})
        self.assertEqual(sum(targets.mapped("value")), 10)

    def test_no_table(self):
        with self.assertRefused(UserError, "no periods"):
            self._read([["Name", "Amount"], ["Machines", 5]])
        with self.assertRefused(UserError, "Unable to read"):
            dialog = (
                self.env["crm.target.import"]
                .with_user(self.manager)
                .create({"file": b64encode(b"\x00\x01"), "file_name": "x.xlsx"})
            )
            dialog.action_preview()
        with self.assertRaises(AccessError):
            self.env["crm.target.import"].with_user(self.salesman).create({})

    def test_long_by_odoos_import(self):
        """Line by line, with the words of the screen."""
        result = self.targets.with_company(self.company).load(
            ["figure", "user_id", "period_type", "date_start", "value"],
            [
                ["Amount Won", self.salesman.name, "Month", "2026-11-01", "1200.50"],
                ["Win Rate", "", "Year", "2026-01-01", "35"],
            ],
        )
        self.assertFalse(result["messages"])
        targets = self.targets.browse(result["ids"])
        self.assertEqual(targets.mapped("value"), [1200.5, 35])
        self.assertEqual(targets[0].team_id, self.equipment_team)
        result = self.targets.with_company(self.company).load(
            ["figure", "period_type", "date_start", "value"],
            [["Amount Won", "Quarter", "2026-11-01", "5"]],
        )
        self.assertIn("first day", result["messages"][0]["message"])
        self.assertTrue(NOVEMBER)
