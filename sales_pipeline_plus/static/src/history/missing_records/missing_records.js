import {BaseImportModel} from "@base_import/import_model";
import {ImportAction} from "@base_import/import_action/import_action";
import {ImportDataContent} from "@base_import/import_data_content/import_data_content";
import {MissingRecordsDialog} from "./missing_records_dialog";
import {patch} from "@web/core/utils/patch";
import {useService} from "@web/core/utils/hooks";

patch(BaseImportModel.prototype, {
    async executeImport() {
        this.missingRecords = [];
        return super.executeImport(...arguments);
    },

    async updateData() {
        this.missingRecords = [];
        return super.updateData(...arguments);
    },

    _handleImportErrors(messages) {
        this.missingRecords =
            messages.find((message) => message.missing)?.missing || [];
        const result = super._handleImportErrors(...arguments);
        for (const message of this.importMessages) {
            message.lines = message.lines.flatMap((line) => String(line).split("\n"));
        }
        return result;
    },
});

patch(ImportAction.prototype, {
    setup() {
        super.setup();
        this.dialog = useService("dialog");
    },

    get canCreateMissing() {
        return (this.model.missingRecords || []).some((column) => column.can_create);
    },

    showMissing() {
        this.dialog.add(MissingRecordsDialog, {
            columns: this.model.missingRecords,
            onConfirm: (paths) => this.createMissing(paths),
        });
    },

    /**
     * Choose "Create new values" for these columns, and test what comes of it.
     *
     * @param {String[]} paths of the fields
     * @returns {Promise}
     */
    createMissing(paths) {
        for (const path of paths) {
            this.model.setOption(
                "name_create_enabled_fields",
                "name_create_enabled_fields",
                path
            );
        }
        return this.handleImport(true);
    },
});

patch(ImportDataContent, {
    props: {
        ...ImportDataContent.props,
        onShowMissing: {type: Function, optional: true},
    },
});
