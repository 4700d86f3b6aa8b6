import {GRANULARITIES, getGranularity} from "./decision_period";
import {ForecastKanbanController} from "@crm/views/forecast_kanban/forecast_kanban_controller";
import {_t} from "@web/core/l10n/translation";

/**
 * With a switch between weeks, months and quarters.
 */
export class DecisionKanbanController extends ForecastKanbanController {
    static template = "sales_pipeline_plus.DecisionKanbanView";

    get progressBarAggregateFields() {
        const {weightedField, weightedRecurringField} =
            this.props.archInfo.progressAttributes || {};
        return [
            ...super.progressBarAggregateFields,
            ...[weightedField, weightedRecurringField].filter(Boolean),
        ];
    }

    get granularity() {
        return getGranularity(this.model.root);
    }

    get granularities() {
        const labels = {week: _t("Week"), month: _t("Month"), quarter: _t("Quarter")};
        return GRANULARITIES.map((name) => ({name, label: labels[name]}));
    }

    setGranularity(name) {
        this.env.searchModel.keepDecision(name);
    }
}
