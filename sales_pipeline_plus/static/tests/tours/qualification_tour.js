import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const row = (text) => `.o_qualification_grid > .row:contains(${text})`;

registry.category("web_tour.tours").add("sales_pipeline_plus_qualification", {
    steps: () => [
        {trigger: ".o_form_view a[name=qualification]", run: "click"},
        {trigger: ".o_qualification_grid:contains(0 of 2 answered)"},
        {trigger: `${row("Budget")} button[data-value=no]`, run: "click"},
        {trigger: `${row("Budget")} button[data-value=no][aria-pressed=true]`},
        {trigger: `${row("Budget")} button[data-value=yes]`, run: "click"},
        {trigger: `${row("Budget")} button[data-value=yes][aria-pressed=true]`},
        {trigger: `${row("Technical")} button[data-value='3']`, run: "click"},
        {trigger: ".o_qualification_grid:contains(2 of 2 answered)"},
        {trigger: ".o_field_widget[name=qualification_score]:contains(84)"},
        {trigger: `${row("Budget")} input`, run: "edit Told on the phone"},
        ...stepUtils.saveForm(),
    ],
});
