import {registry} from "@web/core/registry";

const number = (code) =>
    `.o_target_ready .o_coverage_section .o_coverage_number[data-code=${code}]`;

registry.category("web_tour.tours").add("sales_pipeline_plus_targets", {
    steps: () => [
        {
            content: "the tile tells target, expectation and state",
            trigger:
                ".o_figure_ready .o_figure_tile[data-code=won_amount] .o_figure_target[data-state=behind]:contains('Target: $ 200,000'):contains('Expected by today'):contains('Behind')",
        },
        {
            content: "to the targets, with the same filters",
            trigger: ".o_figure_targets",
            run: "click",
        },
        {
            content: "the salesperson's own target",
            trigger:
                ".o_target_ready .o_target_section tbody tr:contains('tour_salesperson') td:contains('200,000')",
        },
        {
            trigger: `${number("coverage")}:contains('0.3')`,
            run: "click",
        },
        {
            content: "the arithmetic in words",
            trigger:
                ".modal .o_arithmetic_words:contains('200,000'):contains('50,000')",
        },
        {
            trigger: ".modal .o_arithmetic_records",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row",
        },
        {
            trigger: ".o_control_panel .o_back_button a, .o_breadcrumb a:last",
            run: "click",
        },
        {
            trigger: number("velocity"),
            run: "click",
        },
        {
            content: "few closed opportunities: no number",
            trigger: ".modal .o_arithmetic_words:contains('At least 10')",
        },
        {
            trigger: ".modal .btn-secondary",
            run: "click",
        },
        {
            trigger: ".o_target_breakdown",
            run: "select month",
        },
        {
            trigger: ".o_target_ready:not(:has(.o_coverage_section)) .o_target_table",
        },
        {
            trigger: ".o_target_list",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row td[name=value]:contains('200,000')",
        },
    ],
});
