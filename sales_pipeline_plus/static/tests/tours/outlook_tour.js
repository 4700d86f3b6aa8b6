import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("sales_pipeline_plus_outlook", {
    steps: () => [
        {
            content: "the period can be chosen",
            trigger: ".o_figure_ready",
        },
        {
            content: "a figure for the quarter can be stated",
            trigger: ".o_figure_ready [data-code=calls]",
        },
        {trigger: ".o_outlook_state_call", run: "click"},
        {
            trigger: ".modal .o_field_widget[name=amount] input",
            run: "edit 54321",
        },
        {trigger: ".modal .o_form_button_save", run: "click"},
        {
            content: "it stands on the page, and opens",
            trigger:
                "body:not(:has(.modal)) .o_figure_ready [data-code=calls]:contains('54,321')",
            run: "click",
        },
        {trigger: ".o_list_view .o_data_row:contains('54,321')"},
        {
            trigger: ".o_control_panel .o_back_button a, .o_breadcrumb a",
            run: "click",
        },
        {trigger: ".o_figure_ready"},
        {
            trigger: ".o_outlook_window[data-window=next_13_weeks]",
            run: "click",
        },
        {trigger: ".o_outlook_window[data-window=next_13_weeks].btn-primary"},
        {
            content: "in words, with all methods",
            trigger:
                ".o_figure_ready .o_outlook_methods tr[data-code=stage_window] .o_outlook_best",
        },
        {trigger: ".o_outlook_methods:has(tr[data-code=last_year])"},
        {
            content: "each number opens its deals",
            trigger:
                ".o_figure_ready .o_outlook_stages .o_outlook_open[data-code=past_won]",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row",
            run() {
                const rows = document.querySelectorAll(".o_list_view .o_data_row");
                if (rows.length !== 1) {
                    throw new Error(`1 row is expected, not ${rows.length}`);
                }
            },
        },
        {
            trigger: ".o_control_panel .o_back_button a, .o_breadcrumb a",
            run: "click",
        },
        {
            content: "the page is as it was left",
            trigger: ".o_outlook_window[data-window=next_13_weeks].btn-primary",
        },
        {
            trigger:
                ".o_figure_ready .o_outlook_stages .o_outlook_open[data-code=open]",
            run: "click",
        },
        {trigger: ".o_list_view .o_data_row:contains('Lathe for a tour')"},
    ],
});
