from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tools import mute_logger

from ..common_links import CampaignLinkCase
from .introspection import get_models

MONDAY = "2026-03-02"


class GuardCase(CampaignLinkCase):
    """One record of each model of ours, of one salesperson, and who may come by.

    ``own`` is the salesperson of the records, ``colleague`` another one with own
    documents only, ``abroad`` a sales manager of another company.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {
            "own": cls.salesman,
            "colleague": cls.colleague,
            "all": cls.all_documents,
            "manager": cls.manager,
            "abroad": cls.foreigner,
            "internal": cls._new_user("internal", "base.group_user"),
            "accountant": cls._new_user("accountant", "account.group_account_invoice"),
            "portal": cls._new_user("portal", "base.group_portal"),
            "public": cls._new_user("public", "base.group_public"),
        }
        cls.owner = cls.salesman
        cls.person = cls.env["res.partner"].create(
            {"name": "Anne Delmas", "parent_id": cls.partner.id}
        )
        cls.records = {}
        with mute_logger("odoo.models.unlink"):
            cls._make_pipeline_records()
            cls._make_deal_records()
            cls._make_campaign_records()
        cls.env.flush_all()

    @classmethod
    def _add(cls, model, user=None, **vals):
        records = cls.env[model].with_user(user or cls.owner).sudo()
        record = records.with_company(cls.company).create(vals)
        cls.records[model] = record
        return record

    @classmethod
    def _make_pipeline_records(cls):
        company = cls.company.id
        cls.stage = cls.env["crm.stage"].create({"name": "Guarded", "sequence": 40})
        cls.next_stage = cls.env["crm.stage"].create(
            {"name": "Guarded Next", "sequence": 41}
        )
        cls.pipeline = cls._add(
            "crm.pipeline",
            name="Guarded",
            company_id=company,
            reopening_policy="allowed",
            pipeline_stage_ids=[
                Command.create({"stage_id": stage.id, "sequence": rank})
                for rank, stage in enumerate(
                    (cls.stage, cls.next_stage, cls.won_stage), start=1
                )
            ],
        )
        cls.records["crm.pipeline.stage"] = line = cls.pipeline.pipeline_stage_ids[1]
        cls._add(
            "crm.pipeline.requirement",
            pipeline_stage_id=line.id,
            field_name="phone",
            level="soft",
        )
        cls.question = cls._add(
            "crm.pipeline.question", pipeline_id=cls.pipeline.id, name="A budget?"
        )
        cls.rule = cls._add(
            "crm.pipeline.rule",
            pipeline_id=cls.pipeline.id,
            name="Call back",
            event="won",
            activity_type_id=cls.env.ref("mail.mail_activity_data_call").id,
        )
        cls.records["crm.pipeline.rule.action"] = cls.rule.action_ids
        cls.tag = cls.env["res.partner.category"].create({"name": "Guarded gold"})
        cls.plan = cls._add(
            "crm.visit.plan",
            name="Gold",
            category_id=cls.tag.id,
            company_id=company,
        )
        cls._add("crm.contact.role", name="Guarded role")
        cls.hold_reason = cls._add(
            "crm.hold.reason", name="Guarded reason", company_id=company
        )
        cls.target = cls._add(
            "crm.target",
            user_id=cls.owner.id,
            company_id=company,
            date_start="2026-03-01",
            value=1000,
        )
        cls._add("crm.workbook", name="Guarded", user_id=cls.owner.id)
        cls._add("crm.workbook.recipient", user_id=cls.owner.id, company_id=company)
        cls._add(
            "crm.neglected.mail",
            user_id=cls.owner.id,
            company_id=company,
            date_from=MONDAY,
        )

    @classmethod
    def _make_deal_records(cls):
        cls.deal = cls._new_deal(
            type="opportunity",
            pipeline_id=cls.pipeline.id,
            stage_id=cls.stage.id,
            expected_revenue=1000,
        )
        cls.records["crm.lead"] = cls.deal
        cls.company.sudo().uses_deal_shares = True
        deal = cls.deal.id
        for model, vals in {
            "crm.lead.change": {"external_id": "1", "date": f"{MONDAY} 10:00:00"},
            "crm.lead.answer": {"question_id": cls.question.id, "yes_no": "yes"},
            "crm.lead.contact": {"partner_id": cls.person.id},
            "crm.lead.hold": {
                "date_start": f"{MONDAY} 10:00:00",
                "date_end": f"{MONDAY} 11:00:00",
                "outcome": "hand",
                "reason_id": cls.hold_reason.id,
            },
            "crm.lead.approval": {
                "stage_id": cls.next_stage.id,
                "pipeline_id": cls.pipeline.id,
                "date_requested": f"{MONDAY} 10:00:00",
            },
            "crm.lead.unanswered.call": {"date": f"{MONDAY} 10:00:00"},
            "crm.lead.product": {"product_id": cls.product.id},
            "crm.lead.share": {"user_id": cls.deal.user_id.id, "percentage": 100},
            "crm.forecast.snapshot": {
                "date": MONDAY,
                "company_id": cls.company.id,
                "user_id": cls.owner.id,
            },
            "crm.pipeline.rule.log": {
                "rule_id": cls.rule.id,
                "occurrence": "won:1",
                "date": f"{MONDAY} 10:00:00",
                "state": "planned",
            },
        }.items():
            cls._add(model, lead_id=deal, **vals)
        cls._add(
            "crm.visit",
            plan_id=cls.plan.id,
            partner_id=cls.partner.id,
            date=MONDAY,
            company_id=cls.company.id,
            user_id=cls.owner.id,
        )
        cls._make_report_records()
        cls.records["crm.lead.passage"] = (
            cls.env["crm.lead.passage"].sudo().search([("lead_id", "=", deal)], limit=1)
        )

    @classmethod
    def _make_report_records(cls):
        """Make a won deal and its forecast, for the views on what was forecast."""
        won = cls._new_deal(
            type="opportunity",
            pipeline_id=cls.pipeline.id,
            stage_id=cls.stage.id,
            expected_revenue=1000,
        )
        cls.env["crm.forecast.snapshot"].create(
            {
                "date": MONDAY,
                "lead_id": won.id,
                "company_id": cls.company.id,
                "user_id": cls.owner.id,
                "date_deadline": "2026-04-20",
                "amount": 1000,
                "probability": 30,
            }
        )
        won.action_set_won()
        with freeze_time(f"{MONDAY} 10:00:00"):
            cls._add("crm.forecast.call", amount=1000, company_id=cls.company.id)
        cls.env.flush_all()
        for model in (
            "crm.forecast.calibration",
            "crm.forecast.call.reliability",
            "crm.forecast.reliability",
            "crm.lead.product.report",
            "crm.pipeline.change",
        ):
            cls.records[model] = cls.env[model].search(
                [("user_id", "=", cls.owner.id)], limit=1
            )
            assert cls.records[model], model

    @classmethod
    def _make_campaign_records(cls):
        company = cls.company.id
        cls.campaign = cls._add(
            "sales.campaign",
            title="Guarded",
            company_id=company,
            user_id=cls.owner.id,
            date_start="2026-01-01",
            date_end="2026-12-31",
        )
        campaign = cls.campaign.id
        cls._add("sales.campaign.cost", name="Stand", campaign_id=campaign)
        cls.goal = cls._add(
            "sales.campaign.goal",
            name="Calls",
            campaign_id=campaign,
            counting="manual",
            target=5,
        )
        cls._add("sales.campaign.goal.entry", goal_id=cls.goal.id, change=1)
        cls._add("sales.campaign.goal.snapshot", goal_id=cls.goal.id, date=MONDAY)
        cls._add(
            "sales.campaign.reminder",
            campaign_id=campaign,
            kind=cls.env["sales.campaign.reminder"]
            ._fields["kind"]
            .get_values(cls.env)[0],
            day=MONDAY,
        )
        for model in ("segment", "stage", "type", "goal.template"):
            name = f"sales.campaign.{model}"
            vals = {"name": "Guarded"}
            if model == "goal.template":
                vals["counting"] = "manual"
            if "company_id" in cls.env[name]._fields:
                vals["company_id"] = company
            cls._add(name, **vals)
        cls.pattern = cls._add(
            "sales.campaign.pattern",
            name="Guarded",
            average_basket=100,
            company_id=company,
        )
        cls.records["sales.campaign.pattern.step"] = cls.env[
            "sales.campaign.pattern.step"
        ].search([("pattern_id", "=", cls.pattern.id)], limit=1)

    # ------------------------------------------------------------
    # Wizards
    # ------------------------------------------------------------

    def _new_wizards(self, user):
        """Return {model: record} of the dialogs as this user has opened them."""
        found = {}

        def add(model, **vals):
            found[model] = self.env[model].with_user(user).sudo().create(vals)
            return found[model]

        deals = [Command.set(self.deal.ids)]
        campaign = self.campaign.id
        add("crm.workbook.export")
        add("crm.pipeline.settings")
        add("crm.lead.reopen", lead_ids=deals, reason="Again")
        add(
            "crm.lead.stage.override",
            lead_ids=deals,
            stage_id=self.next_stage.id,
            reason="Known",
        )
        add(
            "crm.lead.put.on.hold",
            lead_ids=deals,
            date_wake_up="2100-01-01",
            reason_id=self.hold_reason.id,
        )
        add("crm.lead.wake.up", lead_ids=deals, date_deadline="2100-01-01")
        add("crm.lead.approval.refusal", lead_ids=deals, answer="Too early")
        add(
            "crm.lead.approval.request",
            lead_ids=deals,
            stage_id=self.next_stage.id,
            reason="Known",
        )
        call = self.deal.activity_schedule("mail.mail_activity_data_call")
        add("crm.lead.last.call", activity_id=call.id, choice="lost")
        for model in ("crm.pipeline.move", "crm.lead.hand.over"):
            move = add(model, lead_ids=deals)
            found[f"{model}.line"] = move.line_ids[:1] or add(
                f"{model}.line", move_id=move.id
            )
        history = add("crm.history.import", file_name="history.csv")
        add("crm.history.import.stage", import_id=history.id, source_name="New")
        share = add("crm.target.share", target_id=self.target.id)
        line = {"period_type": "month", "date_start": "2026-03-01"}
        add("crm.target.share.line", share_id=share.id, **line)
        table = add("crm.target.import", file_name="targets.csv")
        add("crm.target.import.line", import_id=table.id, **line)
        suggestion = add("crm.pipeline.suggestion")
        add(
            "crm.pipeline.suggestion.line",
            suggestion_id=suggestion.id,
            pipeline_stage_id=self.records["crm.pipeline.stage"].id,
        )
        share = add("sales.campaign.goal.share", goal_id=self.goal.id)
        found["sales.campaign.goal.share.line"] = share.line_ids[:1]
        add(
            "sales.campaign.link",
            res_model="crm.lead",
            res_ids=self.deal.ids,
            campaign_ids=[Command.set(self.campaign.ids)],
        )
        add("sales.campaign.meet", campaign_id=campaign, name="Newcomer")
        apply = add("sales.campaign.pattern.apply", campaign_id=campaign)
        add("sales.campaign.pattern.apply.line", wizard_id=apply.id)
        proposal = add("sales.campaign.pattern.proposal", pattern_id=self.pattern.id)
        add(
            "sales.campaign.pattern.proposal.line",
            proposal_id=proposal.id,
            proposed=50,
        )
        add("sales.campaign.repeat", campaign_id=campaign)
        return found

    def _get_record(self, model, user):
        """Return our record of a model, empty for models without records of their own;
        a dialog is the user's own."""
        if self.env[model]._transient:
            return self._new_wizards(user).get(model, self.env[model])
        return self.records.get(model, self.env[model]).sudo(False)

    @contextmanager
    def _patched_workbook(self):
        """A file takes longer than all the rest: what it asks is asked, no more."""
        writer = self.env.registry["crm.kpi.workbook"]
        with patch.object(writer, "_get_sheets", lambda self: [self._write_cover]):
            yield

    def _as(self, user, records):
        """Return the records as this user meets them, in the user's own company."""
        return self.env(user=user, su=False, context={})[records._name].browse(
            records.ids
        )

    def _get_own_models(self):
        return [name for name in get_models(self.env) if not self.env[name]._abstract]
