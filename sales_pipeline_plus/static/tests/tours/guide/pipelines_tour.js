import {openMenu, openPipeline} from "../tour_steps";
import {registry} from "@web/core/registry";

/* From the form of a pipeline on; how it is made is told by the stories. */
registry.category("web_tour.tours").add("sales_pipeline_plus_guide_pipelines", {
    steps: () => [
        {trigger: ".o_form_view .o_notebook .nav-link:contains('Stages')"},
        {trigger: ".o_form_view .o_notebook .nav-link:contains('Automatic Actions')"},
        {
            content: "what happens without a next action is chosen here",
            trigger:
                ".o_field_widget[name=next_action_policy]:contains('Nothing happens'):contains('Warn the salesperson'):contains('Ask for it before a move')",
        },
        {
            content: "new opportunities go here",
            trigger: ".o_form_sheet button[name=action_make_default]",
            run: "click",
        },
        {trigger: ".o_field_widget[name=is_default] input:checked"},
        ...openPipeline,
        ...openMenu("crm.crm_menu_sales", "crm.menu_crm_opportunities"),
        {trigger: ".o_search_panel_category_value header:contains('Tour equipment')"},
        ...openMenu(
            "crm.crm_menu_sales",
            "sales_pipeline_plus.menu_crm_pipeline_overview"
        ),
        {trigger: ".o_pipeline_overview .o_kanban_record:contains('Tour equipment')"},
    ],
});
