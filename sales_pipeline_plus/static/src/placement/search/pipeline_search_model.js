import {SearchModel} from "@web/search/search_model";
import {patch} from "@web/core/utils/patch";

/**
 * A deal or a stage that is created while one pipeline is shown belongs to it.
 */
patch(SearchModel.prototype, {
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
