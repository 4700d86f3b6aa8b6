import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("sales_pipeline_plus_rule_condition", {
    steps: () => [
        {
            content: "the condition counts the opportunities of the pipeline",
            trigger:
                ".o_field_widget[name=condition] .o_domain_show_selection_button:contains('1 record')",
        },
    ],
});
