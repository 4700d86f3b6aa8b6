import {registry} from "@web/core/registry";
import {stepUtils} from "@web_tour/tour_utils";

const tab = (title) => ({
    trigger: `.o_notebook .nav-link:contains('${title}')`,
    run: "click",
});
const choose = (text) => ({
    trigger: `.o-autocomplete--dropdown-item:contains('${text}')`,
    run: "click",
});

registry.category("web_tour.tours").add("sales_pipeline_plus_contacts", {
    steps: () => [
        tab("Contacts"),
        {
            trigger:
                ".o_field_widget[name=contact_ids] .o_data_row:contains('Tour buyer')",
        },
        {
            trigger: ".o_field_widget[name=contact_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=contact_ids] .o_selected_row [name=partner_id] input",
            run: "edit Tour director",
        },
        choose("Tour director"),
        {
            trigger:
                ".o_field_widget[name=contact_ids] .o_selected_row [name=role_ids] input",
            run: "edit Decision",
        },
        choose("Decision-maker"),
        ...stepUtils.saveForm(),
        {
            content: "mark the director as the primary contact",
            trigger:
                ".o_field_widget[name=contact_ids] .o_data_row:contains('Tour director') .o_favorite a",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=partner_id] input:value(Tour director)",
        },
        ...stepUtils.saveForm(),
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_products", {
    steps: () => [
        tab("Products"),
        {
            trigger:
                ".o_field_widget[name=product_line_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger:
                ".o_field_widget[name=product_line_ids] .o_selected_row [name=product_id] input",
            run: "edit Tour spindle",
        },
        choose("Tour spindle"),
        {
            trigger:
                ".o_field_widget[name=product_line_ids] .o_selected_row [name=product_uom_qty] input",
            run: "edit 3",
        },
        {
            trigger: ".o_field_widget[name=revenue_from_products] input",
            run: "click",
        },
        ...stepUtils.saveForm(),
        {
            content: "the expected revenue is the sum of the products",
            trigger: ".o_field_widget[name=expected_revenue]:contains('3,600.00')",
        },
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_move", {
    steps: () => [
        {
            trigger: ".o_cp_action_menus button:has(.fa-cog)",
            run: "click",
        },
        {
            trigger: ".o-dropdown-item:contains('Move to Another Pipeline')",
            run: "click",
        },
        {
            content: "the preview shows where the deal goes",
            trigger: ".modal .o_field_widget[name=pipeline_id] input",
            run: "edit Tour consumables",
        },
        choose("Tour consumables"),
        {
            trigger: ".modal .o_data_row:contains('Tour offer')",
        },
        {
            trigger: ".modal-footer button[name=action_move]",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=pipeline_id] input:value(Tour consumables)",
        },
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_override", {
    steps: () => [
        {
            trigger: ".o_statusbar_status button:contains('Tour offer')",
            run: "click",
        },
        {
            trigger: ".modal .o_stage_override",
            run: "click",
        },
        {
            trigger: ".modal .o_field_widget[name=reason] input",
            run: "edit The amount comes next week",
        },
        {
            trigger: ".modal-footer button[name=action_apply]",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_statusbar_status button.o_arrow_button_current:contains('Tour offer')",
        },
    ],
});
