import {registry} from "@web/core/registry";
import {openCrm, openMenu, openPipeline} from "./tour_steps";

/* The stories that are told in readme/USAGE.md, with the number of their clicks. */

const openPipelines = [
    ...openCrm,
    ...openMenu("crm.crm_menu_sales", "sales_pipeline_plus.menu_crm_pipeline_overview"),
];
const tab = (title) => ({
    trigger: `.o_notebook .nav-link:contains('${title}')`,
    run: "click",
});
const choose = (text) => ({
    trigger: `.o-autocomplete--dropdown-item:contains('${text}')`,
    run: "click",
});
const beginPipeline = (template, name) => [
    {
        content: "begin with the stages of a template",
        trigger: `.o_field_widget[name=start_from] .o_radio_item:contains('${template}') input`,
        run: "click",
    },
    {
        trigger: ".o_field_widget[name=name] input",
        run: `edit ${name}`,
    },
    {
        trigger: ".o_form_button_save",
        run: "click",
    },
];

registry.category("web_tour.tours").add("sales_pipeline_plus_story_first_day", {
    steps: () => [
        ...openPipelines,
        {
            content: "the first steps say what to do",
            trigger:
                ".o_pipeline_first_steps [data-step=pipelines]:has(.fa-circle-o) button",
            run: "click",
        },
        ...beginPipeline("Equipment and projects", "Tour machines"),
        {
            trigger: ".o_form_saved .o_data_row:contains('Negotiation')",
        },
        {
            trigger: ".o_back_button a, .breadcrumb-item a:contains('Pipelines')",
            run: "click",
        },
        {
            content: "what is done is ticked off",
            trigger: ".o_pipeline_first_steps [data-step=pipelines] .fa-check-circle",
        },
        {
            trigger: ".o_pipeline_first_steps .btn-close",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.o_pipeline_first_steps)) .o_kanban_record:contains('Tour machines')",
        },
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_story_second_pipeline", {
    steps: () => [
        ...openPipelines,
        {
            trigger: ".o_pipeline_overview .o_kanban_record",
        },
        {
            trigger: ".o_control_panel .o-kanban-button-new",
            run: "click",
        },
        ...beginPipeline("Consumables", "Tour spare parts"),
        {
            content: "all of a stage is in a dialog",
            trigger:
                ".o_form_saved .o_data_row:contains('Quotation Sent') .o_list_record_open_form_view button",
            run: "click",
        },
        {
            trigger: ".modal .o_notebook .nav-link:contains('Fields Asked For')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".modal .o_selected_row [name=field_name] input",
            run: "click",
        },
        {
            trigger: ".o_select_menu_item:contains(/^Expected Revenue$/)",
            run: "click",
        },
        {
            trigger: ".modal [name=field_name] input:value(Expected Revenue)",
        },
        {
            content: "the list of fields is closed again",
            trigger: "body:not(:has(.o_select_menu_menu)) .modal .o_form_button_save",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_data_row:contains('Quotation Sent') [name=requirement_ids]:contains('Expected Revenue')",
        },
        tab("Automatic Actions"),
        {
            content: "the usual actions are a click away",
            trigger: "button[name=action_add_usual_rules]",
            run: "click",
        },
        {
            trigger: ".o_form_saved [name=rule_ids] .o_data_row",
        },
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_story_won", {
    steps: () => [
        ...openPipeline,
        {
            trigger:
                ".o_kanban_group:has(.o_column_title:contains('Tour study')) .o_kanban_quick_add",
            run: "click",
        },
        {
            trigger: ".o_kanban_quick_create .o_field_widget[name=partner_id] input",
            run: "edit Tour workshop",
        },
        choose("Tour workshop"),
        {
            trigger: ".o_kanban_quick_create .o_field_widget[name=name] input",
            run: "edit Lathe for a tour",
        },
        {
            trigger: ".o_kanban_quick_create .o_kanban_edit",
            run: "click",
        },
        tab("Products"),
        {
            trigger: "[name=product_line_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: "[name=product_line_ids] .o_selected_row [name=product_id] input",
            run: "edit Tour lathe",
        },
        choose("Tour lathe"),
        {
            trigger: ".o_field_widget[name=revenue_from_products] input",
            run: "click",
        },
        {
            content: "the products are on the quotation",
            trigger: "button[name=action_sale_quotations_new]",
            run: "click",
        },
        {
            trigger: ".o_form_view [name=order_line]:contains('Tour lathe')",
        },
        {
            trigger: "button[name=action_confirm]:visible",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('Sales Order')",
        },
        {
            trigger: ".breadcrumb-item a:contains('Lathe for a tour')",
            run: "click",
        },
        {
            content: "what is ordered stands beside what was expected",
            trigger: ".o_form_view .oe_stat_button:contains('Order')",
        },
        {
            trigger: "button[name=action_set_won_rainbowman]",
            run: "click",
        },
        {
            trigger: ".o_form_view .ribbon:contains('Won')",
        },
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_story_monthly_meeting", {
    steps: () => [
        ...openCrm,
        ...openMenu(
            "crm.crm_menu_report",
            "sales_pipeline_plus.crm_kpi_menu_flash_figures"
        ),
        {
            content: "how the month goes, beside the one before",
            trigger: ".o_figure_ready .o_figure_tile[data-code=won_count]",
        },
        {
            trigger: ".o_figure_period",
            run: "select last_month",
        },
        {
            content: "what is behind a figure",
            trigger:
                ".o_figure_ready .o_figure_tile[data-code=won_count]:has(.o_figure_value:contains('1')) .o_figure_open",
            run: "click",
        },
        {
            trigger: ".o_list_view .o_data_row:contains('Lathe for a tour')",
        },
        {
            trigger: ".o_control_panel .o_back_button a, .o_breadcrumb a",
            run: "click",
        },
        {
            content: "who has won how much",
            trigger:
                ".o_figure_ready .o_figure_chart[data-chart=salespeople] .o_figure_as_table",
            run: "click",
        },
        {
            trigger:
                ".o_figure_chart[data-chart=salespeople] tbody:contains('tour_salesperson')",
        },
        {
            content: "and what to talk about now",
            trigger: "[data-menu-xmlid='crm.crm_menu_sales']",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='sales_pipeline_plus.menu_crm_lead_review']",
            run: "click",
        },
        {
            trigger: ".o_weekly_review .o_data_row:contains('Mill for a tour')",
        },
    ],
});
