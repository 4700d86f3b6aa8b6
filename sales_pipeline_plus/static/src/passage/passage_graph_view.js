import {GraphRenderer} from "@web/views/graph/graph_renderer";
import {graphView} from "@web/views/graph/graph_view";
import {registry} from "@web/core/registry";

// How a stay ended, in the same colour whatever else is shown.
const COLORS = {
    open: "#5b8db8",
    forward: "#017e84",
    won: "#28a745",
    back: "#e4a900",
    left: "#adb5bd",
    lost: "#d44c59",
    gone: "#6c757d",
};

/** Returns the outcome that a dataset is about, if it is about one. */
function getOutcome({identifiers}) {
    const [identifier] = identifiers || [];
    const values = identifier ? JSON.parse(identifier) : [];
    return values.slice(1).find((value) => "outcome" in value)?.outcome;
}

export class PassageGraphModel extends graphView.Model {
    /** A line from stage to stage would join what is not one course. */
    _getLineOverlayDataset() {
        return null;
    }
}

export class PassageGraphRenderer extends GraphRenderer {
    /** Numbers of stays have no decimals. */
    formatValue(value, allIntegers, formatType) {
        const isCount = this.model.metaData.measure === "__count";
        return super.formatValue(value, isCount || allIntegers, formatType);
    }

    getBarChartData() {
        const data = super.getBarChartData();
        for (const dataset of data.datasets) {
            dataset.backgroundColor =
                COLORS[getOutcome(dataset)] || dataset.backgroundColor;
        }
        return data;
    }
}

registry.category("views").add("passage_graph", {
    ...graphView,
    Model: PassageGraphModel,
    Renderer: PassageGraphRenderer,
});
