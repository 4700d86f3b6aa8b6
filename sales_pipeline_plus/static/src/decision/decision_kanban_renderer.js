import {DecisionKanbanHeader} from "./decision_kanban_header";
import {ForecastKanbanRenderer} from "@crm/views/forecast_kanban/forecast_kanban_renderer";
import {getGranularity} from "./decision_period";

export class DecisionKanbanRenderer extends ForecastKanbanRenderer {
    static template = "sales_pipeline_plus.DecisionKanbanRenderer";
    static components = {
        ...ForecastKanbanRenderer.components,
        KanbanHeader: DecisionKanbanHeader,
    };

    get granularity() {
        return getGranularity(this.props.list);
    }

    isGroupedByForecastField() {
        return Boolean(this.granularity);
    }

    canCreateGroup() {
        return this.isGroupedByForecastField() || super.canCreateGroup();
    }

    async addForecastColumn() {
        await this.props.list.model.addColumn();
    }

    /**
     * In order of time: what has no date comes last.
     */
    getGroupsOrRecords() {
        const items = super.getGroupsOrRecords();
        if (!this.granularity) {
            return items;
        }
        const hasDate = ({group}) => Boolean(group.value);
        return [...items.filter(hasDate), ...items.filter((item) => !hasDate(item))];
    }
}
