import {registry} from "@web/core/registry";

const shares = ".o_field_widget[name=share_ids]";

registry.category("web_tour.tours").add("sales_pipeline_plus_shares", {
    steps: () => [
        {
            trigger: `${shares} .o_field_x2many_list_row_add a`,
            run: "click",
        },
        {
            trigger: `${shares} .o_selected_row [name=user_id] input`,
            run: "edit tour_colleague",
        },
        {
            trigger: ".o-autocomplete--dropdown-item:contains('tour_colleague')",
            run: "click",
        },
        {
            trigger: `${shares} .o_selected_row [name=percentage] input`,
            run: "edit 30",
        },
        {
            content: "the salesperson has the rest",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: `.o_form_view:has(.o_form_saved) ${shares} .o_data_row:contains('tour_salesperson'):contains('70')`,
        },
        {
            content: "more for one is less for the other",
            trigger: `${shares} .o_data_row:contains('tour_colleague') [name=percentage]`,
            run: "click",
        },
        {
            trigger: `${shares} .o_selected_row [name=percentage] input`,
            run: "edit 45.5",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            trigger: `.o_form_view:has(.o_form_saved) ${shares} .o_data_row:contains('tour_salesperson'):contains('54.5')`,
        },
        {
            content: "the chatter tells it",
            trigger: ".o-mail-Message:contains('54.5 %')",
        },
    ],
});
