from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestRequirementDetours(PipelineCase):
    """What a stage asks for holds, whatever way round is taken."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._line(cls, cls.equipment, cls.offer)
        cls.tag = cls.env["crm.tag"].create({"name": "P. Tag"})

    def _require(self, *names):
        self.line.requirement_ids = [
            Command.create({"field_name": name}) for name in names
        ]

    def assertStays(self, deal, **values):
        """Check that a refused change has left nothing behind."""
        self.env.invalidate_all()
        for name, value in values.items():
            self.assertEqual(deal[name], value)

    def test_emptied_many2many(self):
        self._require("tag_ids")
        deal = self._new_deal(
            self.equipment, self.offer, tag_ids=[Command.set(self.tag.ids)]
        )
        for commands in (
            [Command.clear()],
            [Command.set([])],
            [Command.unlink(self.tag.id)],
            False,
        ):
            with (
                self.subTest(commands=commands),
                self.assertRefused(ValidationError, "Deal", "Offer", "Tags"),
                self.env.cr.savepoint(),
            ):
                deal.write({"tag_ids": commands})
            self.assertStays(deal, tag_ids=self.tag)
        other = self.tag.copy({"name": "P. Other"})
        deal.write({"tag_ids": [Command.set(other.ids)]})
        self.assertEqual(deal.tag_ids, other)

    def test_html_without_text(self):
        self._require("description")
        with self.assertRefused(ValidationError, "Notes"):
            self._new_deal(self.equipment, self.offer, description="<p><br></p>")
        deal = self._new_deal(self.equipment, self.offer, description="<p>Yes</p>")
        for text in ("<p><br></p>", "<p> </p>", "", False):
            with (
                self.subTest(text=text),
                self.assertRefused(ValidationError, "Notes"),
                self.env.cr.savepoint(),
            ):
                deal.description = text

    def test_blanks(self):
        self._require("referred")
        with self.assertRefused(ValidationError, "Referred By"):
            self._new_deal(self.equipment, self.offer, referred="   ")
        deal = self._new_deal(self.equipment, self.offer, referred="Ann")
        with self.assertRefused(ValidationError, "Referred By"):
            deal.referred = " \t "
        with self.assertRefused(ValidationError, "Referred By"), Form(deal) as form:
            form.referred = "  "

    def test_computed_emptying(self):
        """The address of another contact may lack what the stage asks for."""
        self._require("city")
        there, nowhere = self.env["res.partner"].create(
            [{"name": "There", "city": "Lyon"}, {"name": "Nowhere"}]
        )
        deal = self._new_deal(self.equipment, self.offer, partner_id=there.id)
        self.assertEqual(deal.city, "Lyon")
        deal.partner_id = nowhere
        self.env.flush_all()
        if not deal.city:
            self.assertTrue(deal.incomplete_since)

    def test_archived_moved_restored(self):
        self._require("referred")
        deal = self._new_deal(self.equipment, self.qualified)
        deal.action_archive()
        deal.stage_id = self.offer
        with self.assertRefused(ValidationError, "Offer", "Referred By"):
            deal.action_unarchive()
        self.assertStays(deal, active=False)
        deal.referred = "Ann"
        deal.action_unarchive()
        self.assertTrue(deal.active)

    def test_archived_and_restored_where_it_was(self):
        deal = self._new_deal(self.equipment, self.offer)
        self._require("referred")
        deal.action_archive()
        deal.action_unarchive()
        self.assertTrue(deal.active)
        won = self._new_deal(self.equipment, self.won, referred="Ann")
        won.action_archive()
        won.action_unarchive()
        self.assertTrue(won.active)

    def test_archived_in_the_write_that_moves(self):
        self._require("referred")
        deal = self._new_deal(self.equipment, self.qualified)
        deal.write({"active": False, "stage_id": self.offer.id})
        with self.assertRefused(ValidationError, "Referred By"):
            deal.write({"active": True})

    def test_lead_moved_and_made_a_deal_again(self):
        self._require("referred")
        deal = self._new_deal(self.equipment, self.qualified)
        deal.type = "lead"
        deal.stage_id = self.offer
        with self.assertRefused(ValidationError, "Offer", "Referred By"):
            deal.type = "opportunity"
        with self.assertRefused(ValidationError, "Offer", "Referred By"):
            deal.convert_opportunity(False)

    def test_merge_where_nothing_moves(self):
        """Old deals lack what a later rule asks for: they can be merged."""
        deals = self._new_deal(self.equipment, self.offer) + self._new_deal(
            self.equipment, self.offer
        )
        self._require("referred", "description", "tag_ids")
        merged = deals.merge_opportunity()
        self.assertEqual(merged.stage_id, self.offer)
        self.assertEqual(len(deals.exists()), 1)

    def test_edited_freely_until_it_moves(self):
        deal = self._new_deal(self.equipment, self.offer)
        self._require("referred", "tag_ids")
        deal.write({"referred": False, "tag_ids": [Command.clear()], "name": "New"})
        self.assertEqual(deal.name, "New")
        with self.assertRefused(ValidationError, "Negotiation", "Referred By"):
            deal.stage_id = self.negotiation


@tagged("post_install", "-at_install")
class TestIncompleteEntries(PipelineCase):
    """No rule for persons loses what comes from a machine."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._line(cls, cls.equipment, cls.qualified)
        cls.line.requirement_ids = [Command.create({"field_name": "referred"})]

    def assertIncomplete(self, deal):
        self.assertTrue(deal.incomplete_since)
        self.assertIn("Referred By", deal.missing_now)
        self.assertIn("Referred By", "".join(deal.message_ids.mapped("body")))
        with self.assertRefused(ValidationError, "Referred By"):
            deal.with_user(self.salesman).stage_id = self.offer
        deal.with_user(self.salesman).referred = "Ann"
        self.env.flush_all()
        self.assertFalse(deal.incomplete_since)

    def test_person(self):
        with self.assertRefused(ValidationError, "Referred By"):
            self._new_deal(self.equipment)

    def test_web_form(self):
        deal = self.env["crm.lead"].sudo().create(self._prepare_deal(self.equipment))
        self.assertIncomplete(deal)

    def test_mail(self):
        deal = self.env["crm.lead"].browse(
            self.env["mail.thread"].message_process(
                "crm.lead",
                "From: Ann <ann@example.com>\nTo: sales@example.com\n"
                "Message-Id: <pipeline.1@example.com>\n"
                "Subject: An offer, please\n\nYes",
                custom_values={
                    "type": "opportunity",
                    "team_id": self.equipment_team.id,
                    "user_id": self.salesman.id,
                    "company_id": self.company.id,
                },
            )
        )
        self.assertEqual(deal.pipeline_id, self.equipment)
        self.assertIncomplete(deal)

    def test_machine_with_the_rights_of_a_person(self):
        vals = self._prepare_deal(self.equipment)
        leads = self.env["crm.lead"].with_user(self.salesman)
        with self.assertRefused(ValidationError, "Referred By"):
            leads.create([vals, {**vals, "referred": "Ann"}])

    def test_assignment(self):
        """A lead that lacks something is assigned like the others."""
        self.env["ir.config_parameter"].set_param("crm.lead.auto.assignment", True)
        leads = self.env["crm.lead"].create(
            [
                {
                    "name": "Lead",
                    "type": "lead",
                    "team_id": self.equipment_team.id,
                    "user_id": False,
                    "company_id": self.company.id,
                    "probability": 50,
                }
                for _number in range(2)
            ]
        )
        leads[1].referred = "Ann"
        self.equipment_team.member_ids = self.salesman
        self.equipment_team.crm_team_member_ids.assignment_max = 300
        self.env.flush_all()
        self.equipment_team.with_user(self.manager).action_assign_leads()
        self.assertEqual(set(leads.mapped("type")), {"opportunity"})
        self.assertEqual(leads.user_id, self.salesman)
        self.assertIncomplete(leads[0])

    def test_import_refuses_by_row(self):
        result = (
            self.env["crm.lead"]
            .with_user(self.manager)
            .load(
                ["name", "type", "pipeline_id", "team_id", "referred"],
                [
                    ["One", "Opportunity", "Equipment", "Machines", "Ann"],
                    ["Two", "Opportunity", "Equipment", "Machines", ""],
                ],
            )
        )
        self.assertFalse(result["ids"])
        self.assertIn("Two", result["messages"][0]["message"])
