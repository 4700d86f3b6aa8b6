from collections import Counter
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.sql_db import Cursor
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ...hooks import _create_primary_contacts
from ..common import PipelineCase


@tagged("post_install", "-at_install")
class TestContacts(PipelineCase):
    """The people on a deal, and its own contact as the primary one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.workshop, cls.supplier = cls.env["res.partner"].create(
            [
                {"name": "Zz Workshop", "is_company": True},
                {"name": "Zz Supplier", "is_company": True},
            ]
        )
        cls.director, cls.foreman, cls.friend = cls.env["res.partner"].create(
            [
                {"name": "Zz Director", "parent_id": cls.workshop.id},
                {"name": "Zz Foreman", "parent_id": cls.workshop.id},
                {"name": "Zz A friend", "parent_id": cls.supplier.id},
            ]
        )
        cls.decides, cls.uses = cls.env["crm.contact.role"].create(
            [{"name": "Decides on it"}, {"name": "Uses it"}]
        )

    def _add(self, deal, partner, *roles, **vals):
        return deal.env["crm.lead.contact"].create(
            {
                "lead_id": deal.id,
                "partner_id": partner.id,
                "role_ids": [role.id for role in roles],
                **vals,
            }
        )

    def assertContacts(self, deal, primary, *others):
        """Check who is on the deal, as the database has it."""
        self.env.flush_all()
        self.env.invalidate_all()
        deal = deal.sudo()
        empty = self.env["res.partner"]
        self.assertEqual(deal.partner_id, primary or empty)
        marked = deal.contact_ids.filtered("is_primary")
        self.assertEqual(marked.partner_id, primary or empty)
        self.assertCountEqual(
            (deal.contact_ids - marked).mapped("partner_id.name"),
            [partner.name for partner in others],
        )
        found = self.env["crm.lead.contact"].search(
            [("lead_id", "=", deal.id), ("is_primary", "=", True)]
        )
        self.assertEqual(found, marked)
        found = self.env["crm.lead.contact"].search(
            [("lead_id", "=", deal.id), ("is_primary", "=", False)]
        )
        self.assertEqual(found, deal.contact_ids - marked)

    def test_create(self):
        deal = self._new_deal(self.equipment, partner_id=self.director.id)
        self.assertContacts(deal, self.director)
        self.assertContacts(self._new_deal(self.equipment), None)

    def test_create_with_contacts(self):
        """The deal's own contact gets a line even if only others are given."""
        lines = [Command.create({"partner_id": self.friend.id})]
        deal = self._new_deal(
            self.equipment, partner_id=self.director.id, contact_ids=lines
        )
        self.assertContacts(deal, self.director, self.friend)
        lines = [Command.create({"partner_id": self.friend.id, "is_primary": True})]
        deal = self._new_deal(self.equipment, contact_ids=lines)
        self.assertContacts(deal, self.friend)
        lines = [Command.create({"partner_id": self.friend.id, "is_primary": False})]
        deal = self._new_deal(
            self.equipment, partner_id=self.friend.id, contact_ids=lines
        )
        self.assertContacts(deal, self.friend)

    def test_change_partner(self):
        """A line that says nothing goes with the contact; any other one stays."""
        deal = self._new_deal(self.equipment, partner_id=self.director.id)
        deal.partner_id = self.friend
        self.assertContacts(deal, self.friend)
        deal.contact_ids.role_ids = self.uses
        deal.partner_id = self.director
        self.assertContacts(deal, self.director, self.friend)
        deal.partner_id = False
        self.assertContacts(deal, None, self.director, self.friend)
        deal.partner_id = self.friend
        self.assertContacts(deal, self.friend)
        self.assertEqual(deal.contact_ids.role_ids, self.uses)

    def test_mark_primary(self):
        deal = self._new_deal(self.equipment, partner_id=self.director.id)
        line = self._add(deal, self.foreman, self.uses)
        line.is_primary = True
        self.assertContacts(deal, self.foreman, self.director)
        deal.partner_id = self.friend
        self.assertContacts(deal, self.friend, self.foreman, self.director)
        deal.contact_ids.filtered("is_primary").is_primary = False
        self.assertContacts(deal, None, self.friend, self.foreman, self.director)
        new = self._add(deal, self.workshop, is_primary=True)
        self.assertTrue(new.is_primary)
        self.assertEqual(deal.partner_id, self.workshop)

    def test_replace_primary_line(self):
        deal = self._new_deal(self.equipment, partner_id=self.director.id)
        deal.contact_ids.partner_id = self.foreman
        self.assertContacts(deal, self.foreman)

    def test_remove_primary_line(self):
        deal = self._new_deal(self.equipment, partner_id=self.director.id)
        with self.assertRefused(UserError, "Zz Director", "Deal", "primary"):
            deal.contact_ids.unlink()
        deal.write(
            {
                "partner_id": False,
                "contact_ids": [Command.delete(deal.contact_ids.id)],
            }
        )
        self.assertContacts(deal, None)

    def test_add_own_contact(self):
        """Who adds the deal's own contact completes its line."""
        deal = self._new_deal(self.equipment, partner_id=self.director.id)
        self.env.flush_all()
        line = self._add(deal, self.director, self.decides, self.uses)
        self.assertEqual(deal.contact_ids, line)
        self.assertEqual(line.role_ids, self.decides | self.uses)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self._add(deal, self.director)

    def test_import(self):
        result = (
            self.env["crm.lead"]
            .with_user(self.salesman)
            .load(
                [
                    "name",
                    "type",
                    "partner_id/.id",
                    "contact_ids/partner_id/.id",
                    "contact_ids/role_ids",
                    "contact_ids/is_primary",
                ],
                [
                    ["A", "opportunity", str(self.director.id), *[""] * 3],
                    ["B", "opportunity", "", str(self.friend.id), "Uses it", "1"],
                    ["", "", "", str(self.foreman.id), "Uses it,Decides on it", ""],
                ],
            )
        )
        self.assertFalse(result["messages"])
        first, second = self.env["crm.lead"].browse(result["ids"])
        self.assertContacts(first, self.director)
        self.assertContacts(second, self.friend, self.foreman)

    def test_form(self):
        with Form(
            self.env["crm.lead"]
            .with_user(self.salesman)
            .with_context(default_type="opportunity")
        ) as form:
            form.name = "Deal"
            form.partner_id = self.friend
            form.partner_id = self.director
            self.assertEqual(len(form.contact_ids), 1)
            with form.contact_ids.new() as line:
                line.partner_id = self.foreman
                line.role_ids.add(self.uses)
        deal = form.record
        self.assertContacts(deal, self.director, self.foreman)
        with Form(deal) as form:
            with form.contact_ids.edit(1) as line:
                self.assertEqual(line.partner_id, self.foreman)
                line.is_primary = True
            self.assertEqual(form.partner_id, self.foreman)
            with form.contact_ids.edit(0) as line:
                self.assertFalse(line.is_primary)
        self.assertContacts(deal, self.foreman, self.director)
        with Form(deal) as form:
            form.partner_id = self.friend
        self.assertContacts(deal, self.friend, self.foreman, self.director)

    def test_convert(self):
        lead = self._new_deal(type="lead", user_id=self.salesman.id)
        lead.convert_opportunity(self.director)
        self.assertContacts(lead, self.director)

    def test_merge(self):
        """Each person once, with the roles of all of the deals."""
        head = self._new_deal(
            self.equipment, self.negotiation, partner_id=self.director.id
        )
        tail = self._new_deal(self.equipment, partner_id=self.foreman.id)
        self._add(head, self.foreman, self.uses, comment="One")
        self._add(tail, self.foreman, self.decides, comment="Two")
        self._add(tail, self.friend, self.uses)
        merged = (head | tail).with_user(self.all_documents).merge_opportunity()
        self.assertEqual(merged, head)
        self.assertContacts(head, self.director, self.foreman, self.friend)
        line = head.contact_ids.filtered(lambda line: line.partner_id == self.foreman)
        self.assertEqual(line.role_ids, self.uses | self.decides)
        self.assertEqual(line.comment, "One; Two")

    def test_merge_takes_over_the_partner(self):
        head = self._new_deal(self.equipment, self.negotiation)
        tail = self._new_deal(self.equipment, partner_id=self.foreman.id)
        (head | tail).with_user(self.all_documents).merge_opportunity()
        self.assertContacts(head, self.foreman)

    def test_copy(self):
        deal = self._new_deal(self.equipment, partner_id=self.director.id)
        self._add(deal, self.foreman, self.uses)
        copy = deal.copy()
        self.assertContacts(copy, self.director, self.foreman)
        self.assertEqual(copy.contact_ids.role_ids, self.uses)

    def test_people_of_the_company_first(self):
        partners = self.env["res.partner"].with_user(self.salesman)
        found = partners.name_search("Zz", limit=3)
        partners = partners.with_context(deal_partner_id=self.director.id)
        found = [id_ for id_, _name in partners.name_search("Zz", limit=4)]
        self.assertCountEqual(
            found[:3], (self.workshop | self.director | self.foreman).ids
        )
        self.assertEqual(len(found), 4)
        self.assertEqual(len(partners.name_search("Zz", limit=2)), 2)

    def test_contact_page(self):
        """The deals as contact, with the rights of who looks."""
        mine = self._new_deal(self.equipment, partner_id=self.director.id)
        theirs = self._new_deal(self.spares, partner_id=self.director.id)
        for deal in (mine, theirs):
            self._add(deal, self.friend, self.uses)
        for user, number in (
            (self.salesman, 1),
            (self.all_documents, 2),
            (self.foreigner, 0),
        ):
            self.env.invalidate_all()
            partners = (self.friend | self.supplier | self.director).with_user(user)
            self.assertEqual(partners.mapped("deal_contact_count"), [number, number, 0])
            action = partners[0].action_view_deals_as_contact()
            found = self.env["crm.lead"].with_user(user).search(action["domain"])
            self.assertEqual(len(found), number)

    def test_roles_of_users(self):
        deal = self._new_deal(self.equipment, partner_id=self.director.id)
        line = self._add(deal, self.foreman, self.uses)
        line.role_ids = self.decides
        line.with_user(self.manager).comment = "Seen"
        for user in (self.colleague, self.foreigner):
            self.env.invalidate_all()
            for change in (
                lambda u=user: line.with_user(u).read(["comment"]),
                lambda u=user: line.with_user(u).write({"comment": "Mine"}),
                lambda u=user: line.with_user(u).unlink(),
                lambda u=user: self._add(deal.with_user(u), self.friend),
            ):
                with self.assertRaises(AccessError):
                    change()
        with self.assertRaises(AccessError):
            self.uses.with_user(self.all_documents).name = "Mine"
        self.uses.with_user(self.manager).name = "Works with it"

    def test_role_in_use(self):
        deal = self._new_deal(self.equipment)
        self._add(deal, self.foreman, self.uses)
        with self.assertRefused(UserError, "Uses it", "1", "Archive"):
            self.uses.with_user(self.manager).unlink()
        self.decides.with_user(self.manager).unlink()
        self.uses.active = False
        self.env.invalidate_all()
        self.assertEqual(deal.contact_ids.role_ids, self.uses)

    def test_delete(self):
        deal = self._new_deal(self.equipment, partner_id=self.director.id)
        self.env.flush_all()
        deal.sudo().unlink()
        deal = self._new_deal(self.equipment, partner_id=self.friend.id)
        self.env.flush_all()
        self.friend.unlink()
        self.assertContacts(deal, None)

    def test_partner_of_another_company(self):
        self.friend.company_id = self.other_company
        deal = self._new_deal(self.equipment)
        with self.assertRaises(UserError):
            self._add(deal.sudo(), self.friend)

    def test_installation(self):
        """Deals that were there get the line of their contact, once."""
        deal = self._new_deal(self.equipment, partner_id=self.director.id)
        self.env.flush_all()
        self.env.cr.execute("DELETE FROM crm_lead_contact")
        _create_primary_contacts(self.env)
        _create_primary_contacts(self.env)
        self.assertContacts(deal, self.director)

    def test_queries(self):
        """Creating deals with a contact takes one more query for all of them."""
        partners = self.env["res.partner"].create(
            [{"name": f"P{rank}"} for rank in range(40)]
        )
        leads = self.env["crm.lead"].with_user(self.salesman)

        def count(function):
            """Count the queries on the contacts of deals, by their kind."""
            self.env.flush_all()
            self.env.invalidate_all()
            kinds = Counter()
            execute = Cursor.execute

            def log(cursor, query, *args, **kwargs):
                text = str(getattr(query, "code", query))
                if "crm_lead_contact" in text:
                    kinds[text.split()[0].upper()] += 1
                return execute(cursor, query, *args, **kwargs)

            with patch.object(Cursor, "execute", log):
                function()
                self.env.flush_all()
            return kinds

        def create():
            return leads.create(
                [
                    self._prepare_deal(self.equipment, partner_id=partner.id)
                    for partner in partners
                ]
            )

        self.assertEqual(count(create), {"INSERT": 1})
        deals = create()
        self.assertFalse(count(lambda: deals.write({"expected_revenue": 5})))
        kinds = count(lambda: deals.write({"partner_id": self.friend.id}))
        self.assertEqual((kinds["INSERT"], kinds["DELETE"]), (1, 1))
        self.assertLessEqual(kinds["SELECT"], 6)
        self.assertFalse(
            count(
                lambda: leads.create([self._prepare_deal(self.equipment)] * 5).write(
                    {"name": "Other"}
                )
            )
        )
