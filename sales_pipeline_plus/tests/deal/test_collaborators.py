from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from ..common import PipelineCase

COMMENT = "Called them"


@tagged("post_install", "-at_install")
class TestCollaborators(PipelineCase):
    """Who works on a deal of someone else sees it, edits it and follows it."""

    def _share(self, deal, *users):
        deal.collaborator_ids = [Command.link(user.id) for user in users]
        self.env.flush_all()
        self.env.invalidate_all()

    def test_access(self):
        deal = self._new_deal(self.equipment)
        theirs = deal.with_user(self.colleague)
        leads = self.env["crm.lead"].with_user(self.colleague)
        self.assertNotIn(deal, leads.search([]))
        with self.assertRaises(AccessError):
            theirs.read(["name"])
        self._share(deal, self.colleague)
        self.assertIn(deal, leads.search([]))
        self.assertEqual(
            leads.search([("collaborator_ids", "in", [self.colleague.id])]), deal
        )
        theirs.web_save({"stage_id": self.negotiation.id}, {"probability": {}})
        with Form(theirs) as form:
            form.expected_revenue = 4321
        theirs.message_post(body=COMMENT)
        theirs.activity_schedule("mail.mail_activity_data_call", user_id=self.env.uid)
        self.assertDeal(deal, 80, "stage", stage=self.negotiation)
        deal.collaborator_ids = [Command.unlink(self.colleague.id)]
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertNotIn(deal, leads.search([]))
        with self.assertRaises(AccessError):
            theirs.write({"name": "Mine"})

    def test_contacts_and_answers(self):
        question = self.env["crm.pipeline.question"].create(
            {"pipeline_id": self.equipment.id, "name": "Budget?"}
        )
        partner = self.env["res.partner"].create({"name": "Someone"})
        deal = self._new_deal(self.equipment, partner_id=partner.id)
        answer = deal.env["crm.lead.answer"].create(
            {"lead_id": deal.id, "question_id": question.id, "yes_no": "no"}
        )
        hanging = (
            answer.with_user(self.colleague),
            deal.contact_ids.with_user(self.colleague),
        )
        self.env.flush_all()
        self.env.invalidate_all()
        for records in hanging:
            with self.assertRaises(AccessError):
                records.write({"comment": "Seen"})
        self._share(deal, self.colleague)
        for records in hanging:
            records.write({"comment": "Seen"})
            self.assertEqual(records.read(["comment"])[0]["comment"], "Seen")

    def test_quotations(self):
        partner = self.env["res.partner"].create({"name": "Someone"})
        product = self.env["product.product"].create({"name": "Lathe"})
        deal = self._new_deal(self.equipment, partner_id=partner.id)
        line = Command.create({"product_id": product.id, "price_unit": 5})
        order = (
            self.env["sale.order"]
            .with_user(self.salesman)
            .create(
                {
                    "partner_id": partner.id,
                    "opportunity_id": deal.id,
                    "user_id": self.salesman.id,
                    "order_line": [line],
                }
            )
        )
        other = order.copy({"opportunity_id": False, "user_id": self.salesman.id})
        theirs = order.with_user(self.colleague)
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            theirs.read(["name"])
        self._share(deal, self.colleague)
        theirs.order_line.price_unit = 7
        theirs.note = "Seen"
        self.assertEqual(theirs.order_line.price_unit, 7)
        with self.assertRaises(AccessError):
            other.with_user(self.colleague).read(["name"])

    def test_followers(self):
        deal = self._new_deal(self.equipment)
        partners = (self.colleague | self.manager).partner_id
        self._share(deal, self.colleague, self.manager)
        self.assertLessEqual(partners, deal.message_partner_ids)
        deal.collaborator_ids = self.manager
        self.assertNotIn(self.colleague.partner_id, deal.message_partner_ids)
        self.assertIn(self.manager.partner_id, deal.message_partner_ids)

    def test_owner_goes_on_following(self):
        deal = self._new_deal(self.equipment)
        deal.message_subscribe(partner_ids=self.salesman.partner_id.ids)
        self._share(deal, self.salesman, self.colleague)
        deal.write({"collaborator_ids": [Command.clear()]})
        self.assertIn(self.salesman.partner_id, deal.message_partner_ids)
        self.assertNotIn(self.colleague.partner_id, deal.message_partner_ids)

    def test_create(self):
        deal = self._new_deal(
            self.equipment, collaborator_ids=[Command.set(self.colleague.ids)]
        )
        self.assertIn(self.colleague.partner_id, deal.message_partner_ids)
        self.assertTrue(
            self.env["mail.message"].search(
                [
                    ("model", "=", "crm.lead"),
                    ("res_id", "=", deal.id),
                    ("message_type", "=", "user_notification"),
                    ("partner_ids", "in", self.colleague.partner_id.ids),
                ]
            )
        )

    def test_leave(self):
        """Someone takes himself off, and does not see the deal any more."""
        deal = self._new_deal(self.equipment)
        self._share(deal, self.colleague)
        theirs = deal.with_user(self.colleague)
        self.assertEqual(theirs.action_stop_collaborating()["res_model"], "crm.lead")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            theirs.read(["name"])
        self.assertNotIn(self.colleague.partner_id, deal.message_partner_ids)

    def test_refused_users(self):
        deal = self._new_deal(self.equipment)
        portal = new_test_user(self.env, "pipeline_portal", groups="base.group_portal")
        with self.assertRefused(ValidationError, "pipeline_portal", "Deal", "internal"):
            deal.sudo().collaborator_ids = portal
        with self.assertRefused(
            ValidationError, "pipeline_foreigner", "Deal", self.company.name
        ):
            deal.sudo().collaborator_ids = self.foreigner
        with self.assertRaises(ValidationError):
            self._new_deal(
                self.equipment, collaborator_ids=[Command.link(self.foreigner.id)]
            )

    def test_change_of_company(self):
        both = self._new_user("both", "sales_team.group_sale_salesman")
        both.company_ids = self.company | self.other_company
        deal = self._new_deal(self.equipment)
        self._share(deal, both, self.colleague)
        with self.assertRefused(ValidationError, "pipeline_colleague", "Inc"):
            deal.sudo().write(
                {
                    "company_id": self.other_company.id,
                    "team_id": self.foreign_team.id,
                    "user_id": self.foreigner.id,
                }
            )

    def test_company_rule_stays(self):
        both = self._new_user("both", "sales_team.group_sale_salesman")
        both.company_ids = self.company | self.other_company
        deal = self._new_deal(self.equipment)
        self._share(deal, both)
        theirs = deal.with_user(both)
        theirs.with_context(allowed_company_ids=self.company.ids).read(["name"])
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            theirs.with_context(allowed_company_ids=self.other_company.ids).read(
                ["name"]
            )

    def test_merge(self):
        head = self._new_deal(self.equipment, self.negotiation)
        tail = self._new_deal(self.equipment)
        self._share(head, self.manager)
        self._share(tail, self.colleague)
        (head | tail).with_user(self.all_documents).merge_opportunity()
        self.assertEqual(head.collaborator_ids, self.manager | self.colleague)
        self.assertIn(self.colleague.partner_id, head.message_partner_ids)

    def test_index(self):
        self.env.cr.execute(
            """SELECT indexdef FROM pg_indexes
                WHERE tablename = 'crm_lead_collaborator_rel'"""
        )
        indexes = " ".join(row[0] for row in self.env.cr.fetchall())
        self.assertIn("(user_id, lead_id)", indexes)
