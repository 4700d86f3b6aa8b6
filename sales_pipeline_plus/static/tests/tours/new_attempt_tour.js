import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("sales_pipeline_plus_new_attempt", {
    steps: () => [
        {
            content: "a lost deal cannot be restored here",
            trigger:
                ".o_form_view:has(.ribbon:contains('Lost')):not(:has(button[name=action_restore]))",
        },
        {
            trigger: ".o_statusbar_buttons button[name=action_new_attempt]",
            run: "click",
        },
        {
            content: "the fresh deal knows which attempt it is",
            trigger: ".oe_stat_button[name=action_open_attempt_of]:contains('No. 2')",
        },
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains('Tour study')",
        },
        {
            content: "back to the lost one",
            trigger: ".oe_stat_button[name=action_open_attempt_of]",
            run: "click",
        },
        {
            trigger: ".o_form_view:has(.ribbon:contains('Lost'))",
        },
        {
            content: "and forward again",
            trigger:
                ".oe_stat_button[name=action_open_attempts]:contains('New Attempt')",
            run: "click",
        },
        {
            trigger: ".oe_stat_button[name=action_open_attempt_of]",
        },
    ],
});
