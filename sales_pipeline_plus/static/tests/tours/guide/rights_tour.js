import {openPipeline} from "../tour_steps";
import {registry} from "@web/core/registry";

const card = (name) => `.o_kanban_record:contains('${name} for a tour')`;

registry.category("web_tour.tours").add("sales_pipeline_plus_guide_rights", {
    steps: () => [
        ...openPipeline,
        {
            trigger: ".o_searchview_facet:contains('My Pipeline') .o_facet_remove",
            run: "click",
        },
        {
            content: "the own ones, and those on which one collaborates",
            trigger: `.o_kanban_renderer:has(${card("Lathe")}):has(${card("Shared")}):not(:has(${card("Hidden")}))`,
        },
        {trigger: card("Shared"), run: "click"},
        {
            content: "who collaborates edits it",
            trigger: ".o_form_view .o_field_widget[name=expected_revenue] input",
            run: "edit 70000",
        },
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_form_saved"},
    ],
});
