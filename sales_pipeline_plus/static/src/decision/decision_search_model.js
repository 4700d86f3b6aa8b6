import {GRANULARITIES} from "./decision_period";
import {browser} from "@web/core/browser/browser";
import {forecastKanbanView} from "@crm/views/forecast_kanban/forecast_kanban_view";
import {user} from "@web/core/user";

/**
 * Columns by week, month or quarter, as the user has chosen them last on this device.
 */
export class DecisionSearchModel extends forecastKanbanView.SearchModel {
    get storageKey() {
        return `sales_pipeline_plus.decision_granularity.${user.userId}`;
    }

    async load(config) {
        await super.load(...arguments);
        const name = browser.localStorage.getItem(this.storageKey);
        if (!config.state && GRANULARITIES.includes(name)) {
            this.blockNotification = true;
            this.groupByDecision(name);
            this.blockNotification = false;
        }
    }

    /**
     * Group by this granularity, in the search bar as well, instead of any other group.
     *
     * @param {String} name
     */
    groupByDecision(name) {
        const groupings = Object.values(this.searchItems).filter(({type}) =>
            ["groupBy", "dateGroupBy"].includes(type)
        );
        const periods = groupings.find(
            ({type, fieldName}) =>
                type === "dateGroupBy" && fieldName === "date_deadline"
        );
        const ids = groupings.map(({id}) => id);
        this.query = this.query.filter(({searchItemId}) => !ids.includes(searchItemId));
        this.toggleDateGroupBy(periods.id, name);
    }

    keepDecision(name) {
        browser.localStorage.setItem(this.storageKey, name);
        this.groupByDecision(name);
    }
}
