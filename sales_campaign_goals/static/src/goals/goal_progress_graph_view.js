import {graphView} from "@web/views/graph/graph_view";
import {registry} from "@web/core/registry";

/** A goal stays where it was until it is written down again: no day is a fall to 0. */
export class GoalProgressModel extends graphView.Model {
    _getData(dataPoints) {
        const data = super._getData(...arguments);
        const {groupBy, mode} = this.metaData;
        if (mode !== "line" || groupBy[0]?.fieldName !== "date") {
            return data;
        }
        const known = new Set(
            dataPoints
                .filter(({count}) => count)
                .map((point) => `${point.labelIndex} ${this._getDatasetLabel(point)}`)
        );
        const isKnown = (dataset, index) => known.has(`${index} ${dataset.label}`);
        // The days on which nothing was written down are of no goal.
        data.datasets = data.datasets.filter((dataset) =>
            data.labels.some((_label, index) => isKnown(dataset, index))
        );
        for (const dataset of data.datasets) {
            let last = {value: null, domain: []};
            for (const index of data.labels.keys()) {
                if (isKnown(dataset, index)) {
                    last = {
                        value: dataset.data[index],
                        domain: dataset.domains[index],
                    };
                }
                dataset.data[index] = last.value;
                dataset.domains[index] = last.domain;
            }
        }
        return data;
    }
}

registry.category("views").add("goal_progress_graph", {
    ...graphView,
    Model: GoalProgressModel,
});
