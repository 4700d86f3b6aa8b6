import {openCrm, openMenu} from "../tour_steps";
import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("sales_pipeline_plus_guide_index", {
    steps: () => [
        ...openCrm,
        {trigger: ".o_kanban_view"},
        ...openMenu("crm.crm_menu_sales", "sales_pipeline_plus.menu_crm_first_page"),
        {trigger: ".o_first_page_sections:not(:has([aria-busy=true]))"},
        ...openMenu("crm.crm_menu_sales", "crm.menu_crm_opportunities"),
        {trigger: ".o_kanban_record:contains('Lathe for a tour')"},
        {trigger: "[data-menu-xmlid='crm.crm_menu_sales']", run: "click"},
        {
            content: "the guide itself, which opens in a tab of its own",
            trigger: "[data-menu-xmlid='sales_pipeline_plus.menu_crm_guide']",
        },
    ],
});
