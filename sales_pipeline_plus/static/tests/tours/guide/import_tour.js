import {openCrm, openMenu} from "../tour_steps";
import {registry} from "@web/core/registry";

const HISTORY = [
    "Deal Name,Stage,Amount,Date",
    "Lathe for a tour,Tour offer,60000,2025-09-01",
].join("\n");

function upload() {
    const files = new DataTransfer();
    files.items.add(new File([HISTORY], "history.csv", {type: "text/csv"}));
    this.anchor.files = files.files;
    this.anchor.dispatchEvent(new Event("change", {bubbles: true}));
}

const openConfiguration = (entry) => openMenu("crm.crm_menu_config", entry);

registry.category("web_tour.tours").add("sales_pipeline_plus_guide_import", {
    steps: () => [
        ...openCrm,
        ...openMenu("crm.crm_menu_sales", "crm.menu_crm_opportunities"),
        {trigger: ".o_kanban_record:contains('Lathe for a tour')"},
        {trigger: ".o_cp_action_menus .fa-cog", run: "click"},
        {trigger: ".o_import_menu", run: "click"},
        {
            content: "the template of a history is there to be taken",
            trigger:
                ".o_import_action a:contains('Import Template for a History of Opportunities')",
        },
        ...openConfiguration("sales_pipeline_plus.crm_history_import_menu"),
        {trigger: ".modal a:contains('Like Pipedrive')"},
        {trigger: ".modal a:contains('Like HubSpot')"},
        {trigger: ".modal a:contains('Like Salesforce')"},
        {
            trigger: ".modal .o_field_widget[name=file] input[type=file]:not(:visible)",
            run: upload,
        },
        {
            trigger:
                ".modal:has(.o_field_widget[name=file] input:value('history.csv')) button[name=action_preview]",
            run: "click",
        },
        {
            content: "what would come in, before anything does",
            trigger: ".modal button[name=action_import]",
            run: "click",
        },
        {
            trigger: ".modal button[name=action_show_changes]",
        },
        {
            trigger: ".modal .modal-footer button[special=cancel]",
            run: "click",
        },
        {trigger: "body:not(:has(.modal))"},
        ...openConfiguration("sales_pipeline_plus.crm_target_import_menu"),
        {trigger: ".modal .o_field_widget[name=file]"},
    ],
});
