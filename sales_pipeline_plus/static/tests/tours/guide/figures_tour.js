import {openCrm, openMenu} from "../tour_steps";
import {registry} from "@web/core/registry";

const FIGURES = [
    "Opportunities Created",
    "Created to Won",
    "Opportunities Won",
    "Amount Won",
    "Win Rate",
    "Average Basket",
    "Sales Cycle",
    "New Customers",
    "Open Opportunities",
    "Pipeline Amount",
    "Weighted Pipeline",
    "Late",
    "Without Next Action",
    "Out of Standard",
    "Stage Conversion",
    "Days in Stage",
    "Customer Acquisition Cost",
    "Forecast Error",
    "Forecast Bias",
];

registry.category("web_tour.tours").add("sales_pipeline_plus_guide_figures", {
    steps: () => [
        ...openCrm,
        {trigger: ".o_kanban_view"},
        ...openMenu(
            "crm.crm_menu_report",
            "sales_pipeline_plus.crm_kpi_menu_flash_figures"
        ),
        {
            content: "the question mark of a tile gives its definition",
            trigger:
                ".o_figure_ready .o_figure_tile[data-code=won_count] .o_figure_question",
            run: "click",
        },
        {trigger: ".o_figure_help:contains('Opportunities Won')"},
        {trigger: ".o_figure_choose", run: "click"},
        ...FIGURES.map((name) => ({
            trigger: `.modal .o_figure_choice .form-check-label:text('${name}')`,
        })),
    ],
});
