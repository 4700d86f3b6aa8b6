import {GRANULARITIES, getGranularity} from "./decision_period";
import {ForecastKanbanController} from "@crm/views/forecast_kanban/forecast_kanban_controller";
import {_t} from "@web/core/l10n/translation";

/**
 * With a switch between weeks, months and quarters.
 */
export class DecisionKanbanController extends ForecastKanbanController {
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

    /**
     * Group by this granularity, in the search bar as well, instead of any other group.
     */
    setGranularity(name) {
        const {searchModel} = this.env;
        const groupings = Object.values(searchModel.searchItems).filter(({type}) =>
            ["groupBy", "dateGroupBy"].includes(type)
        );
        const periods = groupings.find(
            ({type, fieldName}) =>
                type === "dateGroupBy" && fieldName === "date_deadline"
        );
        const ids = groupings.map(({id}) => id);
        searchModel.query = searchModel.query.filter(
            ({searchItemId}) => !ids.includes(searchItemId)
        );
        searchModel.toggleDateGroupBy(periods.id, name);
    }
}
