import {registry} from "@web/core/registry";

const stage = (rank) => `.o_figure_ready .o_funnel_stage:nth-child(${rank})`;
const says = (rank, code, text) => ({
    content: `stage ${rank} tells ${text} for ${code}`,
    trigger: `${stage(rank)} [data-code=${code}]:contains('${text}')`,
});
const back = {
    trigger: ".o_control_panel .o_back_button a, .o_breadcrumb a",
    run: "click",
};
const hasRows = (expected) => ({
    content: `${expected} records are listed`,
    trigger: ".o_list_view .o_data_row",
    run() {
        const rows = document.querySelectorAll(".o_list_view .o_data_row");
        if (rows.length !== expected) {
            throw new Error(`${expected} rows are expected, not ${rows.length}`);
        }
    },
});

registry.category("web_tour.tours").add("sales_pipeline_plus_funnel", {
    steps: () => [
        {
            content: "headings for screen readers",
            trigger: ".o_figure_ready:has(h1:contains('Funnel')) .o_funnel_pipeline h2",
        },
        says(1, "entered", "3"),
        says(1, "moved_on", "1"),
        says(1, "lost", "1"),
        says(1, "open", "1"),
        says(1, "drop_off", "50"),
        says(4, "entered", "1"),
        {
            content: "a cohort has no share before its month is over",
            trigger: ".o_cohort_table tbody tr:last-child td[data-after='0']:empty",
        },
        {
            content: "the number opens its deals",
            trigger: `${stage(1)} .o_funnel_open[data-code=entered]`,
            run: "click",
        },
        hasRows(3),
        back,
        {
            trigger: `${stage(1)} .o_funnel_open[data-code=lost]`,
            run: "click",
        },
        {trigger: ".o_list_view .o_data_row:contains('Lathe for a tour')"},
        hasRows(1),
        back,
        {
            trigger: ".o_funnel_measure[data-measure=amount]",
            run: "click",
        },
        says(1, "entered", "150,000"),
        {
            content: "those created this month",
            trigger:
                ".o_cohort_table tbody tr:last-child td[data-code=created] .o_cohort_open:contains('150,000')",
            run: "click",
        },
        hasRows(3),
        back,
        {
            content: "what was measured is kept",
            trigger: ".o_funnel_measure[data-measure=amount].btn-primary",
        },
        {
            trigger: ".o_figure_period",
            run: "select last_year",
        },
        {trigger: ".o_funnel_empty"},
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_funnel_empty", {
    steps: () => [
        {
            content: "what can be done",
            trigger: ".o_figure_ready .o_funnel_empty:contains('another period')",
        },
        {
            content: "no deal is no data",
            trigger:
                ".o_cohort_table tbody tr:first-child td[data-after='0']:contains('—')",
        },
    ],
});
