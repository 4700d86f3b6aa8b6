import {registry} from "@web/core/registry";

// At a trade show, on a phone: a new company and a known one are added in a few taps.
registry.category("web_tour.tours").add("sales_campaign_company_met_tour", {
    steps: () => [
        {
            content: "Name the trade show",
            trigger: ".o_form_view [name=title] textarea",
            run: "edit Trade Show of the Tour",
        },
        {
            content: "Save it",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Add a company met",
            trigger: ".o_form_saved button[name=action_add_company_met]",
            run: "click",
        },
        {
            content: "Enter a new company",
            trigger: ".modal [name=name] input",
            run: "edit New Company of the Tour",
        },
        {
            content: "Enter the person met",
            trigger: ".modal [name=contact_name] input",
            run: "edit Jeanne of the Tour",
        },
        {
            content: "Add it",
            trigger: ".modal button[name=action_add_next]",
            run: "click",
        },
        {
            content: "It is added, the dialog is ready for the next one",
            trigger: ".modal .alert-success:contains('New Company of the Tour')",
        },
        {
            content: "Enter a part of the name of a known company",
            trigger: ".modal [name=name] input:value()",
            run: "edit Known Company of",
        },
        {
            content: "Leave the field",
            trigger: ".modal [name=contact_name] input",
            run: "click",
        },
        {
            content: "Add the one that was found, with one tap",
            trigger:
                ".modal .o_kanban_record:contains('Known Company of the Tour') button[name=action_add_as_met]",
            run: "click",
        },
        {
            content: "It is added",
            trigger: ".modal .alert-success:contains('Known Company of the Tour')",
        },
        {
            content: "Close the dialog",
            trigger: ".modal-footer button[special=cancel]",
            run: "click",
        },
        {
            content: "Open the numbers of the campaign",
            trigger: "body:not(:has(.modal)) .o_control_panel button:has(.fa-bolt)",
            run: "click",
        },
        {
            content: "Two companies: open them",
            trigger:
                ".oe_stat_button[name=action_view_companies]:contains('2'), [name=action_view_companies]:contains('2')",
            run: "click",
        },
        {
            content: "Both are there",
            trigger: ".o_kanban_record:contains('Known Company of the Tour')",
        },
        {
            content: "The new one too",
            trigger: ".o_kanban_record:contains('New Company of the Tour')",
        },
    ],
});
