import {LATER, getGranularity} from "./decision_period";
import {ForecastKanbanModel} from "@crm/views/forecast_kanban/forecast_kanban_model";
import {KeepLast} from "@web/core/utils/concurrency";
import {deserializeDate} from "@web/core/l10n/dates";

// Late, the current and the following periods, Later and No date, all of them open.
const OPENED_GROUPS = 40;

export class DecisionKanbanModel extends ForecastKanbanModel {
    setup() {
        super.setup(...arguments);
        this.moreColumns = 0;
        this.made = null;
        this.outlooks = new Map();
        this.keepLastOutlook = new KeepLast();
    }

    /**
     * The server makes the columns, late ones and fiscal quarters included, so that
     * Odoo's own way to fill and to limit them is not needed.
     */
    isForecastGroupBy() {
        return false;
    }

    _getNextConfig() {
        const config = super._getNextConfig(...arguments);
        if (getGranularity(config)) {
            Object.assign(config.context, {
                decision_columns: this.moreColumns,
                fill_temporal: {},
                max_number_opened_groups: OPENED_GROUPS,
            });
        }
        return config;
    }

    async addColumn() {
        this.moreColumns += 1;
        await this.load();
    }

    async _loadGroupedList(config) {
        const granularity = getGranularity(config);
        const [data, made] = await Promise.all([
            super._loadGroupedList(...arguments),
            granularity && !this.orm.isSample
                ? this.orm.call(
                      config.resModel,
                      "get_decision_made",
                      [config.domain, granularity],
                      {context: config.context}
                  )
                : null,
        ]);
        this.made = made;
        this.outlooks = new Map();
        if (granularity && !this.orm.isSample) {
            const starts = data.groups.map((group) => group.serverValue);
            this.loadOutlooks(config, granularity, starts);
        }
        return data;
    }

    /** What is likely to come of the periods: the columns do not wait for it. */
    async loadOutlooks({context, domain, resModel}, granularity, starts) {
        const outlooks = await this.keepLastOutlook.add(
            this.orm.silent.call(
                resModel,
                "get_decision_outlook",
                [domain, granularity, starts],
                {context}
            )
        );
        this.outlooks = new Map(outlooks.map((each, index) => [starts[index], each]));
        this.notify();
    }

    /**
     * A new opportunity gets a date that is not over, and none in "Later".
     */
    async _postprocessReadGroup(config) {
        const data = await super._postprocessReadGroup(...arguments);
        const granularity = getGranularity(config);
        for (const group of granularity ? data.groups : []) {
            const today = luxon.DateTime.now().toISODate();
            const {context} = config.groups[group.value];
            if (group.serverValue === LATER) {
                context.default_date_deadline = false;
            } else if (group.serverValue && group.serverValue < today) {
                context.default_date_deadline = today;
            }
        }
        return data;
    }
}

class DecisionRecord extends ForecastKanbanModel.Record {
    update(changes, options) {
        return super.update(
            this.droppedDate ? {...changes, date_deadline: this.droppedDate} : changes,
            options
        );
    }
}

class DecisionDynamicGroupList extends ForecastKanbanModel.DynamicGroupList {
    async moveRecord(dataRecordId, dataGroupId, refId, targetGroupId) {
        const granularity = getGranularity(this);
        const source = this.groups.find((group) => group.id === dataGroupId);
        const target = this.groups.find((group) => group.id === targetGroupId);
        if (!granularity || source === target || !target.serverValue) {
            return super.moveRecord(...arguments);
        }
        const record = source.list.records.find((r) => r.id === dataRecordId);
        const date = await this._getDateIn(record, granularity, target);
        if (!date) {
            return;
        }
        record.droppedDate = deserializeDate(date);
        try {
            return await super.moveRecord(...arguments);
        } finally {
            delete record.droppedDate;
        }
    }

    /**
     * @returns {Promise<String|null>} the date in the period, or null if it is refused
     */
    async _getDateIn(record, granularity, group) {
        try {
            return await this.model.orm.call(
                this.resModel,
                "get_decision_date_in",
                [[record.resId], granularity, group.serverValue],
                {context: this.context}
            );
        } catch (error) {
            if (error.exceptionName !== "odoo.exceptions.UserError") {
                throw error;
            }
            this.model.notification.add(error.data.message, {type: "warning"});
            return null;
        }
    }
}

DecisionKanbanModel.Record = DecisionRecord;
DecisionKanbanModel.DynamicGroupList = DecisionDynamicGroupList;
