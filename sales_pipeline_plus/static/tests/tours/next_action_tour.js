import {registry} from "@web/core/registry";
import {openCrm, openPipeline} from "./tour_steps";

const plan = (place) => [
    {
        content: "one click on the warning opens the planning dialog",
        trigger: `${place} .o_next_action[data-state=missing]`,
        run: "click",
    },
    {
        trigger: ".modal .o_field_widget[name=summary] input",
        run: "edit Call them back",
    },
    {
        trigger: ".modal button[name=action_schedule_activities]",
        run: "click",
    },
    {
        content: "the pictogram has changed, on the same page",
        trigger: `body:not(:has(.modal)) ${place} .o_next_action[data-state=planned][title*='Call them back']`,
    },
];

registry.category("web_tour.tours").add("sales_pipeline_plus_plan_from_review", {
    steps: () => [
        ...openCrm,
        {
            trigger: "[data-menu-xmlid='crm.crm_menu_sales']",
            run: "click",
        },
        {
            trigger: "[data-menu-xmlid='sales_pipeline_plus.menu_crm_lead_review']",
            run: "click",
        },
        {
            content: "the largest amount without next action comes first",
            trigger:
                ".o_weekly_review .o_data_row:first:contains('Lathe for a tour'):contains('No action')",
        },
        ...plan(".o_data_row:contains('Lathe for a tour')"),
        {
            trigger: ".o_data_row:contains('Lathe for a tour') .o_data_cell[name=name]",
            run: "click",
        },
        {
            content: "the deals are gone through with the pager",
            trigger: ".o_form_view .o_pager_next",
            run: "click",
        },
        {
            content: "the next deal says what it lacks",
            trigger:
                ".o_form_view:has(.o_last_breadcrumb_item:contains('Mill for a tour')) .o_next_action_banner",
        },
        {
            trigger: ".o_next_action_banner button[name=action_plan_next_action]",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=summary] input",
            run: "edit Send the offer",
        },
        {
            trigger: ".modal button[name=action_schedule_activities]",
            run: "click",
        },
        {
            trigger:
                ".o_form_view:not(:has(.o_next_action_banner:visible)) .o_next_action_planned:contains('Send the offer')",
        },
        {
            content: "the activity is in the chatter",
            trigger: ".o-mail-Activity",
        },
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_plan_from_kanban", {
    steps: () => [
        ...openPipeline,
        {
            content: "the header of the column counts it",
            trigger:
                ".o_kanban_group:has(.o_column_title:contains('Tour study')) .o_missing_actions:contains('1')",
        },
        ...plan(".o_kanban_record:contains('Lathe for a tour')"),
        {
            content: "the header has counted again",
            trigger:
                ".o_kanban_group:has(.o_column_title:contains('Tour study')):not(:has(.o_missing_actions))",
        },
    ],
});
