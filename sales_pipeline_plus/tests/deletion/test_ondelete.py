from odoo.tests import tagged

from ..common_ondelete import OndeleteCase


@tagged("post_install", "-at_install")
class TestOndelete(OndeleteCase):
    module = "sales_pipeline_plus"
    REASONS = {
        ("cascade", "Says something of the deal and nothing without it."): """
            crm.lead.answer.lead_id
            crm.lead.contact.lead_id
            crm.lead.product.lead_id
            crm.lead.share.lead_id
            """,
        ("cascade", "Only an empty answer: another keeps its question."): """
            crm.lead.answer.question_id
            """,
        ("cascade", "A part of what it belongs to, edited in its form."): """
            crm.pipeline.question.pipeline_id
            crm.pipeline.requirement.pipeline_stage_id
            crm.pipeline.rule.action.rule_id
            crm.pipeline.stage.pipeline_id
            """,
        ("cascade", "Who has gone no longer works on the deal; others do."): """
            crm.lead.collaborator_ids
            """,
        ("cascade", "A note of a mail that was sent, kept for some weeks."): """
            crm.neglected.mail.company_id
            crm.neglected.mail.user_id
            """,
        ("cascade", "There is nothing left that the mail could be about."): """
            crm.workbook.recipient.company_id
            """,
        ("cascade", "The file is made already; it keeps its figures."): """
            crm.workbook.company_ids
            """,
        ("set null", "A fact outlives the deal, and keeps its name."): """
            crm.forecast.snapshot.lead_id
            crm.lead.approval.lead_id
            crm.lead.change.lead_id
            crm.lead.hold.lead_id
            crm.lead.passage.lead_id
            crm.lead.unanswered.call.lead_id
            crm.pipeline.rule.log.lead_id
            """,
        ("set null", "A fact outlives who is named on it, and keeps the name."): """
            crm.forecast.snapshot.team_id
            crm.forecast.snapshot.user_id
            crm.lead.approval.approver_id
            crm.lead.approval.decided_by_id
            crm.lead.approval.requested_by_id
            crm.lead.approval.user_id
            crm.lead.change.user_id
            crm.lead.hold.held_by_id
            crm.lead.hold.team_id
            crm.lead.hold.user_id
            crm.lead.passage.entered_by_id
            crm.lead.passage.team_id
            crm.lead.passage.user_id
            crm.lead.unanswered.call.called_by_id
            crm.lead.unanswered.call.team_id
            crm.lead.unanswered.call.user_id
            """,
        ("set null", "A fact outlives it; only who sees it depends on this."): """
            crm.forecast.snapshot.company_id
            crm.forecast.snapshot.currency_id
            crm.lead.approval.company_id
            crm.lead.change.company_id
            crm.lead.hold.company_id
            crm.lead.passage.company_id
            crm.lead.unanswered.call.company_id
            crm.pipeline.rule.log.company_id
            crm.pipeline.rule.log.user_id
            """,
        ("set null", "A fact outlives the line; it has the stage itself."): """
            crm.lead.passage.pipeline_stage_id
            """,
        ("set null", "A deal sleeps without it, and still wakes up on its day."): """
            crm.lead.hold.activity_id
            """,
        ("set null", "The call was made, whatever planned it."): """
            crm.lead.unanswered.call.activity_id
            """,
        ("set null", "The reminder was given, whatever became of its activity."): """
            res.partner.care_activity_id
            """,
        ("set null", "A request is answered without it, on the deal itself."): """
            crm.lead.approval.activity_id
            """,
        ("set null", "A stage in use cannot go; a deal waits for no other one."): """
            crm.lead.approval_stage_id
            """,
        ("set null", "A visit stays, planned or done, without what it was for."): """
            crm.visit.activity_id
            crm.visit.lead_id
            crm.visit.user_id
            """,
        ("set null", "What it planned is still to be done."): """
            mail.activity.pipeline_rule_id
            """,
        ("set null", "Without the choice, the first one leads."): """
            crm.lead.chosen_quotation_id
            """,
        ("set null", "Nobody is marked any more; who is, has lost the tag anyway."): """
            res.company.customer_category_id
            """,
        ("set null", "A later attempt is a deal of its own."): """
            crm.lead.attempt_of_id
            """,
        ("set null", "The workbook says itself what it is about."): """
            crm.workbook.attachment_id
            crm.workbook.recipient_id
            """,
        ("restrict", "History keeps it: it is archived or taken out instead."): """
            crm.forecast.call.company_id
            crm.forecast.call.team_id
            crm.forecast.call.user_id
            crm.forecast.snapshot.pipeline_id
            crm.forecast.snapshot.stage_id
            crm.lead.approval.from_stage_id
            crm.lead.approval.pipeline_id
            crm.lead.approval.stage_id
            crm.lead.passage.next_stage_id
            crm.lead.passage.pipeline_id
            crm.lead.passage.stage_id
            crm.lead.change.stage_id
            crm.lead.hold.pipeline_id
            crm.lead.hold.reason_id
            crm.lead.hold.stage_id
            crm.lead.hold_reason_id
            crm.lead.unanswered.call.pipeline_id
            crm.lead.unanswered.call.stage_id
            crm.pipeline.rule.log.rule_id
            """,
        ("restrict", "A deal is somewhere."): """
            crm.lead.pipeline_id
            crm.lead.pipeline_stage_id
            """,
        ("restrict", "What people noted on a deal would go."): """
            crm.lead.contact.partner_id
            crm.lead.contact.role_ids
            crm.lead.product.product_id
            crm.lead.product.product_uom_id
            """,
        ("restrict", "What is set up would go, or no longer work."): """
            crm.pipeline.rule.action.activity_type_id
            crm.pipeline.rule.action.plan_id
            crm.pipeline.rule.action.user_id
            crm.pipeline.rule.event_activity_type_id
            crm.pipeline.rule.fallback_user_id
            crm.pipeline.rule.from_stage_id
            crm.pipeline.rule.pipeline_id
            crm.pipeline.rule.stage_id
            crm.pipeline.stage.entry_group_id
            crm.pipeline.stage.stage_id
            crm.pipeline.won_pipeline_id
            res.company.pipeline_id
            crm.team.pipeline_id
            crm.visit.plan.activity_type_id
            crm.visit.plan.category_id
            crm.visit.plan.user_id
            res.partner.category.contact_user_id
            """,
        ("restrict", "What is counted or planned is so with this person's rights."): """
            crm.pipeline.rule.condition_user_id
            crm.visit.plan.condition_user_id
            """,
        ("restrict", "Without it, it would be for all."): """
            crm.hold.reason.company_id
            crm.pipeline.company_id
            crm.pipeline.team_ids
            crm.visit.plan.company_id
            crm.workbook.recipient.team_ids
            """,
        ("restrict", "The credit of a deal would be another one's, or nobody's."): """
            crm.lead.share.user_id
            """,
        ("restrict", "A target would be another one's, or count for nobody."): """
            crm.target.company_id
            crm.target.team_id
            crm.target.user_id
            """,
        ("set null", "Follows that of the company, which is in use."): """
            crm.target.currency_id
            """,
        ("restrict", "Visits and workbooks are someone's work."): """
            crm.visit.partner_id
            crm.visit.plan_id
            crm.workbook.recipient.user_id
            crm.workbook.user_id
            """,
    }

    def test_reasons(self):
        self.check_reasons()

    def test_wizards(self):
        self.check_wizards()
