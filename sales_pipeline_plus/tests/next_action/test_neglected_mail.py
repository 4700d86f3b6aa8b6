from ast import literal_eval
from unittest.mock import patch

from freezegun import freeze_time

from odoo import api
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools.safe_eval import safe_eval

from ..common import PipelineCase

MONDAY = "2026-03-02 08:00"
WEDNESDAY = "2026-03-04 08:00"
NEXT_MONDAY = "2026-03-09 08:00"


@tagged("post_install", "-at_install")
class TestNeglectedMail(PipelineCase):
    """Each owner and team leader gets what he may read, once per period."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].search([]).unlink()
        cls.env["res.company"].search([]).neglected_deals_frequency = "off"
        (cls.company + cls.other_company).neglected_deals_frequency = "weekly"
        cls.mails = cls.env["crm.neglected.mail"]
        for user in cls.salesman + cls.colleague + cls.manager + cls.foreigner:
            user.email = f"{user.login}@example.com"
        with freeze_time("2026-03-01 08:00"):
            cls.deal = cls._new_deal(cls.equipment, cls.qualified, name="Lathe <1>")
            cls.env.flush_all()

    def _run(self, now=MONDAY):
        """Run the cron, which would end the test's transaction, and return the mails
        that it queued, by address."""
        before = self.env["mail.mail"].search([])
        cron = type(self.env["ir.cron"])
        with (
            freeze_time(now),
            patch.object(cron, "_commit_progress", return_value=1000) as progress,
        ):
            self.mails._cron_send()
            self.env.flush_all()
        self.progress = progress
        queued = self.env["mail.mail"].search([]) - before
        return {mail.email_to.split("<")[1].strip(">"): mail for mail in queued}

    def test_owner_gets_it_once(self):
        queued = self._run()
        self.assertEqual(list(queued), ["pipeline_salesman@example.com"])
        mail = queued["pipeline_salesman@example.com"]
        self.assertIn("Lathe &lt;1&gt;", mail.body_html)
        self.assertIn(f"/odoo/crm.lead/{self.deal.id}", mail.body_html)
        self.assertIn("No next action", mail.body_html)
        self.assertEqual(mail.subject, "Neglected opportunities: 1")
        self.assertFalse(self._run())
        self.assertFalse(self._run(WEDNESDAY))
        self.assertTrue(self._run(NEXT_MONDAY))

    def test_nothing_neglected(self):
        """Who has nothing on Monday gets nothing during the week."""
        with freeze_time(MONDAY):
            self.deal.activity_schedule(
                "mail.mail_activity_data_call", date_deadline="2026-03-03"
            )
        self.assertFalse(self._run())
        row = self.mails.search([("user_id", "=", self.salesman.id)])
        self.assertEqual(row.deal_count, 0)
        # The action of the 3rd is overdue on the 4th.
        self.assertFalse(self._run(WEDNESDAY))
        queued = self._run(NEXT_MONDAY)
        self.assertIn("overdue", queued["pipeline_salesman@example.com"].body_html)

    def test_out_of_standard(self):
        self.equipment.pipeline_stage_ids[0].limit_days = 3
        with freeze_time(MONDAY):
            self.deal.activity_schedule(
                "mail.mail_activity_data_call", date_deadline="2026-05-01"
            )
        self.assertFalse(self._run())
        self._set_in_stage_since(self.deal, "2020-01-01")
        queued = self._run(NEXT_MONDAY)
        self.assertIn("Days in this stage: ", queued.popitem()[1].body_html)

    def test_frequencies(self):
        self.company.neglected_deals_frequency = "daily"
        self.assertTrue(self._run(MONDAY))
        self.assertTrue(self._run(WEDNESDAY))
        self.company.neglected_deals_frequency = "monthly"
        self.assertFalse(self._run(NEXT_MONDAY))
        self.assertTrue(self._run("2026-04-02 08:00"))
        self.company.neglected_deals_frequency = "off"
        self.assertFalse(self._run("2026-05-04 08:00"))

    def test_late_decision(self):
        """A decision date that has passed is neglected, as in the weekly review."""
        with freeze_time(MONDAY):
            self.deal.activity_schedule(
                "mail.mail_activity_data_call", date_deadline="2026-05-01"
            )
        self.deal.date_deadline = "2026-03-01"
        queued = self._run()
        self.assertIn("Closing expected on", queued.popitem()[1].body_html)
        with freeze_time(MONDAY):
            self.assertEqual(self.deal.review_state, "late")

    def test_same_deals_as_the_review(self):
        """The page that the mail opens lists what the mail counts."""
        self._new_deals(3)
        self._new_deals(2).active = False
        self._run()
        row = self.mails.search([("user_id", "=", self.salesman.id)])
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_pipeline_plus.crm_lead_action_neglected"
        )
        leads = self.env["crm.lead"].with_user(self.salesman)
        with freeze_time(MONDAY):
            found = leads.with_context(active_test=False).search(
                [*literal_eval(action["domain"]), ("user_id", "=", self.salesman.id)]
            )
        self.assertEqual(len(found), row.deal_count)
        self.assertEqual(row.deal_count, 4)

    def test_monday_morning_of_the_reader(self):
        for tz, before, after in (
            ("Pacific/Honolulu", "2026-03-02 15:55", "2026-03-02 16:05"),
            ("Asia/Tokyo", "2026-03-08 20:55", "2026-03-08 21:05"),
            ("Europe/Paris", "2026-03-16 04:55", "2026-03-16 05:05"),
        ):
            self.salesman.tz = tz
            self.mails.search([]).sudo().unlink()
            # What is due of the week before goes out first.
            self._run(before)
            self.assertFalse(self._run(before), tz)
            self.assertTrue(self._run(after), tz)

    def test_team_leader(self):
        self.equipment_team.user_id = self.manager
        queued = self._run()
        body = queued["pipeline_manager@example.com"].body_html
        self.assertIn("Opportunities of your team", body)
        self.assertIn("Lathe", body)
        self.assertIn(self.salesman.name, body)

    def test_team_page(self):
        """The page behind what the leader's teams neglect lists just that."""
        self.equipment_team.user_id = self.manager
        self.spares_team.user_id = False
        self._new_deals(3)
        self._new_deals(2).user_id = self.manager
        self._new_deals(1).user_id = False
        self._new_deals(1).team_id = self.spares_team
        self._run()
        row = self.mails.search([("user_id", "=", self.manager.id)])
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_pipeline_plus.crm_lead_action_neglected_team"
        )
        domain = safe_eval(action["domain"], {"uid": self.manager.id})
        with freeze_time(MONDAY):
            sections = row._get_sections()
            found = self.env["crm.lead"].with_user(self.manager).search(domain)
        self.assertEqual([section["count"] for section in sections], [2, 5])
        self.assertEqual(len(found), 5)

    def test_leader_without_rights(self):
        """A leader with own documents only is not told what he may not read."""
        self.equipment_team.user_id = self.colleague
        queued = self._run()
        self.assertEqual(list(queued), ["pipeline_salesman@example.com"])

    def test_companies_apart(self):
        self._new_deal(
            name="Abroad",
            user=self.foreigner,
            user_id=self.foreigner.id,
            team_id=self.foreign_team.id,
            company_id=self.other_company.id,
        )
        self.manager.company_ids = [Command.link(self.other_company.id)]
        (self.equipment_team + self.foreign_team).user_id = self.manager
        before = self.env["mail.mail"].search([])
        self._run()
        mails = self.env["mail.mail"].search(
            [("email_to", "ilike", "pipeline_manager@"), ("id", "not in", before.ids)]
        )
        self.assertEqual(len(mails), 2)
        for mail in mails:
            self.assertNotEqual("Lathe" in mail.body_html, "Abroad" in mail.body_html)

    def test_deal_of_no_company(self):
        """It comes once, with the main company of its owner."""
        self.deal.sudo().unlink()
        self.manager.company_ids = [Command.link(self.other_company.id)]
        self.equipment_team.company_id = False
        self.env["crm.lead"].create(
            {
                "name": "Shared",
                "type": "opportunity",
                "user_id": self.manager.id,
                "team_id": self.equipment_team.id,
                "pipeline_id": self.equipment.id,
                "company_id": False,
            }
        )
        self._run()
        counts = self.mails.search([("user_id", "=", self.manager.id)])
        self.assertEqual(sorted(counts.mapped("deal_count")), [0, 1])

    def test_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.salesman.lang = "fr_FR"
        stage = self.qualified.with_context(lang="fr_FR")
        stage.name = "Qualifiée"
        queued = self._run()
        self.assertIn("Qualifiée", queued.popitem()[1].body_html)

    def test_turned_off_by_the_user(self):
        self.salesman.with_user(self.salesman).neglected_deals_mail = False
        self.assertFalse(self._run())

    def test_closed_deals_are_left_alone(self):
        self.deal.action_set_won()
        self.assertFalse(self._run())

    def test_many_deals(self):
        self._new_deals(30)
        body = self._run().popitem()[1].body_html
        self.assertIn("11 more are not shown here", " ".join(body.split()))

    def _new_deals(self, number):
        values = self._prepare_deal(self.equipment, self.qualified)
        with freeze_time("2026-03-01 08:00"):
            return self.env["crm.lead"].create([values] * number)

    def test_progress(self):
        """The cron keeps what is done after each recipient and stops in time."""
        self._new_deal(self.spares, self.qualified)
        cron = type(self.env["ir.cron"])
        before = self.env["mail.mail"].search_count([])
        with (
            freeze_time(MONDAY),
            patch.object(cron, "_commit_progress", return_value=0) as progress,
        ):
            self.mails._cron_send()
        self.assertEqual(self.env["mail.mail"].search_count([]), before + 1)
        self.assertEqual(progress.call_args_list[0].kwargs, {"remaining": 2})
        self.assertEqual(len(self._run()), 1)

    def test_a_failure_spares_the_others(self):
        self._new_deal(self.spares, self.qualified)
        describe = type(self.mails)._describe

        def fail(mail, lead, with_owner):
            if mail.user_id == self.salesman:
                raise ValueError("Broken")
            return describe(mail, lead, with_owner)

        with (
            patch.object(type(self.mails), "_describe", fail),
            self.assertLogs("odoo.addons.sales_pipeline_plus", "ERROR"),
        ):
            queued = self._run()
        self.assertEqual(list(queued), ["pipeline_colleague@example.com"])
        # It is not taken for sent.
        self.assertEqual(list(self._run()), ["pipeline_salesman@example.com"])

    def test_competing_worker(self):
        """Another transaction has just sent it: this one queues nothing."""
        admin = self.env.ref("base.user_admin")
        company = self.env.ref("base.main_company")
        date = "1999-01-04"
        with self.registry.cursor() as other:
            other_env = api.Environment(other, api.SUPERUSER_ID, {})
            row = other_env["crm.neglected.mail"]._book(
                admin.with_env(other_env), company.with_env(other_env), date
            )
            row_id = row.id
            other.commit()
            try:
                before = self.env["mail.mail"].search_count([])
                self.mails._send_once(admin, company, date)
                self.assertEqual(self.env["mail.mail"].search_count([]), before)
            finally:
                other_env["crm.neglected.mail"].browse(row_id).unlink()
                other.commit()

    def test_only_managers_read_the_log(self):
        self._run()
        rows = self.mails.search([])
        self.assertTrue(rows.with_user(self.manager).has_access("read"))
        self.assertFalse(rows.with_user(self.manager).has_access("write"))
        self.assertFalse(rows.with_user(self.salesman).has_access("read"))
        self.assertFalse(rows.with_user(self.foreigner).search([]))


@tagged("post_install", "-at_install")
class TestNeglectedMailLink(HttpCase):
    """The link in the mail asks, then turns the mail off; nobody can make one up."""

    def test_unsubscribe(self):
        user = self.env.ref("base.user_admin")
        user.neglected_deals_mail = True
        token = self.env["crm.neglected.mail"]._get_unsubscribe_token(user.id)
        url = f"/crm/neglected-deals/unsubscribe?user_id={user.id}&token="
        self.assertEqual(self.url_open(url + "made-up").status_code, 404)
        self.assertEqual(self.url_open(url + "x", data={}).status_code, 404)
        bare = url.partition("?")[0]
        for files, data in (
            ({"user_id": b"1", "token": b"x"}, {}),
            ({"token": token.encode()}, {"user_id": user.id}),
            ({"user_id": b"1"}, {"token": token}),
        ):
            answer = self.url_open(bare, data=data, files=files)
            self.assertEqual(answer.status_code, 404)
        self.assertIn("Turn it off", self.url_open(url + token).text)
        user.invalidate_recordset()
        self.assertTrue(user.neglected_deals_mail)
        answer = self.url_open(url + token, data={"List-Unsubscribe": "One-Click"})
        self.assertEqual(answer.status_code, 200)
        user.invalidate_recordset()
        self.assertFalse(user.neglected_deals_mail)
