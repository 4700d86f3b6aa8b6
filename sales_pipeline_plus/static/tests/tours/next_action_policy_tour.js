import {registry} from "@web/core/registry";
import {openPipeline} from "./tour_steps";

const card = ".o_kanban_record:contains('Lathe for a tour')";
const column = (title) => `.o_kanban_group:has(.o_column_title:contains('${title}'))`;
const planning = ".modal:has(.o_next_action_policy)";
const planAction = [
    {
        content: "what is done already is no next action",
        trigger: `${planning}:not(:has(button[name=action_schedule_activities_done]))`,
    },
    {
        trigger: `${planning} .o_field_widget[name=summary] input`,
        run: "edit Call them back",
    },
    {
        trigger: `${planning} button[name=action_schedule_activities]`,
        run: "click",
    },
];

registry.category("web_tour.tours").add("sales_pipeline_plus_plan_on_drag", {
    steps: () => [
        ...openPipeline,
        {
            trigger: `${column("Tour study")} ${card}`,
            run: `drag_and_drop(${column("Tour offer")})`,
        },
        {
            content: "discarding leaves the deal where it is",
            trigger: `${planning} .modal-footer button:contains('Discard')`,
            run: "click",
        },
        {
            trigger: ".o_notification:contains('no action was planned')",
        },
        {
            trigger: `body:not(:has(.modal)) ${column("Tour study")} ${card}`,
            run: `drag_and_drop(${column("Tour offer")})`,
        },
        ...planAction,
        {
            trigger: `body:not(:has(.modal)) ${column("Tour offer")} ${card}:contains('70 %')`,
        },
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_plan_in_form", {
    steps: () => [
        {
            trigger: ".o_statusbar_status button:contains('Tour offer')",
            run: "click",
        },
        ...planAction,
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains('Tour offer')",
        },
        {
            content: "what was moved is saved, and its activities are loaded",
            trigger: ".o_form_view .o_form_saved",
        },
        {
            content: "the last action is done: the next one is asked for",
            trigger:
                ".o-mail-Activity:contains('Call them back') .o-mail-Activity-markDone",
            run: "click",
        },
        {
            trigger:
                ".o-mail-ActivityMarkAsDone button:contains('Done'):not(:contains('Schedule'))",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=summary] input",
            run: "edit Send the plan",
        },
        {
            content: "Odoo's button says Save for a call, else Schedule",
            trigger: ".modal footer button.btn-primary:visible",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o-mail-Activity:contains('Send the plan')",
        },
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_warn_on_drag", {
    steps: () => [
        ...openPipeline,
        {
            trigger: `${column("Tour study")} ${card}`,
            run: `drag_and_drop(${column("Tour offer")})`,
        },
        {
            trigger: `${column("Tour offer")} ${card}`,
        },
        {
            trigger:
                ".o_notification:contains('has no next action') button:contains('Plan it')",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=summary] input",
            run: "edit Call them back",
        },
        {
            trigger: ".modal button[name=action_schedule_activities]",
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) ${column("Tour offer")} ${card}`,
        },
    ],
});
