import {SearchModel} from "@web/search/search_model";
import {SearchPanel} from "@web/search/search_panel/search_panel";
import {patch} from "@web/core/utils/patch";
import {rpcBus} from "@web/core/network/rpc";
import {useBus} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";

const CHANGES = [
    "create",
    "name_create",
    "unlink",
    "web_save",
    "web_save_multi",
    "write",
];

/**
 * Whether a call to the server may have changed how many deals a pipeline has.
 *
 * @param {Object} params of the call
 * @returns {Boolean}
 */
function changesCounts({model, method}) {
    return (
        (model === "crm.lead" && CHANGES.includes(method)) ||
        Boolean(method?.startsWith("action_"))
    );
}

patch(SearchModel.prototype, {
    async reloadPipelineCounts() {
        const panels = this.categories.filter((c) => c.fieldName === "pipeline_id");
        if (panels.length) {
            await this._fetchCategories(panels);
        }
    },
});

/**
 * The count beside each pipeline follows what is done in the view.
 */
patch(SearchPanel.prototype, {
    setup() {
        super.setup(...arguments);
        if (this.env.searchModel.resModel !== "crm.lead") {
            return;
        }
        const reload = useDebounced(async () => {
            await this.env.searchModel.reloadPipelineCounts();
            this.render();
        }, 200);
        useBus(rpcBus, "RPC:RESPONSE", ({detail}) => {
            if (!detail.error && changesCounts(detail.data.params || {})) {
                reload();
            }
        });
    },
});
