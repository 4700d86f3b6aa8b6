from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from ..common_links import CampaignLinkCase


@tagged("post_install", "-at_install")
class TestCampaignLinkWizard(CampaignLinkCase):
    """Many records at once."""

    def _open(self, records, user=None):
        return Form(
            self.env["sales.campaign.link"]
            .with_user(user or self.salesman)
            .with_context(active_model=records._name, active_ids=records.ids)
        )

    def test_add_and_remove(self):
        deals = self._new_deal() | self._new_deal()
        deals[0]._link_campaigns(self.phoning)
        form = self._open(deals)
        self.assertEqual(form.record_count, 2)
        self.assertEqual(form.linked_campaign_ids[:], self.phoning.sudo(False))
        form.campaign_ids.add(self.campaign)
        form.removed_campaign_ids.add(self.phoning)
        result = form.save().action_apply()
        self.assertLinks(deals, self.campaign)
        self.assertIn("added: 2", result["params"]["message"])
        self.assertIn("removed: 1", result["params"]["message"])

    def test_every_linked_model_offers_it(self):
        order = self._new_order()
        for records in (
            self.partner,
            self._new_deal(),
            order,
            self._new_meeting(),
        ):
            form = self._open(records)
            form.campaign_ids.add(self.campaign)
            form.save().action_apply()
            self.assertLinks(records, self.campaign)
        for name in self.env["sales.campaign.mixin"]._get_campaign_models():
            bindings = self.env["ir.actions.actions"].with_user(self.salesman)
            titles = [
                action["name"] for action in bindings.get_bindings(name)["action"]
            ]
            self.assertIn("Add to Campaign", titles, name)

    def test_from_one_record(self):
        wizard = (
            self.env["sales.campaign.link"]
            .with_user(self.salesman)
            .with_context(active_model="res.partner", active_id=self.partner.id)
            .create({"campaign_ids": self.campaign.ids})
        )
        wizard.action_apply()
        self.assertLinks(self.partner, self.campaign)

    def test_nothing_chosen(self):
        with self.assertRefused(UserError, "Add to"):
            self._open(self._new_deal()).save().action_apply()

    def test_added_and_removed(self):
        deal = self._new_deal()
        deal._link_campaigns(self.campaign)
        form = self._open(deal)
        form.campaign_ids.add(self.campaign)
        form.removed_campaign_ids.add(self.campaign)
        with self.assertRefused(UserError, "“Trade show”"):
            form.save().action_apply()

    def test_of_another_model(self):
        with self.assertRefused(UserError, "cannot be linked"):
            self._open(self.company)

    def test_of_a_colleague(self):
        deal = self._new_deal(self.colleague)
        with self.assertRaises(AccessError):
            form = self._open(deal)
            form.campaign_ids.add(self.campaign)
            form.save().action_apply()
        wizard = self._open(self._new_deal()).save()
        with self.assertRaises(AccessError):
            wizard.with_user(self.colleague).read(["res_ids"])


@tagged("post_install", "-at_install")
class TestCompanyMet(CampaignLinkCase):
    """A salesperson at a trade show, with own documents only."""

    def _open(self, **vals):
        action = self.campaign.with_user(self.salesman).action_add_company_met()
        return self._continue(action, **vals)

    def _continue(self, action, **vals):
        form = Form(
            self.env[action["res_model"]]
            .with_user(self.salesman)
            .with_context(**action["context"])
        )
        for name, value in vals.items():
            form[name] = value
        return form

    def _find(self, name):
        return self.env["res.partner"].search([("name", "=", name)])

    def test_new_company(self):
        self._open(
            name=" Moulin Mécanique ", email="info@moulin.example", phone="+33472000001"
        ).save().action_add_close()
        company = self._find("Moulin Mécanique")
        self.assertLinks(company, self.campaign)
        self.assertTrue(company.is_company)
        self.assertEqual(company.email, "info@moulin.example")
        self.assertEqual(company.phone, "+33472000001")
        self.assertEqual(company.create_uid, self.salesman)

    def test_new_company_with_its_contact(self):
        self._open(
            name="Moulin",
            contact_name="Jeanne Moulin",
            email="jeanne@moulin.example",
            note="Wants a lathe\nfor titanium",
        ).save().action_add_next()
        company, person = self._find("Moulin"), self._find("Jeanne Moulin")
        self.assertLinks(company | person, self.campaign)
        self.assertEqual(person.parent_id, company)
        self.assertEqual(person.email, "jeanne@moulin.example")
        self.assertFalse(company.email)
        notes = company.message_ids.filtered(lambda m: "lathe" in m.body)
        self.assertIn("Trade show", notes.body)
        self.assertTrue(notes.subtype_id.internal)
        self.assertEqual(notes.mail_activity_type_id.category, "meeting")

    def test_known_company(self):
        before = self.env["res.partner"].search_count([])
        action = self._open(partner_id=self.partner).save().action_add_next()
        self.assertLinks(self.partner, self.campaign)
        self.assertEqual(self.env["res.partner"].search_count([]), before)
        # and the next one
        form = self._continue(action, name="Next one")
        self.assertEqual(form.added_count, 1)
        self.assertEqual(form.last_partner_id, self.partner)
        action = form.save().action_add_next()
        self.assertEqual(action["context"]["default_added_count"], 2)
        self.assertLinks(self._find("Next one"), self.campaign)

    def test_known_person(self):
        person = self.env["res.partner"].create(
            {"name": "Marc", "parent_id": self.partner.id}
        )
        self._open(partner_id=person).save().action_add_close()
        self.assertLinks(self.partner | person, self.campaign)

    def test_known_contact_is_not_doubled(self):
        person = self.env["res.partner"].create(
            {"name": "Marc Delmas", "parent_id": self.partner.id}
        )
        for name in ("marc delmas", "Anne Delmas"):
            self._open(
                partner_id=self.partner, contact_name=name
            ).save().action_add_close()
        self.assertLinks(person | self._find("Anne Delmas"), self.campaign)
        self.assertEqual(len(self.partner.child_ids), 2)

    def test_twice(self):
        for _ in range(2):
            self._open(partner_id=self.partner).save().action_add_close()
        self.assertLinks(self.partner, self.campaign)

    def test_found_by_name_email_and_phone(self):
        self.partner.write(
            {"email": "Info@delmas.example", "phone": "+33 4 72 11 22 33"}
        )
        for vals in (
            {"name": "delmas"},
            {"name": "Other", "email": "info@delmas.example"},
            {"name": "Other", "phone": "+33472112233"},
            {"name": "Other", "phone": "0472 11 22 33"[1:]},
        ):
            with self.subTest(vals):
                self.assertIn(self.partner, self._open(**vals).match_ids[:])
        self.assertFalse(self._open(name="De").match_ids[:])
        self.assertFalse(self._open(partner_id=self.partner).match_ids[:])
        partners = self.env["res.partner"].with_user(self.salesman)
        partners = partners.with_context(search_by_phone=True)
        for text in ("Delmas Ae", "info@delmas", "72 11 22"):
            found = [partner_id for partner_id, _name in partners.name_search(text)]
            self.assertIn(self.partner.id, found, text)

    def test_add_a_match_with_one_tap(self):
        form = self._open(name="delmas", contact_name="Anne Delmas", note="Call back")
        action = (
            self.partner.with_user(self.salesman)
            .with_context(
                default_campaign_id=form.campaign_id.id,
                default_contact_name=form.contact_name,
                default_note=form.note,
                default_added_count=3,
            )
            .action_add_as_met()
        )
        self.assertEqual(action["context"]["default_added_count"], 4)
        self.assertLinks(self.partner | self._find("Anne Delmas"), self.campaign)
        self.assertIn("Call back", self.partner.message_ids[0].body)

    def test_nothing_entered(self):
        with self.assertRefused(UserError, "Known Company"):
            self._open(name="  ").save().action_add_next()

    def test_without_sales_rights(self):
        employee = new_test_user(
            self.env,
            login="campaign_employee_met",
            groups="base.group_user,base.group_partner_manager",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        with self.assertRaises(AccessError):
            self.env["sales.campaign.meet"].with_user(employee).create(
                {"campaign_id": self.campaign.id, "name": "Not mine"}
            )

    def test_partner_of_another_company(self):
        self.partner.company_id = self.other_company
        self.salesman.company_ids |= self.other_company
        meet = self.env["sales.campaign.meet"].with_user(self.salesman)
        meet = meet.with_context(
            allowed_company_ids=(self.company | self.other_company).ids
        ).create({"campaign_id": self.campaign.id, "partner_id": self.partner.id})
        with self.assertRefused(UserError, "Delmas", "Tartempion Inc.", "Trade show"):
            meet.action_add_next()
