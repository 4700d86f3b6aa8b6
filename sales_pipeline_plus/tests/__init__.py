from .change import (
    test_change,
    test_change_walk,
    test_kept_fields,
    test_live_database,
    test_value,
)
from .company import test_conversion, test_time_zone
from .deletion import test_deletion, test_ondelete
from .facts import test_kept_facts, test_kept_walk
from .pipeline import test_layout, test_pipeline, test_pipeline_overview
from .pipeline import (
    test_default,
    test_first_steps,
    test_settings,
    test_setup_version,
)
from .placement import (
    test_actions,
    test_pipeline_move,
    test_hand_over,
    test_stays,
    test_context,
    test_import_stages,
    test_open_index,
    test_pipeline_properties,
    test_deal_status,
    test_merge_convert,
    test_import,
    test_stage_rule,
    test_tours,
    test_query_count,
    test_query_budgets,
    test_random_walk,
    test_roles,
)
from .probability import (
    test_probability_create,
    test_probability_status,
    test_probability_update,
    test_probability_write,
    test_scoring_stages,
)
from .stage_rules import (
    test_requirements,
    test_requirement_detours,
    test_requirement_requests,
    test_qualification,
    test_stage_limits,
)
from .next_action import (
    test_next_action,
    test_activity_hand_over,
    test_next_action_users,
    test_next_action_policy,
    test_policy_detours,
    test_next_action_policy_tours,
    test_next_action_tours,
    test_schedule_dialog,
    test_neglected_mail,
    test_review,
)
from .passage import test_passages, test_closing_date, test_dates
from .decision import (
    test_decision_bucket,
    test_decision_period,
    test_decision_slip,
    test_decision_target,
    test_decision_tours,
)
from .forecast import (
    test_forecast_reliability,
    test_forecast_snapshot,
    test_reliability_tour,
    test_review_views,
    test_snapshot_demo,
)
from .deal import (
    test_attempt,
    test_collaborators,
    test_contacts,
    test_hidden_details,
    test_deal_page_tours,
    test_lost,
    test_made_revenue,
    test_products,
)
from .figures import (
    test_arguments,
    test_digest,
    test_exact_parts,
    test_figures_equal_lists,
    test_flash_figures,
    test_flash_figures_tours,
    test_kpi,
    test_new_customers,
)
from .automation import (
    test_rule_actions,
    test_rule_events,
    test_rule_lasting,
    test_rule_race,
    test_rule_repeat,
    test_rule_tours,
    test_rule_walk,
    test_rule_withdrawal,
    test_rules,
    test_visits,
)
from .quotation import (
    test_follow,
    test_follow_own,
    test_follow_roles,
    test_follow_values,
    test_quotation_difference,
    test_quotation_tours,
    test_quotation_walk,
    test_won_offer,
)
from .target import (
    test_coverage,
    test_target,
    test_target_book,
    test_target_share,
    test_target_shown,
    test_target_tours,
)
from .workbook import test_workbook, test_workbook_tries
from .customer import test_customer_figures, test_new_customer_mark
from .outlook import (
    test_decision_outlook,
    test_outlook,
    test_outlook_arithmetic,
    test_outlook_inputs,
    test_outlook_recount,
    test_outlook_tour,
    test_outlook_workbook,
)
from .funnel import (
    test_cohort,
    test_funnel,
    test_funnel_arithmetic,
    test_funnel_recount,
    test_funnel_share,
    test_funnel_tour,
    test_funnel_workbook,
)
from .forecast_call import test_call, test_call_outlook, test_call_recount
from .health import test_health, test_health_outcomes, test_health_recount
from .waterfall import (
    test_changes,
    test_changes_recount,
    test_changes_tour,
    test_changes_workbook,
)
from .history import (
    test_file_values,
    test_history_cells,
    test_history_formats,
    test_history_import,
    test_history_import_cases,
    test_history_kept,
    test_history_recount,
    test_history_slips,
    test_import_file,
    test_import_languages,
    test_import_missing,
    test_import_tour,
    test_unknown_ways,
)
from . import test_helpers, test_translation
from .first_page import test_first_page, test_first_page_tour
from .conditions import test_condition, test_condition_random
from .stories import test_stories
from .guide import test_guide, test_guide_tours
from .share import test_share_figures, test_share_lists, test_share_tours, test_shares
from .care import test_care, test_care_job, test_care_recount, test_care_tours
from .unanswered_call import (
    test_call_figures,
    test_last_call,
    test_unanswered_call,
    test_unanswered_call_tours,
)
from .approval import (
    test_approval,
    test_approval_reminder,
    test_approval_tours,
    test_approval_walk,
    test_within_house,
    test_entry,
)
from .hold import (
    test_hold,
    test_hold_figures,
    test_hold_tour,
    test_hold_walk,
    test_wake_up_user,
)
from . import test_unit
