import {registry} from "@web/core/registry";
import {openPipeline} from "./tour_steps";

const card = ".o_kanban_record:contains('Lathe for a tour')";
const column = (title) => `.o_kanban_group:has(.o_column_title:contains('${title}'))`;
const dialog = ".modal:has(.o_stage_requirements)";
const fillIn = (amount) => [
    {
        content: "the dialog says what the stage means and asks for what is missing",
        trigger: `${dialog}:contains('The offer has been sent')`,
    },
    {
        trigger: `${dialog} .o_field_widget[name=expected_revenue] input`,
        run: `edit ${amount}`,
    },
    {
        trigger: `${dialog} .o_form_button_save`,
        run: "click",
    },
];

registry.category("web_tour.tours").add("sales_pipeline_plus_required_on_drag", {
    steps: () => [
        ...openPipeline,
        {
            trigger: `${column("Tour study")} ${card}`,
            run: `drag_and_drop(${column("Tour offer")})`,
        },
        {
            content: "discarding leaves the deal where it is",
            trigger: `${dialog} .o_form_button_cancel`,
            run: "click",
        },
        {
            trigger: `body:not(:has(.modal)) ${column("Tour study")} ${card}`,
            run: `drag_and_drop(${column("Tour offer")})`,
        },
        ...fillIn("0"),
        {
            content: "nothing is still missing",
            trigger: `${dialog} .o_field_widget[name=expected_revenue] input`,
        },
        ...fillIn("50000"),
        {
            trigger: `${column("Tour offer")} ${card}:contains('70 %')`,
        },
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_required_in_form", {
    steps: () => [
        ...openPipeline,
        {
            trigger: card,
            run: "click",
        },
        {
            content: "the form tells it before the user tries",
            trigger: ".o_stage_guidance:contains('Expected Revenue')",
        },
        {
            trigger: ".o_statusbar_status button:contains('Tour offer')",
            run: "click",
        },
        ...fillIn("50000"),
        {
            trigger:
                ".o_statusbar_status button.o_arrow_button_current:contains('Tour offer')",
        },
        {
            trigger: ".o_field_widget[name=probability] input:value(70.00)",
        },
        {
            trigger: ".o_form_view .o_form_saved",
        },
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_required_on_won", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button[name=action_set_won_rainbowman]",
            run: "click",
        },
        {
            content: "the first field that is missing has the focus, and is marked",
            trigger: `${dialog} .o_field_invalid[name=expected_revenue] input:focus`,
        },
        {
            content: "the closing date is proposed",
            trigger: `${dialog} .o_field_widget[name=date_deadline] button:not(:empty)`,
        },
        {
            trigger: `${dialog} .o_field_widget[name=expected_revenue] input`,
            run: "edit 50000",
        },
        {
            trigger: `${dialog} .o_form_button_save`,
            run: "click",
        },
        {
            trigger: ".o_form_view .ribbon:contains('Won')",
        },
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_required_in_list", {
    steps: () => [
        ...openPipeline,
        {
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            trigger: ".o_list_view thead .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_data_row:first .o_data_cell[name=stage_id]",
            run: "click",
        },
        {
            trigger: ".o_data_row:first .o_data_cell[name=stage_id] input",
            run: "edit Tour offer",
        },
        {
            trigger: ".ui-menu-item > a:contains('Tour offer')",
            run: "click",
        },
        {
            content: "Odoo asks whether several are meant",
            trigger: ".modal:contains('2') .modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "what they lack is asked for in one table, the first cell first",
            trigger:
                ".modal .o_data_row:first.o_selected_row [name=expected_revenue] input:focus",
            run: "edit 50000",
        },
        {
            content: "nothing moves while something is missing",
            trigger: ".modal .o_stage_move",
            run: "click",
        },
        {
            trigger: ".o_notification:contains('Something is still missing')",
        },
        {
            trigger: ".modal .o_data_row:eq(1) .o_data_cell[name=expected_revenue]",
            run: "click",
        },
        {
            trigger:
                ".modal .o_data_row:eq(1).o_selected_row [name=expected_revenue] input",
            run: "edit 60000",
        },
        {
            trigger: ".modal .o_stage_move",
            run: "click",
        },
        {
            content: "the list shows what the server has saved",
            trigger:
                "body:not(:has(.modal)) .o_data_row:has(.o_data_cell[name=stage_id]:contains('Tour offer')) .o_data_cell[name=expected_revenue]:contains('60,000')",
        },
    ],
});
