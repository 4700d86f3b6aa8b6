from odoo.tests import tagged

from odoo.addons.sales_pipeline_plus.tests.common_ondelete import OndeleteCase


@tagged("post_install", "-at_install")
class TestOndelete(OndeleteCase):
    module = "sales_campaign_goals"
    REASONS = {
        ("cascade", "A part of the campaign, deleted by who may delete that."): """
            sales.campaign.cost.campaign_id
            sales.campaign.goal.campaign_id
            sales.campaign.reminder.campaign_id
            """,
        ("cascade", "A part of the goal, deleted by who may delete that."): """
            sales.campaign.goal.entry.goal_id
            sales.campaign.goal.parent_id
            sales.campaign.goal.snapshot.goal_id
            sales.campaign.reminder.goal_id
            """,
        ("cascade", "A part of the pattern."): """
            sales.campaign.pattern.step.parent_id
            sales.campaign.pattern.step.pattern_id
            """,
        ("cascade", "Only the link goes."): """
            account.move.sales_campaign_ids
            calendar.event.sales_campaign_ids
            crm.lead.sales_campaign_ids
            res.partner.sales_campaign_ids
            sale.order.sales_campaign_ids
            sales.campaign.member_ids
            """,
        ("set null", "It only says where it comes from."): """
            sales.campaign.goal.pattern_step_id
            sales.campaign.goal.predecessor_goal_id
            sales.campaign.goal.template_id
            sales.campaign.pattern.step.template_id
            sales.campaign.predecessor_id
            """,
        ("set null", "The campaign, or the pattern, goes on without."): """
            sales.campaign.pattern.segment_id
            sales.campaign.team_id
            """,
        ("restrict", "What is counted would be something else."): """
            sales.campaign.goal.team_id
            sales.campaign.goal.user_id
            """,
        ("restrict", "Who counted what is a fact."): """
            sales.campaign.goal.entry.user_id
            """,
        ("restrict", "What is counted is counted with this person's rights."): """
            sales.campaign.goal.condition_user_id
            sales.campaign.goal.template.condition_user_id
            sales.campaign.pattern.step.condition_user_id
            """,
        ("restrict", "What is set up would go, or no longer work."): """
            sales.campaign.pattern_id
            sales.campaign.segment_id
            sales.campaign.stage_id
            sales.campaign.type_id
            sales.campaign.utm_campaign_id
            """,
        ("restrict", "Amounts would have no currency."): """
            sales.campaign.cost.currency_id
            sales.campaign.currency_id
            sales.campaign.pattern.currency_id
            """,
        ("restrict", "Without it, it would be for all."): """
            sales.campaign.goal.template.company_id
            sales.campaign.pattern.company_id
            sales.campaign.segment.company_id
            sales.campaign.type.company_id
            """,
    }

    def test_reasons(self):
        self.check_reasons()

    def test_wizards(self):
        self.check_wizards()
