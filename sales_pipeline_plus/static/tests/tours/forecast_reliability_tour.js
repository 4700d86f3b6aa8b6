import {registry} from "@web/core/registry";

// The monthly meeting asks whether the forecasts can be believed.
registry.category("web_tour.tours").add("sales_pipeline_plus_forecast_reliability", {
    steps: () => [
        {
            content: "A sentence says it",
            trigger: ".o_forecast_sentence:contains('too high by 30%')",
        },
        {
            content: "There is a picture",
            trigger: ".o_forecast_picture .o_graph_canvas_container canvas",
        },
        {
            content: "And the numbers below, with their signs",
            trigger:
                ".o_forecast_reliability tr[data-horizon='04']:contains('65,000'):contains('50,000'):contains('30%')",
        },
        {
            content: "The term is behind a help sign",
            trigger: ".o_forecast_reliability th i[aria-label^='WAPE']",
        },
        {
            content: "The pivot is there as before",
            trigger: ".o_switch_view.o_pivot",
            run: "click",
        },
        {
            content: "With its percentages",
            trigger: ".o_pivot td:contains('30.0%')",
        },
    ],
});
