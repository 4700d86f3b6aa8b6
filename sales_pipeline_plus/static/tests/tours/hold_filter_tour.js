import {openPipeline} from "./tour_steps";
import {registry} from "@web/core/registry";

const facets = ".o_searchview .o_searchview_facet";

registry.category("web_tour.tours").add("sales_pipeline_plus_hold_filter", {
    steps: () => [
        ...openPipeline,
        {
            content: "what is on hold is left out at first",
            trigger: `${facets}:contains('Not on Hold')`,
        },
        {
            trigger: ".o_kanban_renderer:not(:has(.o_kanban_record:contains('Lathe')))",
        },
        {trigger: ".o_searchview_dropdown_toggler", run: "click"},
        {
            content: "asked for, it is shown alone",
            trigger: ".o_filter_menu .o-dropdown-item:text('On Hold')",
            run: "click",
        },
        {
            trigger: `.o_searchview:not(:has(.o_searchview_facet:contains('Not on Hold')))`,
        },
        {
            trigger:
                ".o_kanban_renderer:has(.o_kanban_record:contains('Lathe')):not(:has(.o_kanban_record:contains('Milling')))",
        },
    ],
});
