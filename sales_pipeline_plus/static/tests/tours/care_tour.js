import {openCrm} from "./tour_steps";
import {registry} from "@web/core/registry";

const row = (name) => `.o_data_row:contains('${name}')`;

registry.category("web_tour.tours").add("sales_pipeline_plus_neglected_customers", {
    steps: () => [
        ...openCrm,
        {
            trigger: "[data-menu-xmlid='crm.crm_menu_sales']",
            run: "click",
        },
        {
            trigger:
                "[data-menu-xmlid='sales_pipeline_plus.menu_crm_neglected_customers']",
            run: "click",
        },
        {
            content: "who was not called is there, who was is not",
            trigger: `.o_list_view:not(:has(${row("Tour cared for")})) ${row("Tour forgotten")}:contains('Neglected')`,
        },
        {
            content: "a call is planned from the list",
            trigger: `${row("Tour forgotten")} [name=activity_ids] a, ${row("Tour forgotten")} [name=activity_ids] button`,
            run: "click",
        },
        {
            trigger:
                ".o-mail-ActivityListPopover button:contains('Schedule an activity')",
            run: "click",
        },
        {
            trigger: ".modal [name=summary] input",
            run: "edit How is the lathe?",
        },
        {
            trigger: ".modal button[name=action_schedule_activities]",
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) ${row("Tour forgotten")} [name=activity_ids]:contains('How is the lathe?')`,
        },
        {
            content: "without the filter it is there as planned",
            trigger: ".o_searchview_facet:contains('Neglected') .o_facet_remove",
            run: "click",
        },
        {
            trigger: `${row("Tour forgotten")}:contains('Planned')`,
        },
        {
            trigger: `${row("Tour cared for")}:contains('Cared for')`,
        },
    ],
});
