import {ListController} from "@web/views/list/list_controller";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";

/** The list of the calls: a new one is stated in a dialog, as from the cards. */
export class ForecastCallListController extends ListController {
    async createRecord() {
        await this.actionService.doAction(
            "sales_pipeline_plus.crm_forecast_call_action_state",
            {
                additionalContext: this.model.root.context,
                onClose: () => this.model.load(),
            }
        );
    }
}

registry.category("views").add("forecast_call_list", {
    ...listView,
    Controller: ForecastCallListController,
});
