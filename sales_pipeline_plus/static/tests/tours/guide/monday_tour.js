import {openCrm, openMenu} from "../tour_steps";
import {registry} from "@web/core/registry";

const openSales = (entry) => openMenu("crm.crm_menu_sales", entry);

registry.category("web_tour.tours").add("sales_pipeline_plus_guide_monday", {
    steps: () => [
        ...openCrm,
        {trigger: ".o_kanban_view"},
        ...openSales("sales_pipeline_plus.menu_crm_what_changed"),
        {
            content: "a line opens its opportunities",
            trigger: ".o_figure_ready tr[data-code=amount_up] .o_change_open",
            run: "click",
        },
        {trigger: ".o_list_view .o_data_row:contains('Lathe for a tour')"},
        ...openSales("sales_pipeline_plus.menu_crm_lead_review"),
        {
            content: "what to do next is planned from the row",
            trigger:
                ".o_weekly_review .o_data_row:contains('Lathe for a tour') button.o_plan_next_action",
        },
        {
            trigger:
                ".o_weekly_review .o_data_row:contains('Lathe for a tour') .o_data_cell[name=name]",
            run: "click",
        },
        {
            content: "the lamps tell in words what is well and what is not",
            trigger: ".o_form_view .o_health_card .o_health_toggle",
            run: "click",
        },
        {trigger: ".o_form_view .o_health_reason[data-code]"},
        {
            content: "it can sleep until a date",
            trigger: ".o_form_view .o_form_statusbar button:contains('Put on Hold…')",
            run: "click",
        },
        {
            trigger: ".modal .o_form_view",
        },
        {
            trigger: ".modal .modal-footer button:contains('Discard')",
            run: "click",
        },
        {trigger: "body:not(:has(.modal))"},
        ...openSales("sales_pipeline_plus.menu_crm_lead_decision"),
        {
            trigger:
                ".o_kanban_group:eq(0):has(.o_column_title:contains('Late')) .o_kanban_record:contains('Lathe for a tour')",
        },
        ...openSales("sales_pipeline_plus.menu_crm_first_page"),
        {trigger: ".o_first_page_team", run: "click"},
        {
            trigger:
                ".o_first_page_sections[data-whose=team]:not(:has([aria-busy=true]))",
        },
        {trigger: ".o_first_page_home"},
    ],
});
