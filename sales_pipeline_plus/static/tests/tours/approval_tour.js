import {openPipeline} from "./tour_steps";
import {registry} from "@web/core/registry";

const card = ".o_kanban_record:contains('Lathe for a tour')";
const column = (title) => `.o_kanban_group:has(.o_column_title:contains('${title}'))`;
const dialog = ".modal:has([name=asked_ids])";
const banner = ".o_approval_banner:visible";

const ask = (reason) => [
    {
        content: "the dialog says who may, and asks for a reason",
        trigger: `${dialog} [name=who]:contains('tour_leader')`,
    },
    {
        trigger: `${dialog} [name=reason] textarea`,
        run: `edit ${reason}`,
    },
    {
        trigger: `${dialog} button[name=action_request]`,
        run: "click",
    },
];

registry.category("web_tour.tours").add("sales_pipeline_plus_ask_approval", {
    steps: () => [
        ...openPipeline,
        {
            trigger: `${column("Tour study")} ${card}`,
            run: `drag_and_drop(${column("Tour offer")})`,
        },
        {
            content: "discarding asks nobody",
            trigger: `${dialog} button[special=cancel], ${dialog} .o_form_button_cancel`,
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) ${column("Tour study")} ${card}:not(:has(.o_waiting_for_approval))`,
            run: `drag_and_drop(${column("Tour offer")})`,
        },
        ...ask("The price ends on Friday"),
        {
            content: "the card stays, and says what it waits for",
            trigger: `body:not(:has(.modal)) ${column("Tour study")} ${card} .o_waiting_for_approval:contains('Tour offer')`,
        },
        {
            trigger: card,
            run: "click",
        },
        {
            trigger: `${banner}:contains('The price ends on Friday')`,
        },
        {
            content: "who has asked can withdraw it, and decide nothing",
            trigger: `${banner}:not(:has(button[name=action_approve_move])) button[name=action_withdraw_approval]`,
            run: "click",
        },
        {
            trigger: ".o_form_view:not(:has(.o_approval_banner:visible))",
        },
        {
            content: "the status bar asks, too",
            trigger: ".o_statusbar_status button:contains('Tour offer')",
            run: "click",
        },
        ...ask("The customer waits"),
        {
            trigger: `${banner}:contains('The customer waits')`,
        },
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains('Tour study')",
        },
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_refuse_approval", {
    steps: () => [
        {
            trigger: `${banner}:contains('Please') button:contains('Refuse')`,
            run: "click",
        },
        {
            trigger: ".modal [name=answer] textarea",
            run: "edit The margin is too low",
        },
        {
            trigger: ".modal button[name=action_refuse]",
            run: "click",
        },
        {
            trigger: ".o_form_view:not(:has(.o_approval_banner:visible))",
        },
        {
            content: "the chatter tells why",
            trigger: ".o-mail-Message:contains('The margin is too low')",
        },
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_approve_move", {
    steps: () => [
        {
            trigger: `${banner}:contains('Please') button[name=action_approve_move]`,
            run: "click",
        },
        {
            trigger: ".o_form_view:not(:has(.o_approval_banner:visible))",
        },
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains('Tour offer')",
        },
    ],
});
