import {registry} from "@web/core/registry";

// A salesperson plans a campaign and creates its first opportunity from it.
registry.category("web_tour.tours").add("sales_campaign_tour", {
    steps: () => [
        {
            content: "Plan a campaign from the kanban",
            trigger: ".o_kanban_view:has(.o_kanban_group) .o-kanban-button-new",
            run: "click",
        },
        {
            content: "Give it a title",
            trigger: ".o_kanban_quick_create [name=title] input",
            run: "edit Open Day of the Tour",
        },
        {
            content: "Say what it should bring",
            trigger: ".o_kanban_quick_create [name=expected_revenue] input",
            run: "edit 20000",
        },
        {
            content: "Add it and open it",
            trigger: ".o_kanban_quick_create .o_kanban_edit",
            run: "click",
        },
        {
            content: "Create its first opportunity",
            trigger: ".o_form_view button[name=action_new_opportunity]",
            run: "click",
        },
        {
            content: "Name the opportunity",
            trigger: ".o_lead_opportunity_form [name=name] textarea",
            run: "edit Lathe of the Tour",
        },
        {
            content: "Give its expected revenue",
            trigger: ".o_lead_opportunity_form [name=expected_revenue] input",
            run: "edit 5000",
        },
        {
            content: "Save the opportunity",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is saved",
            trigger: ".o_form_saved",
        },
        {
            content: "Go back to the campaign",
            trigger: ".o_back_button, .breadcrumb-item:contains('Open Day') a",
            run: "click",
        },
        {
            content: "The campaign counts it",
            trigger:
                ".oe_stat_button[name=action_view_opportunities]:contains('1'):contains('Opportunities')",
        },
        {
            content: "Open the tab of the opportunities",
            trigger: ".o_form_view .nav-link[name=opportunities]",
            run: "click",
        },
        {
            content: "The opportunity is listed",
            trigger:
                "[name=opportunity_ids] .o_data_cell:contains('Lathe of the Tour')",
        },
    ],
});
