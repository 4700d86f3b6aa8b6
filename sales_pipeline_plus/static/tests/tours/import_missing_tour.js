import {registry} from "@web/core/registry";

const FILE = [
    "Opportunity,Customer,Pipeline,Stage,Source,Tags",
    'Lathe from a file,Tour client,Tour equipment,Tour study,Tour fair,"Tour a, Tour b"',
    "Mill from a file,Tour client,Tour equipment,Tour offer,Tour fair,Tour a",
].join("\n");

function upload() {
    const files = new DataTransfer();
    files.items.add(new File([FILE], "deals.csv", {type: "text/csv"}));
    this.anchor.files = files.files;
    this.anchor.dispatchEvent(new Event("change", {bubbles: true}));
}

registry.category("web_tour.tours").add("sales_pipeline_plus_import_missing", {
    steps: () => [
        {
            trigger: ".o_kanban_view",
        },
        {
            trigger: ".o_cp_action_menus .fa-cog",
            run: "click",
        },
        {
            trigger: ".o_import_menu",
            run: "click",
        },
        {
            trigger: ".o_import_action",
        },
        {
            trigger: "input[type=file]:not(:visible)",
            run: upload,
        },
        {
            trigger: ".o_import_data_content:contains('Tour client')",
        },
        {
            trigger: ".o_control_panel button:contains('Test')",
            run: "click",
        },
        {
            content: "all that is missing is named at once",
            trigger:
                ".o_import_data_content .alert-danger:contains('Tour client'):contains('Tour fair'):contains('Tour a, Tour b')",
        },
        {
            trigger: ".o_show_missing",
            run: "click",
        },
        {
            trigger:
                ".modal .o_missing_records:contains('Contact'):contains('Tour client')",
        },
        {
            trigger: ".modal .o_create_missing",
            run: "click",
        },
        {
            content: "tested again by itself",
            trigger: ".o_import_data_content:contains('Everything seems valid')",
        },
        {
            trigger:
                ".o_control_panel button:contains('Import'):not(:contains('File'))",
            run: "click",
        },
        {
            trigger: ".o_breadcrumb:contains('Imported records')",
        },
    ],
});
