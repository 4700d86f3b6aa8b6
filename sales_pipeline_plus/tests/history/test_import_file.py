from datetime import datetime

from odoo import fields
from odoo.tests import tagged
from odoo.tools import file_path

from ..common_history import HistoryCase

FILES = ("opportunities_en.xlsx", "opportunities_fr.xlsx")
CREATED = ("partner_id", "lost_reason_id", "source_id")


class ImportFileCase(HistoryCase):
    """Files on Odoo's import screen."""

    def _get_messages(self, result):
        return "\n".join(message["message"] for message in result["messages"])

    def _import_deals(self, name, *args, **kwargs):
        result, _preview = self._import(name, *args, **kwargs)
        self.assertFalse(self._get_messages(result))
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["crm.lead"].browse(result["ids"])


@tagged("post_install", "-at_install")
class TestImportFile(ImportFileCase):
    """Our own file on Odoo's import screen."""

    def test_template_is_offered(self):
        leads = self.env["crm.lead"].with_user(self.manager)
        self.manager.lang = "en_US"
        template = leads.get_import_templates()[0]
        self.assertTrue(template["template"].endswith("/opportunities_en.xlsx"))
        self.env["res.lang"]._activate_lang("fr_FR")
        self.manager.lang = "fr_FR"
        template = leads.get_import_templates()[0]
        self.assertTrue(template["template"].endswith("/opportunities_fr.xlsx"))
        self.assertTrue(file_path("sales_pipeline_plus" + template["template"][20:]))

    def test_columns_are_found(self):
        for name in FILES:
            with self.subTest(name):
                _result, preview = self._import(name, dryrun=True)
                self.assertEqual(len(preview["matches"]), len(preview["headers"]))

    def test_templates(self):
        for name in FILES:
            with self.subTest(name), self.cr.savepoint() as savepoint:
                deals = self._import_deals(name, create_names=CREATED)
                self._check_deals(deals)
                messages = self._describe_messages(deals)
                # Once more: the same ones, and nobody is told anything.
                self.assertEqual(self._import_deals(name, create_names=CREATED), deals)
                self._check_deals(deals)
                self.assertEqual(self._describe_messages(deals), messages)
                savepoint.rollback()
                self.env.invalidate_all()

    def _describe_messages(self, deals):
        self.env.flush_all()
        return [
            (message.body, message.tracking_value_ids.mapped("field_id.name"))
            for deal in deals
            for message in deal.message_ids
        ]

    def test_the_same_file_again(self):
        """Nothing is written to the chatter of what has not changed."""
        self.env = self.env(context={**self.env.context, "mail_notrack": False})
        for reason_required in (False, True):
            self.machines.lost_reason_required = reason_required
            with self.subTest(reason_required), self.cr.savepoint() as savepoint:
                deals = self._import_deals(FILES[0], create_names=CREATED)
                self.cr.precommit.run()
                messages = self._describe_messages(deals)
                passages = self.env["crm.lead.passage"].search(
                    [("lead_id", "in", deals.ids)]
                )
                before = passages.read()
                slips = deals.read(["postponement_count", "first_decision_date"])
                for _time in range(2):
                    self._import_deals(FILES[0], create_names=CREATED)
                    self.cr.precommit.run()
                    self.assertEqual(self._describe_messages(deals), messages)
                self.assertEqual(passages.read(), before)
                self.assertEqual(
                    deals.read(["postponement_count", "first_decision_date"]), slips
                )
                savepoint.rollback()
                self.env.invalidate_all()

    def _check_deals(self, deals):
        self.assertEqual(
            deals.mapped("won_status"),
            ["won", "lost", "lost", "won", "pending", "pending"],
        )
        self.assertEqual(set(deals.mapped("type")), {"opportunity"})
        lathe, inserts, cell, centre, grinder, oil = deals
        self.assertEqual(lathe.stage_id, self.stages["Won"])
        self.assertEqual(lathe.expected_revenue, 149900)
        self.assertEqual(lathe.user_id, self.claire)
        self.assertEqual(lathe.partner_id.name, "Usinage du Lac")
        self.assertEqual(lathe.date_start.date(), datetime(2025, 3, 3).date())
        self.assertEqual(lathe.date_closed.date(), datetime(2025, 6, 20).date())
        self.assertEqual(fields.Date.to_string(lathe.date_deadline), "2025-07-01")
        self.assertEqual(
            [
                (line.product_id.name, line.product_uom_qty, line.price_unit)
                for line in lathe.product_line_ids
            ],
            [("CNC lathe TX 200", 1, 148000), ("Operator training (day)", 2, 950)],
        )
        self.assertFalse(inserts.active)
        self.assertEqual(inserts.lost_reason_id.name, "Competitor chosen")
        self.assertEqual(inserts.stage_id, self.stages["Quotation"])
        self.assertEqual(inserts.pipeline_id, self.consumables)
        self.assertEqual(cell.user_id, self.thomas)
        self.assertEqual(centre.source_id.name, "Referral")
        self.assertEqual(grinder.stage_id, self.stages["Offer sent"])
        self.assertTrue(oil.active)
        lost = (inserts + cell).passage_ids
        self.assertEqual(lost.mapped("is_path_known"), [False, False])

    def test_missing(self):
        """All that is missing is named at once, and what can be done about it."""
        header = "Opportunity,Customer,Pipeline,Stage,Salesperson E-mail,Lost Reason"
        rows = [
            f"Deal {n},Client {n % 3},Nowhere,Offer sent,ghost@example.com,Too late"
            for n in range(60)
        ]
        content = "\n".join([header, *rows]).encode()
        result, _preview = self._import("deals.csv", content)
        self.assertFalse(result["ids"])
        message = result["messages"][-1]["message"]
        for part in (
            "Contact (3): Client 0, Client 1, Client 2.",
            "Pipeline (1): Nowhere.",
            "Salesperson (1): ghost@example.com.",
            "Lost Reason (1): Too late.",
            "“Create new values” beside these columns",
            "Contact, Lost Reason.",
            "Users, sales teams, pipelines and stages are not created",
        ):
            self.assertIn(part, message)
        self.assertNotIn("record", result["messages"][-1])

    def test_created_on_demand(self):
        """Customers and reasons are created if asked for; users never are."""
        header = "Opportunity,Customer,Pipeline,Stage,Salesperson E-mail"
        row = "Deal,New client,Equipment and engineering,Offer sent,ghost@example.com"
        content = f"{header}\n{row}".encode()
        names = ("partner_id", "user_id")
        result, _preview = self._import("deals.csv", content, create_names=names)
        self.assertIn("Salesperson (1): ghost@example.com.", self._get_messages(result))
        self.assertFalse(
            self.env["res.users"].search([("login", "=", "ghost@example.com")])
        )
        content = content.replace(b"ghost@example.com", b"pipeline_nadia")
        deals = self._import_deals("deals.csv", content, create_names=names)
        self.assertEqual(deals.partner_id.name, "New client")
        self.assertEqual(deals.user_id, self.nadia)

    def test_people(self):
        """By e-mail in any case, by login or by name; also who has left."""
        self.thomas.active = False
        header = "Opportunity,Pipeline,Salesperson E-mail"
        pipeline = "Equipment and engineering"
        rows = (
            f"One,{pipeline},CLAIRE.fontaine@tartempion.example.com",
            f"Two,{pipeline},thomas.girard@tartempion.example.com",
            f"Three,{pipeline},Nadia Benali",
            f"Four,{pipeline},",
        )
        deals = self._import_deals("deals.csv", "\n".join([header, *rows]).encode())
        self.assertEqual(
            [deal.user_id for deal in deals[:3]], [self.claire, self.thomas, self.nadia]
        )

    def test_two_date_formats(self):
        for header, rows, date_format in (
            ("Start Date,Closed Date", "2025-06-19,2025-06-20", "%Y-%m-%d"),
            ("Start Date,Closed Date", "19/06/2025,20/06/2025", "%d/%m/%Y"),
        ):
            with self.subTest(date_format):
                content = (
                    f"Opportunity,Pipeline,Status,{header}\n"
                    f"Deal,Equipment and engineering,won,{rows}"
                )
                deal = self._import_deals(
                    "deals.csv", content.encode(), date_format=date_format
                )
                self.assertEqual(deal.date_closed.date(), datetime(2025, 6, 20).date())
                self.assertEqual(deal.day_close, 1)

    def test_far_time_zone(self):
        """A day is noon at the company, wherever the importer sits."""
        self.company.partner_id.tz = "America/Los_Angeles"
        for zone in ("Pacific/Auckland", "America/Los_Angeles", "Europe/Paris"):
            with self.subTest(zone):
                self.manager.tz = zone
                content = (
                    "Opportunity,Pipeline,Status,Start Date,Closed Date\n"
                    "Deal,Equipment and engineering,won,2025-06-01,2025-06-30"
                )
                deal = self._import_deals("deals.csv", content.encode())
                self.assertEqual(deal.date_closed, datetime(2025, 6, 30, 19))
                self.assertEqual(deal.date_start, datetime(2025, 6, 1, 19))

    def test_started_today(self):
        """Noon of today is still to come in the morning."""
        today = fields.Date.to_string(fields.Date.today())
        content = (
            "Opportunity,Pipeline,Status,Start Date,Closed Date\n"
            f"Deal,Equipment and engineering,lost,{today},{today}"
        )
        deal = self._import_deals("deals.csv", content.encode())
        self.assertEqual(deal.won_status, "lost")

    def test_lost_as_a_stage(self):
        content = (
            "Opportunity,Pipeline,Stage\n"
            "One,Equipment and engineering,Closed Lost\n"
            "Two,Equipment and engineering,Perdu\n"
            "Three,Equipment and engineering,Offer sent\n"
            "Four,Equipment and engineering,Gagné"
        )
        deals = self._import_deals("deals.csv", content.encode())
        self.assertEqual(deals.mapped("won_status"), ["lost", "lost", "pending", "won"])

    def test_contradiction(self):
        content = (
            "Opportunity,Pipeline,Stage,Status\n"
            "Lathe,Equipment and engineering,Won,Lost\n"
            "Mill,Equipment and engineering,Offer sent,Open\n"
        )
        result, _preview = self._import("deals.csv", content.encode())
        self.assertIn(
            "“Lathe”: “Won” is a won stage, and its status says",
            self._get_messages(result),
        )
        self.assertFalse(self.env["crm.lead"].search([("name", "=", "Mill")]))

    def test_unknown_status(self):
        content = b"Opportunity,Status\nLathe,Perhaps"
        result, _preview = self._import("deals.csv", content)
        self.assertIn("Perhaps", self._get_messages(result))

    def test_no_won_stage(self):
        self._new_pipeline("Endless", {self.offer: 10})
        content = b"Opportunity,Pipeline,Status\nLathe,Endless,won"
        result, _preview = self._import("deals.csv", content)
        self.assertIn("its pipeline has no won stage", self._get_messages(result))

    def test_roles(self):
        """A salesperson imports deals, without the dates of the past."""
        content = b"Opportunity,Pipeline,Status\nLathe,Equipment,won"
        deal = self._import_deals("deals.csv", content, user=self.salesman)
        self.assertEqual((deal.won_status, deal.user_id), ("won", self.salesman))
        content = (
            b"Opportunity,Pipeline,Status,Closed Date\nLathe,Equipment,won,2025-06-30"
        )
        result, _preview = self._import("deals.csv", content, user=self.salesman)
        self.assertIn("Only a sales manager", self._get_messages(result))

    def test_status_by_write(self):
        """Who writes a status gets what it means."""
        deal = self._new_deal(self.equipment, self.offer)
        deal.import_status = "won"
        self.assertEqual((deal.stage_id, deal.won_status), (self.won, "won"))
        other = self._new_deal(self.equipment, self.offer)
        other.import_status = "lost"
        self.assertEqual((other.active, other.won_status), (False, "lost"))

    def _get_query_count(self, rows):
        header = (
            "Opportunity,Customer,Pipeline,Stage,Status,Salesperson E-mail,"
            "Start Date,Closed Date,Product,Quantity,Unit Price\n"
        )
        self.env["res.partner"].create([{"name": f"C {rows}.{n}"} for n in range(rows)])
        content = header + "\n".join(
            f"Deal {n},C {rows}.{n},Equipment and engineering,Offer sent,"
            f"{('won', 'lost', 'open')[n % 3]},pipeline_claire,2025-01-31,"
            f"{'' if n % 3 == 2 else '2025-06-30'},CNC lathe TX 200,1,100"
            for n in range(rows)
        )
        self.env.flush_all()
        before = self.cr.sql_log_count
        self._import_deals("deals.csv", content.encode())
        return self.cr.sql_log_count - before

    def test_queries(self):
        """Linear: Odoo's own messages and followers, one search for all names."""
        self._get_query_count(10)
        first, second = (self._get_query_count(rows) for rows in (100, 200))
        self.assertLess(second - first, 100 * 20)
