import {registry} from "@web/core/registry";

// A salesperson plans a trade show from a pattern, then expects more of it.
registry.category("web_tour.tours").add("sales_campaign_pattern_tour", {
    steps: () => [
        {
            content: "Plan a trade show from the kanban",
            trigger: ".o_kanban_view:has(.o_kanban_group) .o-kanban-button-new",
            run: "click",
        },
        {
            content: "Give it a title",
            trigger: ".o_kanban_quick_create [name=title] input",
            run: "edit Trade Show from a Pattern",
        },
        {
            content: "Add it and open it",
            trigger: ".o_kanban_quick_create .o_kanban_edit",
            run: "click",
        },
        {
            content: "Its form is open",
            trigger: ".o_form_view .nav-link[name=goals]",
        },
        {
            content: "What it should bring",
            trigger: ".o_form_view [name=expected_revenue] input",
            run: "edit 20000 && press Tab",
        },
        {
            content: "Look for the pattern",
            trigger: ".o_form_view [name=pattern_id] input",
            run: "edit Pattern of the Tour",
        },
        {
            content: "Take it",
            trigger: ".o-autocomplete--dropdown-item a:contains('Pattern of the Tour')",
            run: "click",
        },
        {
            content: "Apply it",
            trigger:
                ".o_statusbar_buttons button[name=action_apply_pattern]:contains('Apply')",
            run: "click",
        },
        {
            content: "The funnel is there",
            trigger: ".o_form_view .nav-link[name=funnel]",
            run: "click",
        },
        {
            content: "With the targets",
            trigger:
                "[name=pattern_funnel] tr:contains('Find opportunities'):contains('20')",
        },
        {
            content: "Go to the goals",
            trigger: ".o_form_view .nav-link[name=goals]",
            run: "click",
        },
        {
            content: "They are made",
            trigger: "[name=goal_ids] .o_data_row:contains('0 of 4')",
        },
        {
            content: "Expect more",
            trigger: ".o_form_view [name=expected_revenue] input",
            run: "edit 40000 && press Tab",
        },
        {
            content: "A recalculation is offered",
            trigger: ".alert button[name=action_apply_pattern]",
            run: "click",
        },
        {
            content: "The new targets are beside the old ones",
            trigger: ".modal .o_data_row:contains('20'):contains('40')",
        },
        {
            content: "Apply them",
            trigger: ".modal button[name=action_apply]",
            run: "click",
        },
        {
            content: "The goals follow",
            trigger:
                "body:not(:has(.modal)) [name=goal_ids] .o_data_row:contains('0 of 8')",
        },
        {
            content: "Nothing is left to recalculate",
            trigger:
                ".o_form_view:not(:has(.alert button[name=action_apply_pattern])) .o_form_saved",
        },
    ],
});
