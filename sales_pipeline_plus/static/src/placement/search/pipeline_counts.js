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
    /**
     * Ask for the counts again, and leave the view alone: the panel's own loading
     * answers from a cache, and reloads the whole view when the server says otherwise,
     * with what is being typed in it.
     */
    async reloadPipelineCounts() {
        const loadId = this.categoriesLoadId;
        const panels = this.categories.filter((c) => c.fieldName === "pipeline_id");
        await Promise.all(
            panels.map(async (panel) => {
                const {values} = await this.orm.silent.call(
                    this.resModel,
                    "search_panel_select_range",
                    [panel.fieldName],
                    {
                        category_domain: this._getCategoryDomain(panel.id),
                        context: this.globalContext,
                        enable_counters: panel.enableCounters,
                        expand: panel.expand,
                        filter_domain: this._getFilterDomain(),
                        hierarchize: panel.hierarchize,
                        limit: panel.limit,
                        search_domain: this.searchDomain,
                    }
                );
                if (!values || loadId !== this.categoriesLoadId) {
                    // The panel has been loaded meanwhile.
                    return;
                }
                for (const {id, __count: count} of values) {
                    if (panel.values.has(id)) {
                        panel.values.get(id).__count = count;
                    }
                }
            })
        );
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
