import {registry} from "@web/core/registry";

// The trade show that was planned from a pattern has paid: its costs are noted, its
// return is read, and it is done again next year.
registry.category("web_tour.tours").add("sales_campaign_return_tour", {
    steps: () => [
        {
            content: "Open the trade show",
            trigger: ".o_list_view .o_data_cell:contains('Trade Show from a Pattern')",
            run: "click",
        },
        {
            content: "Look at its result",
            trigger: ".o_form_view .nav-link[name=result]",
            run: "click",
        },
        {
            content: "It has no costs yet, so its return is unknown",
            trigger: ".o_campaign_result tr[name=return]:contains('No data')",
        },
        {
            content: "Look at its costs",
            trigger: ".o_form_view .nav-link[name=costs]",
            run: "click",
        },
        {
            content: "Add one",
            trigger: "[name=cost_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "The stand",
            trigger: "[name=cost_ids] .o_selected_row [name=name] input",
            run: "edit Stand",
        },
        {
            content: "What it cost",
            trigger: "[name=cost_ids] .o_selected_row [name=amount] input",
            run: "edit 5000",
        },
        {
            content: "Save",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Back to the result",
            trigger: ".o_form_saved .nav-link[name=result]",
            run: "click",
        },
        {
            content: "20,000 won for 5,000 is a return of 300 %",
            trigger: ".o_campaign_result tr[name=return]:contains('300')",
        },
        {
            content: "Do it again",
            trigger: ".o_form_view button[name=action_repeat]",
            run: "click",
        },
        {
            content: "Create it",
            trigger: ".modal footer button[name=action_repeat]",
            run: "click",
        },
        {
            content: "It knows the one before",
            trigger:
                "body:not(:has(.modal)) .o_form_view [name=predecessor_id]:contains('Trade Show from a Pattern')",
        },
        {
            content: "And its pattern",
            trigger: ".o_form_view .nav-link[name=funnel]",
            run: "click",
        },
        {
            content: "With the targets of last time",
            trigger:
                "[name=pattern_funnel] tr:contains('Find opportunities'):contains('40')",
        },
    ],
});
