import {openCrm, openMenu} from "@sales_pipeline_plus/../tests/tours/tour_steps";
import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("sales_campaign_guide_tradeshow", {
    steps: () => [
        ...openCrm,
        {trigger: ".o_kanban_view"},
        ...openMenu(
            "crm.crm_menu_config",
            "sales_campaign_goals.sales_campaign_pattern_menu"
        ),
        {
            trigger: ".o_list_view .o_data_cell:contains('Pattern of the Tour')",
            run: "click",
        },
        {
            content: "the parts of earlier campaigns are proposed",
            trigger: ".o_form_view button[name=action_propose]",
        },
        ...openMenu(
            "sales_campaign_goals.sales_campaign_menu",
            "sales_campaign_goals.sales_campaign_list_menu"
        ),
        {trigger: ".o_kanban_record:contains('Fair of the Tour')"},
        ...openMenu(
            "crm.crm_menu_report",
            "sales_campaign_goals.sales_campaign_menu_comparison"
        ),
        {
            trigger: ".o_list_view .o_data_cell:contains('Fair of the Tour')",
            run: "click",
        },
        ...["goals", "costs", "result"].map((tab) => ({
            trigger: `.o_form_view .nav-link[name=${tab}]`,
            run: "click",
        })),
        {trigger: ".o_campaign_result tr[name=return]"},
        {trigger: ".o_form_view button[name=action_repeat]"},
    ],
});
