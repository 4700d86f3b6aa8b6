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
        for (const dataset of data.datasets) {
            let last = null;
            dataset.data = dataset.data.map((value, index) => {
                if (known.has(`${index} ${dataset.label}`)) {
                    last = value;
                }
                return last;
            });
        }
        return data;
    }
}

registry.category("views").add("goal_progress_graph", {
    ...graphView,
    Model: GoalProgressModel,
});
