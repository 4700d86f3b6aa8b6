import {openCrm, openMenu} from "../tour_steps";
import {registry} from "@web/core/registry";

const openReport = (entry) => openMenu("crm.crm_menu_report", entry);
const isOpen = (title) => ({
    trigger: `.o_control_panel .o_breadcrumb:contains('${title}')`,
});

registry.category("web_tour.tours").add("sales_pipeline_plus_guide_month", {
    steps: () => [
        ...openCrm,
        {trigger: ".o_kanban_view"},
        ...openReport("sales_pipeline_plus.crm_kpi_menu_flash_figures"),
        {
            trigger: ".o_figure_ready",
        },
        {
            trigger: ".o_figure_period:has(option[value=this_month]:checked)",
            run: "select last_month",
        },
        {trigger: ".o_figure_comparison"},
        {
            content: "the own figures only",
            trigger: ".o_figure_mine",
            run: "click",
        },
        {trigger: ".o_figure_ready .o_figure_tile[data-code=won_count]"},
        {trigger: ".o_figure_choose", run: "click"},
        {trigger: ".modal .o_figure_save"},
        {
            trigger: ".modal .modal-footer button:contains('Discard')",
            run: "click",
        },
        {
            content: "the workbook of what is shown",
            trigger: "body:not(:has(.modal)) .o_figure_export:enabled",
        },
        ...openReport("sales_pipeline_plus.crm_target_menu"),
        {
            trigger: ".o_list_view .o_data_row:contains('100,000')",
        },
        ...openReport("sales_pipeline_plus.crm_kpi_menu_targets"),
        {
            content: "a number tells its arithmetic",
            trigger: ".o_target_ready .o_coverage_number",
            run: "click",
        },
        {trigger: ".modal .o_arithmetic_words"},
        {trigger: ".modal .modal-footer .btn-secondary", run: "click"},
        {trigger: "body:not(:has(.modal))"},
        ...openMenu("crm.crm_menu_sales", "sales_pipeline_plus.menu_crm_outlook"),
        {trigger: ".o_figure_ready .o_outlook_sum"},
        ...openReport("sales_pipeline_plus.menu_crm_forecast_reliability"),
        isOpen("Forecast Reliability"),
        ...openReport("sales_pipeline_plus.menu_crm_workbook"),
        isOpen("Workbooks"),
        ...openMenu(
            "crm.crm_menu_config",
            "sales_pipeline_plus.menu_crm_workbook_recipient"
        ),
        isOpen("Monthly Workbook by E-Mail"),
    ],
});
