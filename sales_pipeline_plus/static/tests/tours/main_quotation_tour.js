import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("sales_pipeline_plus_main_quotation", {
    steps: () => [
        {
            content: "the deal tells what its main quotation says otherwise",
            trigger: ".o_main_quotation:contains('1,000.00')",
        },
        {
            trigger: "button[name=action_use_quotation_amount]",
            run: "click",
        },
        {
            content: "the date is still another one",
            trigger:
                ".o_main_quotation:not(:has(button[name=action_use_quotation_amount])) button[name=action_use_quotation_date]",
            run: "click",
        },
        {
            trigger: ".o_form_view:not(:has(.o_main_quotation))",
        },
        {
            content: "another one of the deal's quotations is to lead",
            trigger: "button[name=action_view_sale_quotation]",
            run: "click",
        },
        {
            trigger: ".o_data_row button[name=action_make_main_quotation]",
            run: "click",
        },
        {
            trigger: ".o_data_row:first:has([name=is_main_quotation] input:checked)",
        },
        {
            trigger: ".o_back_button a, .breadcrumb-item a:contains('Lathe')",
            run: "click",
        },
        {
            trigger: ".o_main_quotation:contains('2,000.00')",
        },
    ],
});

registry.category("web_tour.tours").add("sales_pipeline_plus_won_offer", {
    steps: () => [
        {
            trigger: "button[name=action_confirm]:visible",
            run: "click",
        },
        {
            content: "its opportunity is still open",
            trigger: ".o_won_offer:contains('Lathe for a tour') button",
            run: "click",
        },
        {
            content: "what the won stage asks for is asked first",
            trigger: ".modal [name=expected_revenue] input",
            run: "edit 1000",
        },
        {
            trigger: ".modal .o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_view:not(:has(.o_won_offer)) [name=order_line]",
        },
    ],
});
