/* global Chart */

import {
    Component,
    onWillStart,
    onWillUnmount,
    onWillUpdateProps,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {cookie} from "@web/core/browser/cookie";
import {formatFloat} from "@web/views/fields/formatters";
import {getColor} from "@web/core/colors/colors";
import {graphView} from "@web/views/graph/graph_view";
import {loadBundle} from "@web/core/assets";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/**
 * Announced against obtained probabilities: a point for each bin, near the diagonal when
 * the probabilities are right, and the figures below.
 */
export class ForecastCalibrationRenderer extends Component {
    static template = "sales_pipeline_plus.ForecastCalibration";
    static props = {
        class: {type: String, optional: true},
        model: true,
        buttonTemplate: {type: String, optional: true},
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.canvas = useRef("canvas");
        this.state = useState({bins: [], brier_score: null, count: 0});
        onWillStart(() => Promise.all([loadBundle("web.chartjs_lib"), this.load()]));
        onWillUpdateProps(() => this.load());
        useEffect(
            () => this.draw(),
            () => [this.state.bins]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    get domain() {
        return this.props.model.searchParams.domain;
    }

    async load() {
        const {resModel} = this.props.model.metaData;
        const data = await this.orm.call(resModel, "get_calibration", [this.domain]);
        Object.assign(this.state, data);
    }

    get filledBins() {
        return this.state.bins.filter((bin) => bin.count);
    }

    format(value, digits = 0) {
        return value === null || value === undefined
            ? "–"
            : formatFloat(value, {digits: [16, digits]});
    }

    getGap(bin) {
        if (!bin.count) {
            return "–";
        }
        const gap = bin.obtained - bin.announced;
        return (gap > 0 ? "+" : "") + this.format(gap);
    }

    draw() {
        this.chart?.destroy();
        this.chart = null;
        if (!this.canvas.el || !this.filledBins.length) {
            return;
        }
        const most = Math.max(...this.filledBins.map((bin) => bin.count));
        const theme = cookie.get("color_scheme") || "light";
        const axis = (text) => ({
            min: 0,
            max: 100,
            title: {display: true, text},
            ticks: {stepSize: 20},
        });
        this.chart = new Chart(this.canvas.el, {
            type: "bubble",
            data: {
                datasets: [
                    {
                        label: _t("Obtained"),
                        data: this.filledBins.map((bin) => ({
                            x: bin.announced,
                            y: bin.obtained,
                            r: 5 + 12 * Math.sqrt(bin.count / most),
                            bin,
                        })),
                        backgroundColor: getColor(1, theme, "odoo") + "B0",
                        clip: false,
                    },
                    {
                        type: "line",
                        label: _t("As announced"),
                        data: [
                            {x: 0, y: 0},
                            {x: 100, y: 100},
                        ],
                        borderColor: "#888888",
                        borderDash: [6, 4],
                        borderWidth: 1,
                        pointRadius: 0,
                        pointHitRadius: 0,
                    },
                ],
            },
            options: {
                maintainAspectRatio: false,
                animation: false,
                scales: {
                    x: axis(_t("Announced (%)")),
                    y: axis(_t("Obtained (%)")),
                },
                plugins: {
                    legend: {position: "bottom"},
                    tooltip: {
                        callbacks: {
                            label: ({raw}) =>
                                raw.bin
                                    ? _t(
                                          "Opportunities: %(count)s. Announced: %(announced)s %. Obtained: %(obtained)s %.",
                                          {
                                              count: raw.bin.count,
                                              announced: this.format(raw.x, 1),
                                              obtained: this.format(raw.y, 1),
                                          }
                                      )
                                    : "",
                        },
                    },
                },
                onClick: (_ev, [element]) => {
                    if (element && element.datasetIndex === 0) {
                        this.open(this.filledBins[element.index]);
                    }
                },
            },
        });
    }

    /**
     * Show the opportunities of a bin.
     *
     * @param {Object} bin
     */
    open(bin) {
        if (!bin.count) {
            return;
        }
        this.action.doAction({
            type: "ir.actions.act_window",
            name: bin.label,
            res_model: this.props.model.metaData.resModel,
            views: [[false, "list"]],
            domain: [...this.domain, ["bin", "=", bin.bin]],
        });
    }
}

registry.category("views").add("forecast_calibration", {
    ...graphView,
    Renderer: ForecastCalibrationRenderer,
    searchMenuTypes: ["filter", "favorite"],
});
