import {KanbanController} from "@web/views/kanban/kanban_controller";
import {ListController} from "@web/views/list/list_controller";
import {ListRenderer} from "@web/views/list/list_renderer";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";
import {onMounted, status, toRaw} from "@odoo/owl";
import {useBus} from "@web/core/utils/hooks";

/**
 * Tells the section around the view what it has loaded, so that the numbers agree. What
 * is done in one section is loaded again in the others.
 */
const inSection = (Controller) =>
    class extends Controller {
        setup() {
            super.setup();
            const controller = this;
            const {env} = this;
            const model = toRaw(this.model);
            const load = model.load;
            model.load = async function (...params) {
                if (status(controller) === "mounted") {
                    env.onSectionLoading();
                }
                await load.apply(this, params);
                if (status(controller) === "mounted") {
                    env.firstPageBus.trigger("CHANGED", model);
                }
            };
            useBus(env.firstPageBus, "CHANGED", ({detail: changed}) => {
                if (changed !== model) {
                    env.onSectionLoading();
                    load.call(this.model);
                }
            });
            onMounted(() => env.onSectionLoaded(model.root.count));
        }

        get modelParams() {
            const params = super.modelParams;
            params.hooks.onRootLoaded = (root) => {
                // Before it is there, a change of the section would begin anew.
                if (status(this) === "mounted") {
                    this.env.onSectionLoaded(root.count);
                }
            };
            return params;
        }

        /** A done activity changes more than its row. */
        onRecordSaved(record) {
            super.onRecordSaved(record);
            return this.model.load();
        }
    };

/** A short list is short. */
class FirstPageListRenderer extends ListRenderer {
    get getEmptyRowIds() {
        return [];
    }
}

registry.category("views").add("first_page_list", {
    ...listView,
    Controller: inSection(ListController),
    Renderer: FirstPageListRenderer,
});
registry.category("views").add("first_page_kanban", {
    ...kanbanView,
    Controller: inSection(KanbanController),
});
