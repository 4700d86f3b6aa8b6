import {registry} from "@web/core/registry";
import {openPipeline} from "./tour_steps";

const menu = ".o-dropdown--menu";
const check = [
    {
        trigger: `${menu} .o-dropdown-item:contains('Mark Lost')`,
    },
    {
        trigger: `${menu}:not(:has(.o-dropdown-item:contains('Stop Collaborating')))`,
    },
    {
        trigger: `${menu}:not(:has(.o-dropdown-item:contains('Unarchive')))`,
    },
];

registry.category("web_tour.tours").add("sales_pipeline_plus_fitting_actions", {
    steps: () => [
        ...openPipeline,
        {
            trigger: ".o_switch_view.o_list",
            run: "click",
        },
        {
            trigger: ".o_data_row:contains('Lathe') .o_list_record_selector input",
            run: "click",
        },
        {
            trigger: ".o_cp_action_menus button:contains('Actions')",
            run: "click",
        },
        ...check,
        {
            trigger: ".o_data_row:contains('Lathe') .o_list_record_selector input",
            run: "click",
        },
        {
            trigger:
                ".o_list_view:not(:has(.o_selection_box)) .o_data_row:contains('Lathe') .o_data_cell[name=name]",
            run: "click",
        },
        {
            trigger: ".o_form_view .o_cp_action_menus button",
            run: "click",
        },
        ...check,
    ],
});
