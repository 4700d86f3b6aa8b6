import {registry} from "@web/core/registry";

function addReadyMadeGoal(name, target) {
    return [
        {
            content: `Add a goal to the campaign: ${name}`,
            trigger: "[name=goal_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Look for the ready-made goal",
            trigger: ".modal [name=template_id] input",
            run: `edit ${name}`,
        },
        {
            content: "Take it",
            trigger: `.o-autocomplete--dropdown-item a:contains('${name}')`,
            run: "click",
        },
        {
            content: "What is there now is shown at once",
            trigger: ".modal [name=progress_text]:contains('0 of')",
        },
        {
            content: "Give it a target",
            trigger: ".modal [name=target] input",
            run: `edit ${target} && press Tab`,
        },
        {
            content: "It follows the target",
            trigger: `.modal [name=progress_text]:contains('0 of ${target}')`,
        },
        {
            content: "Add it",
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            content: "It is listed",
            trigger: `body:not(:has(.modal)) [name=goal_ids] .o_data_row:contains('0 of ${target}')`,
        },
    ];
}

// A salesperson plans a trade show with goals; the counters rise with what is met.
registry.category("web_tour.tours").add("sales_campaign_goal_tour", {
    steps: () => [
        {
            content: "Plan a trade show from the kanban",
            trigger: ".o_kanban_view:has(.o_kanban_group) .o-kanban-button-new",
            run: "click",
        },
        {
            content: "Give it a title",
            trigger: ".o_kanban_quick_create [name=title] input",
            run: "edit Trade Show of the Tour",
        },
        {
            content: "Add it and open it",
            trigger: ".o_kanban_quick_create .o_kanban_edit",
            run: "click",
        },
        {
            content: "Its goals",
            trigger: ".o_form_view .nav-link[name=goals]",
            run: "click",
        },
        ...addReadyMadeGoal("Meet companies", 4),
        ...addReadyMadeGoal("Visitors on the stand", 7),
        {
            content: "Save the campaign",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "It is saved",
            trigger: ".o_form_saved",
        },
        {
            content: "Count a visitor",
            trigger:
                "[name=goal_ids] .o_data_row:contains('0 of 7') button[name=action_increment]",
            run: "click",
        },
        {
            content: "The counter rises",
            trigger: "[name=goal_ids] .o_data_row:contains('1 of 7')",
        },
        {
            content: "Create a company met from the row of the goal",
            trigger:
                "[name=goal_ids] .o_data_row:contains('0 of 4') button[name=action_new_record]",
            run: "click",
        },
        {
            content: "Name the company",
            trigger: "h1 .o_field_widget[name=name] :is(input, textarea)",
            run: "edit Workshop of the Tour",
        },
        {
            content: "Save the company",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "The company is saved",
            trigger: ".o_form_saved",
        },
        {
            content: "Go back to the campaign",
            trigger: ".o_back_button, .breadcrumb-item:contains('Trade Show') a",
            run: "click",
        },
        {
            content: "The goal has counted it",
            trigger: "[name=goal_ids] .o_data_row:contains('1 of 4'):contains('25')",
        },
        {
            content: "Open the companies counted",
            trigger:
                "[name=goal_ids] .o_data_row:contains('1 of 4') button[name=action_view_records]",
            run: "click",
        },
        {
            content: "It is the one",
            trigger: ".o_list_view .o_data_cell:contains('Workshop of the Tour')",
        },
    ],
});
