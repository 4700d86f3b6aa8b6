import {registry} from "@web/core/registry";

const line = (code) => `.o_figure_ready tr[data-code=${code}]`;
const says = (code, text) => ({
    content: `the line ${code} tells ${text}`,
    trigger: `${line(code)}:contains('${text}')`,
});
const back = {
    trigger: ".o_control_panel .o_back_button a, .o_breadcrumb a",
    run: "click",
};

registry.category("web_tour.tours").add("sales_pipeline_plus_what_changed", {
    steps: () => [
        says("opening", "3"),
        says("new", "+1"),
        says("won", "-1"),
        says("closing", "3"),
        {
            content: "the chart is told to screen readers, too",
            trigger: ".o_waterfall_chart canvas[aria-label*='Opening']",
        },
        {
            content: "what is in no bar is not there",
            trigger: ".o_change_table:not(:has(tr[data-code=on_hold]))",
        },
        {
            content: "the line opens its deals",
            trigger: `${line("amount_up")} .o_change_open`,
            run: "click",
        },
        {
            content: "with what they were then and are now",
            trigger:
                ".o_list_view .o_data_row:contains('50,000'):contains('60,000'):contains('Lathe for a tour')",
            run() {
                const rows = document.querySelectorAll(".o_list_view .o_data_row");
                if (rows.length !== 1) {
                    throw new Error(`1 row is expected, not ${rows.length}`);
                }
            },
        },
        {
            content: "a row opens the opportunity",
            trigger: ".o_list_view .o_data_row .o_data_cell[name=deal_name]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=expected_revenue]",
        },
        {
            trigger: ".breadcrumb-item a:contains('Amount Up'), .o_back_button a",
            run: "click",
        },
        {trigger: ".o_list_view .o_data_row"},
        back,
        {
            content: "pulled in and pushed out need a period",
            trigger: ".o_change_decision",
            run: "select this_year",
        },
        says("pushed_out", "-1"),
        {
            trigger: ".o_change_measure[data-measure=count]",
            run: "click",
        },
        {trigger: ".o_change_measure[data-measure=count].btn-primary"},
        {trigger: ".o_figure_mine", run: "click"},
        says("pushed_out", "-1"),
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_what_changed_empty", {
    steps: () => [
        {
            content: "when there will be something to see",
            trigger: ".o_nocontent_help .o_change_next:contains('first snapshot')",
        },
    ],
});
