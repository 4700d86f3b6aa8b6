from contextlib import suppress
from datetime import datetime

from odoo import models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import GuardCase

# A value of each type that no record of these tests has.
OTHER_VALUES = {
    "char": "Given",
    "date": "2001-02-03",
    "datetime": "2001-02-03 10:00:00",
    "float": 77.5,
    "integer": 77,
    "text": "Given",
}


@tagged("post_install", "-at_install")
class TestGivenRecords(GuardCase):
    """A field that the form shows only takes no record that is hidden from the user,
    whose name it would show."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        abroad = cls.env(user=cls.foreigner, su=True, context={})
        company = {"company_id": cls.other_company.id}
        pipeline = cls.pipeline.copy(company).with_env(abroad)
        campaign = abroad["sales.campaign"].create({"title": "Secret", **company})
        goal = {"name": "Secret", "counting": "manual", "target": 5}
        pattern = abroad["sales.campaign.pattern"].create(
            {"name": "Secret", "average_basket": 100, **company}
        )
        found = [
            campaign,
            abroad["sales.campaign.goal"].create({**goal, "campaign_id": campaign.id}),
            abroad["sales.campaign.goal.template"].create({**goal, **company}),
            pattern,
            pattern.step_ids[:1],
            *(
                abroad[model].create({"name": "Secret", **company})
                for model in (
                    "crm.team",
                    "product.product",
                    "res.partner",
                    "sales.campaign.segment",
                    "sales.campaign.type",
                )
            ),
            pipeline,
            pipeline.pipeline_stage_ids[:1],
            pipeline.question_ids[:1],
            cls.other_company,
        ]
        cls.hidden = {record._name: record for record in found}
        cls.env.flush_all()

    def _iter_given(self, user):
        """Give (record, field, hidden record) of what the user could name."""
        for model in self._get_own_models():
            record = self._as(user, self.records.get(model, self.env[model]))
            if not record or record._transient or not record.has_access("write"):
                continue
            for field in record._fields.values():
                hidden = self.hidden.get(field.comodel_name)
                if not hidden or field.type != "many2one" or not field.store:
                    continue
                if not self._as(user, hidden).has_access("read"):
                    yield record, field, hidden

    def test_nothing_hidden_is_named(self):
        seen = set()
        for user in (self.owner, self.manager):
            for record, field, hidden in self._iter_given(user):
                with self.subTest(user=user.login, field=str(field)):
                    seen.add(str(field))
                    with self.assertRaises(UserError) as refusal:
                        record.write({field.name: hidden.id})
                    self.assertNotIn("Secret", str(refusal.exception))
        self.assertLessEqual(
            {
                "crm.lead.answer.question_id",
                "crm.lead.contact.partner_id",
                "crm.lead.product.product_id",
                "crm.pipeline.company_id",
                "crm.pipeline.question.pipeline_id",
                "crm.pipeline.requirement.pipeline_stage_id",
                "crm.pipeline.rule.pipeline_id",
                "crm.visit.plan.company_id",
                "sales.campaign.cost.campaign_id",
                "sales.campaign.goal.campaign_id",
                "sales.campaign.goal.pattern_step_id",
                "sales.campaign.goal.predecessor_goal_id",
                "sales.campaign.pattern.step.pattern_id",
                "sales.campaign.predecessor_id",
            },
            seen,
        )
        with self.assertRaises(AccessError):
            self._new_campaign(predecessor_id=self.hidden["sales.campaign"].id)

    def test_nothing_hidden_is_named_in_a_form(self):
        """A form that is not saved yet, its defaults and its lines."""
        seen = set()
        for user in (self.owner, self.manager):
            for record, field, hidden in self._iter_given(user):
                if not record.has_access("create"):
                    continue
                name, new = field.name, record.browse()
                seen.add(record._name)
                with self.subTest(user=user.login, field=str(field)):
                    with self.assertRaises(UserError) as refusal:
                        new.onchange({name: hidden.id}, [name], {name: {}})
                    self.assertNotIn("Secret", str(refusal.exception))
                    with self.assertRaises(UserError):
                        record.onchange({name: hidden.id}, [name], {name: {}})
                    with self.assertRaises(UserError):
                        new.with_context(**{f"default_{name}": hidden.id}).onchange(
                            {}, [], {name: {}}
                        )
        self.assertIn("crm.lead.contact", seen)
        self.assertIn("sales.campaign.goal", seen)
        template = self.hidden["sales.campaign.goal.template"].id
        campaign = self._as(self.owner, self.campaign)
        for command in (
            Command.create({"template_id": template}),
            Command.update(self.goal.id, {"template_id": template}),
            Command.link(self.hidden["sales.campaign.goal"].id),
        ):
            with self.subTest(command=command), self.assertRaises(AccessError):
                campaign.onchange({"goal_ids": [list(command)]}, ["goal_ids"], {})

    def test_nothing_is_made_from_the_name_of_another_record(self):
        for name in self._get_own_models():
            records = self._as(self.manager, self.env[name])
            rec_name = records._fields.get(records._rec_name)
            if rec_name is None or rec_name.type != "many2one":
                continue
            with self.subTest(model=name), self.assertRaises(UserError):
                records.name_create("x")

    def test_no_part_goes_where_its_user_may_not_write(self):
        other = self._new_campaign(self.colleague)
        cost = self.records["sales.campaign.cost"]
        for part in (self.goal, cost):
            with self.subTest(part._name):
                with self.assertRaises(AccessError):
                    self._as(self.owner, part).campaign_id = other
                self._as(self.all_documents, part).campaign_id = other

    def test_no_campaign_goes_to_another_company(self):
        utm = self.env["utm.campaign"].create(
            {"title": "Abroad", "company_id": self.other_company.id}
        )
        with self.assertRaises(AccessError):
            self._as(self.owner, self.campaign).utm_campaign_id = utm

    def test_values_of_a_pattern(self):
        """A form that reads them does not break."""
        goal = self._as(self.owner, self.goal)
        for values in (5, "x", [1], {"x": 1}, {"id": 1}, {"target": "x"}):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                goal.pattern_values = values
        goal.pattern_values = {"name": "Calls", "target": 4.0}
        self.assertTrue(goal.is_changed_by_hand)

    def test_what_is_kept_is_not_given(self):
        goal, campaign = (
            self._as(self.owner, each) for each in (self.goal, self.campaign)
        )
        goal.write({"stored_date_reached": "2020-01-01"})
        campaign.write({"has_own_utm_campaign": False})
        self.assertFalse(self.goal.stored_date_reached)
        self.assertTrue(self.campaign.has_own_utm_campaign)
        given = goal.copy({"name": "Given", "stored_date_reached": "2020-01-01"})
        self.assertFalse(given.stored_date_reached)

    def _iter_kept(self, user):
        """Give (record, field, another value) of what no form lets the user write."""
        for model in self._get_own_models():
            record = self._as(user, self.records.get(model, self.env[model]))
            if not record or record._transient or not record.has_access("write"):
                continue
            for name, field in record._fields.items():
                if not field.store or not field.readonly or field.compute:
                    continue
                if name in models.MAGIC_COLUMNS:
                    continue
                if field.type == "boolean":
                    yield record, field, not record[name]
                elif field.type in OTHER_VALUES:
                    yield record, field, OTHER_VALUES[field.type]

    def test_nothing_kept_is_given(self):
        seen = set()
        for user in (self.owner, self.manager):
            for record, field, value in self._iter_kept(user):
                with self.subTest(user=user.login, field=str(field)):
                    seen.add(str(field))
                    before = record[field.name]
                    with suppress(AccessError):
                        record.write({field.name: value})
                    self.assertEqual(record[field.name], before)
        self.assertLessEqual(
            {
                "crm.pipeline.rule.cron_cursor",
                "crm.pipeline.rule.cron_date",
                "crm.pipeline.rule.error_date",
                "crm.pipeline.rule.error_message",
                "crm.pipeline.rule.since",
                "crm.pipeline.stage.adopted_probability",
                "crm.pipeline.stage.is_adopted",
                "crm.visit.plan.cron_cursor",
                "crm.workbook.recipient.date_since",
                "sales.campaign.goal.stored_date_reached",
                "sales.campaign.has_own_utm_campaign",
            },
            seen,
        )

    def test_no_new_record_has_what_is_kept(self):
        since = datetime(2001, 2, 3)
        given = {"cron_cursor": 77, "error_message": "Given", "since": since}
        by_default = {f"default_{name}": value for name, value in given.items()}
        for record in (self.rule, self.plan):
            record = self._as(self.manager, record)
            values = {name: given[name] for name in given if name in record._fields}
            for new in (
                record.copy(values),
                record.with_context(**by_default).copy(),
            ):
                for name, value in values.items():
                    with self.subTest(record=record._name, field=name):
                        self.assertNotEqual(new[name], value)

    def test_questions_of_a_hidden_pipeline(self):
        deals = self._as(self.owner, self.env["crm.lead"])
        for pipeline, count in ((self.hidden["crm.pipeline"], 0), (self.pipeline, 1)):
            answer = deals.with_context(default_pipeline_id=pipeline.id).onchange(
                {}, [], {"pipeline_id": {}, "qualification_questions": {}}
            )
            questions = answer["value"]["qualification_questions"] or []
            self.assertEqual(len(questions), count)

    def test_step_under_one_of_another_pattern(self):
        step = self._as(self.manager, self.records["sales.campaign.pattern.step"])
        other = self.pattern.copy().step_ids[:1]
        step.onchange({"parent_id": other.id}, ["parent_id"], {"needed": {}})
        hidden = self.hidden["sales.campaign.pattern.step"]
        with self.assertRaises(AccessError):
            step.onchange({"parent_id": hidden.id}, ["parent_id"], {"needed": {}})
