import {registry} from "@web/core/registry";

const section = (code, count) =>
    `.o_first_page_sections:not(:has([aria-busy=true])) .o_first_page_section[data-section=${code}][data-count='${count}']`;

registry.category("web_tour.tours").add("sales_pipeline_plus_first_page", {
    steps: () => [
        {
            content: "plan what has no next action",
            trigger: `${section("missing", 1)} .o_data_row:contains('Bare for a tour') button.o_plan_next_action`,
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=summary] input",
            run: "edit Ring the buyer",
        },
        {
            trigger: ".modal button[name=action_schedule_activities]",
            run: "click",
        },
        {
            content: "the number follows, and says that nothing is left",
            trigger: `body:not(:has(.modal)) ${section("missing", 0)}:contains('Every opportunity has a next action')`,
        },
        {
            content: "win what is signed",
            trigger: `${section("closing", 1)} .o_deal_won`,
            run: "click",
        },
        {
            trigger: section("closing", 0),
        },
        {
            content: "what is due is done from its pictogram",
            trigger: `${section("due", 1)} .o-mail-ActivityButton`,
            run: "click",
        },
        {
            trigger: ".o-mail-ActivityListPopoverItem-markAsDone",
            run: "click",
        },
        {
            trigger: ".o-mail-ActivityMarkAsDone button[aria-label='Done']",
            run: "click",
        },
        {
            trigger: section("due", 0),
        },
        {
            content: "let the page be the first one",
            trigger: ".o_first_page_home[aria-pressed=false]",
            run: "click",
        },
        {
            trigger: ".o_first_page_home[aria-pressed=true]",
        },
    ],
});
