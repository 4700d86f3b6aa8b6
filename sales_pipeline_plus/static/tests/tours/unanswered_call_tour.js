import {registry} from "@web/core/registry";

const dialog = ".modal:has([name=choice])";

registry.category("web_tour.tours").add("sales_pipeline_plus_unanswered_call", {
    steps: () => [
        {
            content: "nobody answers: one click",
            trigger: ".o-mail-Activity .o_unanswered_call",
            run: "click",
        },
        {
            content: "the call is planned again, and counted",
            trigger: ".o-mail-Activity .o_unanswered_call:contains('(1)'):enabled",
        },
        {
            trigger: ".o-mail-Message:contains('call 1 of 2')",
        },
        {
            content: "that was the last one: what next?",
            trigger: ".o-mail-Activity .o_unanswered_call",
            run: "click",
        },
        {
            trigger: `${dialog} label:contains('Put the opportunity on hold')`,
            run: "click",
        },
        {
            trigger: `${dialog}:not(:has([name=partner_id]:visible)) button[name=action_apply]`,
            run: "click",
        },
        {
            trigger: ".modal [name=date_wake_up] input",
            run: "edit 01/31/2199",
        },
        {
            trigger: ".modal [name=reason_id] input",
            run: "edit Tour reason",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('Tour reason')",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_put_on_hold]",
            run: "click",
        },
        {
            content: "the call is gone, the opportunity sleeps",
            trigger:
                "body:not(:has(.modal)) .o_hold_banner:visible:contains('Tour reason')",
        },
        {
            trigger: "body:not(:has(.o_unanswered_call))",
        },
    ],
});
