import {registry} from "@web/core/registry";

const tile = (code) => `.o_figure_ready .o_figure_tile[data-code=${code}]`;
const value = (code, text) => ({
    content: `the tile ${code} tells ${text}`,
    trigger: `${tile(code)} .o_figure_value:contains('${text}')`,
});
const setPeriod = (period) => ({
    trigger: ".o_figure_period",
    run: `select ${period}`,
});

registry.category("web_tour.tours").add("sales_pipeline_plus_flash_figures", {
    steps: () => [
        value("created_count", "3"),
        setPeriod("last_year"),
        value("created_count", "1"),
        {
            content: "the tile opens its records",
            trigger: `${tile("created_count")} .o_figure_open`,
            run: "click",
        },
        {
            content: "as many as it told",
            trigger: ".o_list_view .o_data_row",
            run() {
                const rows = document.querySelectorAll(".o_list_view .o_data_row");
                if (rows.length !== 1) {
                    throw new Error(`1 record is expected, not ${rows.length}`);
                }
            },
        },
        {
            trigger: ".o_control_panel .o_back_button a, .o_breadcrumb a",
            run: "click",
        },
        {
            content: "the period is kept on the way back",
            trigger: ".o_figure_period:value(last_year)",
        },
        value("created_count", "1"),
        setPeriod("this_month"),
        value("created_count", "3"),
        {
            trigger: ".o_figure_mine",
            run: "click",
        },
        value("created_count", "3"),
        {
            content: "the chart's numbers as a table",
            trigger: ".o_figure_chart[data-chart=open_by_stage] .o_figure_as_table",
            run: "click",
        },
        {
            content: "a number of the table opens its records",
            trigger: ".o_figure_chart[data-chart=open_by_stage] tbody button:contains('4')",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row",
            run() {
                const rows = document.querySelectorAll(".o_list_view .o_data_row");
                if (rows.length !== 4) {
                    throw new Error(`4 records are expected, not ${rows.length}`);
                }
            },
        },
        {
            trigger: ".o_control_panel .o_back_button a, .o_breadcrumb a",
            run: "click",
        },
        value("created_amount", "150,000"),
        {
            trigger: ".o_figure_choose",
            run: "click",
        },
        {
            trigger: ".modal input#figure_created_amount",
            run: "uncheck",
        },
        {
            trigger: ".modal .o_figure_save",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_figure_ready:not(:has([data-code=created_amount]))",
        },
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_flash_figures_kept", {
    steps: () => [
        {
            content: "the filters of the address are read",
            trigger: ".o_figure_period:value(last_year)",
        },
        value("created_count", "1"),
        {
            content: "the choice of tiles is kept",
            trigger: ".o_figure_ready:not(:has([data-code=created_amount]))",
        },
        {
            trigger: ".o_figure_choose",
            run: "click",
        },
        {
            trigger: ".modal .o_figure_reset",
            run: "click",
        },
        {
            content: "the usual tiles are back",
            trigger: tile("created_amount"),
        },
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_flash_figures_home", {
    steps: () => [value("created_count", "3")],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_flash_figures_empty", {
    steps: () => [
        {
            content: "nothing to count yet: an opportunity is offered",
            trigger: ".o_flash_figures .o_figure_create",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_field_widget[name=expected_revenue]",
        },
    ],
});
