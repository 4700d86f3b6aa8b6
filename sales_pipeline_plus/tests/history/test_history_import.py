from base64 import b64encode
from datetime import date, datetime
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common_history import HistoryCase, read_sample

SAMPLES = ("history_pipedrive.csv", "history_hubspot.csv", "history_salesforce.csv")
CREATED = ("partner_id", "lost_reason_id", "source_id")


class HistoryImportCase(HistoryCase):
    """The opportunities of our own file, whose history is to come."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(
            patch.object(cls.env.cr, "now", lambda: datetime(2025, 11, 3, 8))
        )
        cls.manager.tz = "Europe/Paris"
        cls.other_manager = cls._new_user(
            "other_manager", "sales_team.group_sale_manager"
        )

    def setUp(self):
        super().setUp()
        result, _preview = self._import("opportunities_en.xlsx", create_names=CREATED)
        self.assertFalse(result["messages"])
        self.deals = self.env["crm.lead"].browse(result["ids"])
        (
            self.lathe,
            self.inserts,
            self.cell,
            self.centre,
            self.grinder,
            self.oil,
        ) = self.deals
        self.env.flush_all()
        self.env["crm.lead.passage"].flush_model()

    def _open(self, name, content=None, user=None, **vals):
        content = content or read_sample(name)
        wizard = (
            self.env["crm.history.import"]
            .with_user(user or self.manager)
            .create({"file": b64encode(content), "file_name": name, **vals})
        )
        wizard.action_preview()
        return wizard

    def _bring_in(self, *args, **kwargs):
        wizard = self._open(*args, **kwargs)
        wizard.action_import()
        self.assertEqual(wizard.state, "done")
        self.assertFalse(wizard.failures)
        self.env.flush_all()
        self.env.invalidate_all()
        return wizard

    def _describe(self, deal):
        """Return (stage, entered on, left on, outcome) of each stay."""
        stays = self.env["crm.lead.passage"].search(
            [("lead_id", "=", deal.id)], order="date_in, id"
        )
        return [
            (
                stay.stage_id.name,
                fields.Date.to_string(stay.date_in),
                fields.Date.to_string(stay.date_out) if stay.date_out else None,
                stay.outcome,
            )
            for stay in stays
        ]

    def _get_snapshots(self, deal):
        return self.env["crm.forecast.snapshot"].search(
            [("lead_id", "=", deal.id)], order="date"
        )

    def _describe_all(self):
        snapshots = self.env["crm.forecast.snapshot"].search(
            [("lead_id", "in", self.deals.ids)], order="lead_id, date"
        )
        return [self._describe(deal) for deal in self.deals], [
            (s.lead_id.id, s.date, s.amount, s.probability, s.date_deadline, s.stage_id)
            for s in snapshots
        ]


@tagged("post_install", "-at_install")
class TestHistoryImport(HistoryImportCase):
    """The changes of another CRM, out of the sample files."""

    def test_preview(self):
        wizard = self._open("history_pipedrive.csv")
        self.assertEqual(
            (
                wizard.row_count,
                wizard.lead_count,
                wizard.change_count,
                wizard.activity_count,
                wizard.problems,
            ),
            (13, 2, 13, 0, ""),
        )
        self.assertEqual(
            {(line.source_name, line.meaning) for line in wizard.line_ids},
            {
                (name, "stage")
                for name in (
                    "Contact made",
                    "Needs analysed",
                    "Offer sent",
                    "Negotiation",
                    "Request",
                    "Quotation",
                )
            },
        )
        self.assertEqual(wizard.state, "preview")
        self.assertFalse(self.env["crm.lead.change"].search([]))

    def test_one_row_per_field(self):
        self._bring_in("history_pipedrive.csv")
        self.assertEqual(
            self._describe(self.lathe),
            [
                ("Contact made", "2025-03-03", "2025-03-24", "forward"),
                ("Needs analysed", "2025-03-24", "2025-04-28", "forward"),
                ("Offer sent", "2025-04-28", "2025-06-02", "forward"),
                ("Negotiation", "2025-06-02", "2025-06-20", "won"),
                ("Won", "2025-06-20", None, "open"),
            ],
        )
        self.assertEqual(
            self._describe(self.inserts),
            [
                ("Request", "2025-04-07", "2025-04-22", "forward"),
                ("Quotation", "2025-04-22", "2025-05-16", "lost"),
            ],
        )
        stays = self.env["crm.lead.passage"].search(
            [("lead_id", "in", (self.lathe + self.inserts).ids)]
        )
        self.assertEqual(set(stays.mapped("is_path_known")), {True})
        first = stays.filtered(lambda stay: stay.stage_id.name == "Contact made")
        self.assertEqual((first.amount, first.entered_by_id), (130000, self.claire))
        self.assertAlmostEqual(first.days, 21.2, 1)
        lost = stays.filtered(lambda stay: stay.outcome == "lost")
        self.assertEqual((lost.conversion_rate, lost.loss_rate), (0, 100))

    def test_history_of_properties(self):
        self._bring_in("history_hubspot.csv")
        self.assertEqual(
            [stay[::3] for stay in self._describe(self.cell)],
            [
                ("Contact made", "forward"),
                ("Needs analysed", "forward"),
                ("Technical study", "lost"),
            ],
        )
        self.assertEqual(
            self._describe(self.centre)[-2:],
            [
                ("Offer sent", "2025-05-26", "2025-08-22", "won"),
                ("Won", "2025-08-22", None, "open"),
            ],
        )

    def test_one_row_per_stage(self):
        wizard = self._open("history_salesforce.csv")
        self.assertEqual(wizard.date_order, "mdy")
        wizard.action_import()
        self.assertEqual(
            self._describe(self.grinder),
            [
                ("Contact made", "2025-09-01", "2025-09-22", "forward"),
                ("Needs analysed", "2025-09-22", "2025-10-20", "forward"),
                ("Offer sent", "2025-10-20", None, "open"),
            ],
        )
        first, *_others = self.env["crm.lead.passage"].search(
            [("lead_id", "=", self.grinder.id)], order="date_in"
        )
        self.assertEqual(
            (first.amount, first.probability, first.date_deadline),
            (150000, 10, date(2026, 3, 31)),
        )
        # 9:00 AM in Paris
        self.assertEqual(first.date_in, datetime(2025, 9, 1, 7))

    def test_snapshots(self):
        self._bring_in("history_pipedrive.csv")
        snapshots = self._get_snapshots(self.lathe)
        self.assertEqual(set(snapshots.mapped("is_from_history")), {True})
        self.assertEqual(
            (snapshots[0].date, snapshots[-1].date),
            (date(2025, 3, 10), date(2025, 6, 16)),
        )
        by_date = {snapshot.date: snapshot for snapshot in snapshots}
        self.assertEqual(len(by_date), 15)
        for day, stage, amount, deadline in (
            (date(2025, 3, 31), "Needs analysed", 130000, date(2025, 6, 13)),
            (date(2025, 4, 7), "Needs analysed", 149900, date(2025, 6, 13)),
            (date(2025, 5, 26), "Offer sent", 149900, date(2025, 7, 1)),
        ):
            snapshot = by_date[day]
            self.assertEqual(
                (snapshot.stage_id.name, snapshot.amount, snapshot.date_deadline),
                (stage, amount, deadline),
            )
            probability = self._line(self.machines, snapshot.stage_id).probability
            self.assertEqual(snapshot.probability, probability)
            self.assertEqual(
                snapshot.weighted_amount, round(amount * probability / 100, 2)
            )

    def test_figures_on_the_first_day(self):
        """Conversion, days, suggestion and forecast reliability have data."""
        for name in SAMPLES:
            self._bring_in(name)
        figures = self.env["crm.kpi"].with_user(self.manager)
        found = figures.get_figures(
            {"period": {"start": "2025-01-01", "end": "2025-10-31"}},
            ["stage_conversion", "stage_days"],
        )
        line = self._line(self.machines, self.stages["Contact made"])
        self.assertEqual(line.with_user(self.manager).closed_deal_count, 3)
        reports = self.env["crm.forecast.reliability"].with_user(self.manager)
        (report,) = reports.search(
            [
                ("period", "=", "2025-06-01"),
                ("horizon", "=", "04"),
                ("user_id", "=", self.claire.id),
            ]
        )
        self.assertEqual((report.forecast, report.actual), (149900, 149900))
        self.assertTrue(found)

    def test_twice(self):
        """The same files once more, in another order, change nothing."""
        for name in SAMPLES:
            self._bring_in(name)
        before = self._describe_all()
        counts = [
            self.env[model].search_count([])
            for model in ("crm.lead.change", "crm.lead.passage", "mail.message")
        ]
        for name in reversed(SAMPLES):
            self._bring_in(name)
        self.assertEqual(self._describe_all(), before)
        self.assertEqual(
            [
                self.env[model].search_count([])
                for model in ("crm.lead.change", "crm.lead.passage", "mail.message")
            ],
            counts,
        )

    def test_silence(self):
        """What a file does not say stays empty: no amount, no snapshot."""
        content = (
            b"Deal ID,Stage,Date\n"
            b"101,Contact made,2025-03-03\n101,Needs analysed,2025-03-24\n"
        )
        self._bring_in("silent.csv", content)
        self.assertFalse(self._get_snapshots(self.lathe))
        self.env.cr.execute(
            "SELECT amount, probability FROM crm_lead_passage "
            "WHERE lead_id = %s AND is_from_history",
            (self.lathe.id,),
        )
        self.assertEqual(self.env.cr.fetchall(), [(None, None)] * 2)
        # It was won from the last stage that is known.
        self.assertEqual(
            self._describe(self.lathe)[1:],
            [
                ("Needs analysed", "2025-03-24", "2025-06-20", "won"),
                ("Won", "2025-06-20", None, "open"),
            ],
        )

    def test_move_that_nobody_knows(self):
        """An open deal is in another stage than its history ends with: no days."""
        content = b"Deal ID,Stage,Amount,Date\n105,Contact made,5,2025-09-01\n"
        self._bring_in("short.csv", content)
        self.assertEqual(
            self._describe(self.grinder),
            [
                ("Contact made", "2025-09-01", "2025-11-03", "forward"),
                ("Offer sent", "2025-11-03", None, "open"),
            ],
        )
        self.env.cr.execute(
            "SELECT days FROM crm_lead_passage WHERE lead_id = %s AND is_from_history",
            (self.grinder.id,),
        )
        self.assertEqual(self.env.cr.fetchall(), [(None,)])

    def test_without_probability(self):
        self._bring_in("history_pipedrive.csv", use_stage_probability=False)
        self.assertFalse(self._get_snapshots(self.lathe))
        self.assertEqual(len(self._describe(self.lathe)), 5)

    def test_real_snapshots_stay(self):
        self.env["crm.forecast.snapshot"].sudo().create(
            {"lead_id": self.lathe.id, "date": "2025-03-31", "amount": 7}
        )
        self._bring_in("history_pipedrive.csv")
        snapshot = self._get_snapshots(self.lathe).filtered(
            lambda s: s.date == date(2025, 3, 31)
        )
        self.assertEqual((snapshot.amount, snapshot.is_from_history), (7, False))

    def test_later_moves_stay(self):
        """What happens in Odoo afterwards is kept when a file comes again."""
        self._bring_in("history_salesforce.csv")
        self.env.flush_all()
        with patch.object(self.env.cr, "now", lambda: datetime(2025, 11, 20, 8)):
            self.grinder.with_user(self.manager).stage_id = self.stages["Negotiation"]
            self.env.flush_all()
            self.env["crm.lead.passage"].flush_model()
        expected = [
            ("Contact made", "2025-09-01", "2025-09-22", "forward"),
            ("Needs analysed", "2025-09-22", "2025-10-20", "forward"),
            ("Offer sent", "2025-10-20", "2025-11-20", "forward"),
            ("Negotiation", "2025-11-20", None, "open"),
        ]
        self.assertEqual(self._describe(self.grinder), expected)
        self._bring_in("history_salesforce.csv")
        self.assertEqual(self._describe(self.grinder), expected)

    def test_old_value_since_the_start(self):
        content = (
            b"Deal ID,Field,Old value,New value,Time\n"
            b"101,Stage,Contact made,Offer sent,2025-04-28 10:00:00\n"
            b"101,Value,1000,2000,2025-05-05 10:00:00\n"
        )
        self._bring_in("old.csv", content)
        self.assertEqual(
            self._describe(self.lathe)[0],
            ("Contact made", "2025-03-03", "2025-04-28", "forward"),
        )
        self.assertEqual(self._get_snapshots(self.lathe)[0].amount, 1000)

    def test_activities(self):
        wizard = self._bring_in("activities.csv")
        self.assertEqual((wizard.activity_count, wizard.date_order), (5, "dmy"))
        self._bring_in("activities.csv")
        reports = self.env["crm.activity.report"].search(
            [("lead_id", "=", self.lathe.id)], order="date"
        )
        self.assertEqual(
            [
                (report.mail_activity_type_id, report.date, report.author_id)
                for report in reports
            ],
            [
                (self.env.ref(f"mail.mail_activity_data_{kind}"), moment, author)
                for kind, moment, author in (
                    ("call", datetime(2025, 3, 3, 8), self.claire.partner_id),
                    ("meeting", datetime(2025, 3, 24, 13), self.claire.partner_id),
                    ("email", datetime(2025, 4, 28, 14, 40), self.claire.partner_id),
                )
            ],
        )

    def test_two_date_formats_and_a_far_zone(self):
        for order, text in (
            ("dmy", "03/04/2025 23:30"),
            ("mdy", "04/03/2025 11:30 PM"),
        ):
            for zone, moment in (
                ("Pacific/Auckland", datetime(2025, 4, 3, 10, 30)),
                ("America/Los_Angeles", datetime(2025, 4, 4, 6, 30)),
            ):
                with self.subTest(order=order, zone=zone):
                    content = f"Deal ID,Stage,Date\n101,Contact made,{text}\n"
                    self._bring_in(
                        "dates.csv", content.encode(), date_order=order, tz=zone
                    )
                    change = self.env["crm.lead.change"].search(
                        [], order="id desc", limit=1
                    )
                    self.assertEqual(change.date, moment)

    def test_bad_rows(self):
        content = (
            "Deal ID,Stage,Amount,Date,User\n"
            "101,Contact made,abc,2025-03-03,Claire Fontaine\n"
            "101,Contact made,5,soon,Claire Fontaine\n"
            "101,Contact made,5,2099-01-01,Claire Fontaine\n"
            "999,Contact made,5,2025-03-03,Claire Fontaine\n"
            "101,Contact made,5,2025-03-03,Somebody\n"
            "101,Nonsense,5,2025-03-04,\n"
            "101,Nowhere,,,\n"
        )
        wizard = self._open("bad.csv", content.encode())
        for part in (
            "Row 2: “abc” is no number.",
            "Row 3: “soon” is no date",
            "Row 4: “2099-01-01” is in the future.",
            "999",
            "Somebody",
            "Row 8: it has no date.",
        ):
            self.assertIn(part, wizard.problems)
        self.assertEqual(wizard.change_count, 2)
        line = wizard.line_ids.filtered(lambda line: line.source_name == "Nonsense")
        self.assertEqual(line.meaning, "ignore")
        line.meaning = "stage"
        with self.assertRefused(UserError, "Choose the stage that “Nonsense” is"):
            wizard.action_import()
        line.stage_id = self.stages["Offer sent"]
        wizard.action_import()
        self.assertEqual(
            [stay[0] for stay in self._describe(self.lathe)],
            ["Contact made", "Offer sent", "Won"],
        )

    def test_no_history(self):
        for content, part in (
            (b"Colour,Size\nred,1\n", "no column for"),
            (b"Deal ID,Stage\n1,A\n", "when it changed"),
            (b"\x00\x01\x02", ""),
        ):
            with self.assertRefused(UserError, part):
                self._open("wrong.csv", content)
        with self.assertRefused(UserError, "nothing to import"):
            wizard = self._open("none.csv", b"Deal ID,Stage,Date\n9,A,2025-01-01\n")
            wizard.action_import()

    def test_roles(self):
        for user in (self.salesman, self.all_documents):
            with self.assertRaises(AccessError):
                self._open("history_pipedrive.csv", user=user)
        # The manager of another company does not find these deals.
        self.deals.sudo().company_id = self.company
        wizard = self._open("history_pipedrive.csv", user=self.foreigner)
        self.assertEqual(wizard.lead_count, 0)
        self.assertIn("not yours to change", wizard.problems)

    def test_form(self):
        form = Form(self.env["crm.history.import"].with_user(self.manager))
        form.file = b64encode(read_sample("history_hubspot.csv"))
        wizard = form.save()
        action = wizard.action_preview()
        self.assertEqual(action["res_id"], wizard.id)

    def test_background(self):
        """Much comes in by a scheduled action, which an interruption does not stop."""
        path = "odoo.addons.sales_pipeline_plus.wizard.crm_history_import_run"
        with patch(f"{path}.MAX_AT_ONCE", 1), patch(f"{path}.BATCH_SIZE", 1):
            wizard = self._open("history_pipedrive.csv")
            wizard.action_import()
            self.assertEqual(wizard.state, "running")
            cron_class = self.env.registry["ir.cron"]
            with patch.object(cron_class, "_commit_progress", lambda *a, **k: 0):
                self.env["crm.history.import"]._cron_import()
                self.assertEqual((wizard.state, wizard.done_count), ("running", 1))
            with patch.object(cron_class, "_commit_progress", lambda *a, **k: 60):
                self.env["crm.history.import"]._cron_import()
        self.assertEqual((wizard.state, wizard.done_count), ("done", 2))
        self.assertEqual(len(self._describe(self.lathe)), 5)
        self.assertEqual(len(self._describe(self.inserts)), 2)

    def test_background_failure(self):
        """An import that fails is given up; the one behind it comes in."""
        path = "odoo.addons.sales_pipeline_plus.wizard.crm_history_import_run"
        cron_class = self.env.registry["ir.cron"]
        imports = self.env["crm.history.import"]
        with patch(f"{path}.MAX_AT_ONCE", 1):
            lost, broken, good = (
                self._open(name, user=user)
                for name, user in (
                    ("history_pipedrive.csv", self.other_manager),
                    ("history_hubspot.csv", self.manager),
                    ("history_pipedrive.csv", self.manager),
                )
            )
            for wizard in (lost, broken, good):
                wizard.action_import()
        self.other_manager.write(
            {"group_ids": [Command.set(self.salesman.group_ids.ids)]}
        )
        run = type(imports)._read

        def read(wizard):
            if wizard == broken:
                raise KeyError("a bug")
            return run(wizard)

        with (
            patch.object(cron_class, "_commit_progress", lambda *a, **k: 60),
            patch.object(self.env.cr, "rollback", self.env.invalidate_all),
            patch.object(type(imports), "_read", read),
            self.assertLogs(path, "ERROR") as logs,
        ):
            imports._cron_import()
        self.assertEqual(len(logs.output), 2)
        lost, broken, good = (lost + broken + good).sudo()
        self.assertEqual(
            [(each.state, each.done_count) for each in (lost, broken, good)],
            [("failed", 0), ("failed", 0), ("done", 2)],
        )
        self.assertIn("The import was given up.", lost.failures)
        self.assertNotIn("a bug", broken.failures)
        self.assertIn("The administrator finds why in the log.", broken.message)
        for user in (self.other_manager, self.manager):
            self.assertTrue(
                self.env["mail.message"].search(
                    [
                        ("subject", "=", "History not imported"),
                        ("partner_ids", "in", user.partner_id.ids),
                    ]
                )
            )
        self.assertEqual(len(self._describe(self.lathe)), 5)
