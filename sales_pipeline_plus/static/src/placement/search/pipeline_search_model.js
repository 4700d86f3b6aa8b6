import {SearchModel} from "@web/search/search_model";
import {patch} from "@web/core/utils/patch";

/**
 * A deal or a stage that is created while one pipeline is shown belongs to it, and the
 * properties to search and to group by are those of this pipeline.
 */
patch(SearchModel.prototype, {
    async _fetchPropertiesDefinition(resModel, fieldName) {
        const records = await super._fetchPropertiesDefinition(...arguments);
        const pipelineId = this.context.default_pipeline_id;
        return resModel === "crm.lead" &&
            fieldName === "pipeline_properties" &&
            pipelineId
            ? records.filter((record) => record.definitionRecordId === pipelineId)
            : records;
    },

    get context() {
        const context = super.context;
        if (this.resModel === "crm.lead" && this.sections) {
            const panel = this.categories.find((c) => c.fieldName === "pipeline_id");
            if (panel?.activeValueId) {
                context.default_pipeline_id = panel.activeValueId;
            }
        }
        return context;
    },
});
