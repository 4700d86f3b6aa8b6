import {GRANULARITIES} from "./decision_period";
import {GraphRenderer} from "@web/views/graph/graph_renderer";
import {_t} from "@web/core/l10n/translation";
import {forecastGraphView} from "@crm/views/forecast_graph/forecast_graph_view";
import {getGroupBy} from "@web/search/utils/group_by";
import {registry} from "@web/core/registry";

const AMOUNTS = ["expected_revenue", "prorated_revenue"];
const TARGET_COLOR = "#d44c59";

/**
 * The amounts by period, cumulated from what was won in the current period on, against
 * the cumulated target if there is one.
 */
export class DecisionGraphModel extends forecastGraphView.Model {
    /**
     * Periods alone are stacked by pipeline.
     */
    _buildMetaData() {
        const metaData = super._buildMetaData(...arguments);
        const {groupBy, fields} = metaData;
        if (groupBy.length === 1 && groupBy[0].fieldName === "date_deadline") {
            metaData.groupBy = [...groupBy, getGroupBy("pipeline_id", fields)];
        }
        return metaData;
    }

    async _loadDataPoints(metaData) {
        const [gb] = metaData.groupBy;
        const hasPeriods =
            gb?.fieldName === "date_deadline" &&
            GRANULARITIES.includes(gb.interval) &&
            AMOUNTS.includes(metaData.measure) &&
            this.searchParams.context.decision_periods &&
            !this.orm.isSample;
        const result = await super._loadDataPoints(...arguments);
        this.targets = null;
        if (hasPeriods) {
            const starts = new Map();
            for (const {identifier, labels} of result[0]) {
                const value = JSON.parse(identifier)[0][gb.spec];
                starts.set(labels[0], value ? value[0] : false);
            }
            const {context} = this.searchParams;
            const args = [metaData.domain, gb.interval];
            const [targets, made] = await Promise.all([
                this.orm.call(
                    metaData.resModel,
                    "get_decision_targets",
                    [...args, [...starts.values()]],
                    {context}
                ),
                this.orm.call(metaData.resModel, "get_decision_made", args, {context}),
            ]);
            if (targets.length) {
                this.targets = {
                    made,
                    starts,
                    amounts: new Map([...starts.keys()].map((k, i) => [k, targets[i]])),
                };
            }
        }
        return result;
    }

    _prepareData() {
        super._prepareData(...arguments);
        this.cumulatedLines = this.targets ? this._getCumulatedLines() : [];
        if (this.cumulatedLines.length) {
            this.lineOverlayDataset = null;
        }
    }

    _getCumulatedLines() {
        const {labels, datasets} = this.data;
        const {made, starts, amounts} = this.targets;
        let reached = 0;
        let wanted = 0;
        const figures = labels.map((label, index) => {
            reached += datasets.reduce((sum, {data}) => sum + data[index], 0);
            if (starts.get(label) === made.start) {
                reached += made.amount;
            }
            const target = amounts.get(label);
            wanted += target || 0;
            return target ? [reached, wanted] : [null, null];
        });
        return [
            [_t("Won and forecast, cumulated"), null],
            [_t("Target, cumulated"), TARGET_COLOR],
        ].map(([label, color], rank) => ({
            label,
            color,
            data: figures.map((pair) => pair[rank]),
            trueLabels: labels,
            currencyIds: labels.map(() => made.currency_id),
        }));
    }
}

export class DecisionGraphRenderer extends GraphRenderer {
    getBarChartData() {
        const data = super.getBarChartData();
        const {cumulatedLines} = this.model;
        if (!cumulatedLines.length) {
            return data;
        }
        return {...data, datasets: [...data.datasets, ...this.getLines()]};
    }

    getLines() {
        return this.model.cumulatedLines.map((line) =>
            Object.assign(line, {
                type: "line",
                order: -1,
                stack: line.label,
                fill: false,
                tension: 0,
                spanGaps: false,
                pointRadius: 3,
                pointHitRadius: 20,
                borderWidth: 2,
                borderDash: line.color ? [6, 4] : [],
                borderColor: line.color || "#5a6268",
                backgroundColor: line.color || "#5a6268",
            })
        );
    }

    getTooltipItems(data, metaData, tooltipModel) {
        const datasets = [...data.datasets, ...this.model.cumulatedLines];
        return super.getTooltipItems({...data, datasets}, metaData, tooltipModel);
    }
}

registry.category("views").add("decision_graph", {
    ...forecastGraphView,
    Model: DecisionGraphModel,
    Renderer: DecisionGraphRenderer,
});
