import {CrmKanbanArchParser} from "@crm/views/crm_kanban/crm_kanban_arch_parser";
import {DecisionKanbanController} from "./decision_kanban_controller";
import {DecisionKanbanModel} from "./decision_kanban_model";
import {DecisionKanbanRenderer} from "./decision_kanban_renderer";
import {DecisionSearchModel} from "./decision_search_model";
import {extractAttributes} from "@web/core/utils/xml";
import {forecastKanbanView} from "@crm/views/forecast_kanban/forecast_kanban_view";
import {registry} from "@web/core/registry";

class DecisionKanbanArchParser extends CrmKanbanArchParser {
    parseProgressBar(progressBar, fields) {
        const {weighted_sum_field, weighted_recurring_sum_field} = extractAttributes(
            progressBar,
            ["weighted_sum_field", "weighted_recurring_sum_field"]
        );
        return {
            ...super.parseProgressBar(...arguments),
            weightedField: fields[weighted_sum_field] || false,
            weightedRecurringField: fields[weighted_recurring_sum_field] || false,
        };
    }
}

export const decisionKanbanView = {
    ...forecastKanbanView,
    ArchParser: DecisionKanbanArchParser,
    Model: DecisionKanbanModel,
    Controller: DecisionKanbanController,
    Renderer: DecisionKanbanRenderer,
    SearchModel: DecisionSearchModel,
};

registry.category("views").add("decision_kanban", decisionKanbanView);
