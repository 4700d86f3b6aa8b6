import {registry} from "@web/core/registry";

// A trade show that paid is done again next year.
registry.category("web_tour.tours").add("sales_campaign_repeat_tour", {
    steps: () => [
        {
            content: "See which campaign paid",
            trigger: ".o_list_view .o_data_cell:contains('Fair of the Tour')",
            run: "click",
        },
        {
            content: "Look at its costs",
            trigger: ".o_form_view .nav-link[name=costs]",
            run: "click",
        },
        {
            content: "The stand is there",
            trigger: "[name=cost_ids] .o_data_row:contains('Stand')",
        },
        {
            content: "Do it again",
            trigger: ".o_form_view button[name=action_repeat]",
            run: "click",
        },
        {
            content: "The title has the next year",
            trigger: ".modal [name=title] input:value('Fair of the Tour 2027')",
        },
        {
            content: "Create it",
            trigger: ".modal footer button[name=action_repeat]",
            run: "click",
        },
        {
            content: "It knows the one before",
            trigger:
                "body:not(:has(.modal)) .o_form_view [name=predecessor_id]:contains('Fair of the Tour 2026')",
        },
        {
            content: "Look at the goals",
            trigger: ".o_form_view .nav-link[name=goals]",
            run: "click",
        },
        {
            content: "Last time's result stands beside the goal",
            trigger:
                "[name=goal_ids] .o_data_row:contains('0 of 50'):contains('31 of 50')",
        },
    ],
});
