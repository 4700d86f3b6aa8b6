/* global Chart */
import {
    Component,
    onWillStart,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import {formatFigure, isNoData} from "./figure_format";
import {_t} from "@web/core/l10n/translation";
import {cookie} from "@web/core/browser/cookie";
import {getColor} from "@web/core/colors/colors";
import {loadBundle} from "@web/core/assets";

const ROW_HEIGHT = 36;
const COLUMNS_HEIGHT = 280;

/** The mean of the values, as a dashed line across lying bars. */
const meanLine = {
    id: "flashFiguresMean",
    afterDatasetsDraw(chart, _args, {value, color}) {
        if (value === undefined) {
            return;
        }
        const {ctx, chartArea} = chart;
        const x = chart.scales.x.getPixelForValue(value);
        ctx.save();
        ctx.strokeStyle = color;
        ctx.lineWidth = 2;
        ctx.setLineDash([5, 4]);
        ctx.beginPath();
        ctx.moveTo(x, chartArea.top);
        ctx.lineTo(x, chartArea.bottom);
        ctx.stroke();
        ctx.restore();
    },
};

/**
 * A chart whose bars open the records behind them, and the same numbers as a table: for
 * the keyboard, for screen readers and for whoever wants to read them.
 */
export class FigureChart extends Component {
    static template = "sales_pipeline_plus.FigureChart";
    static props = {
        data: Object,
        currencyId: Number,
        open: Function,
        slots: {type: Object, optional: true},
    };

    setup() {
        this.canvas = useRef("canvas");
        this.state = useState({isTable: false});
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.draw(),
            () => [this.props.data, this.state.isTable]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    get isEmpty() {
        return !this.props.data.rows.length;
    }

    get tableLabel() {
        return this.state.isTable
            ? _t("Show “%s” as a chart", this.props.data.title)
            : _t("Show “%s” as a table", this.props.data.title);
    }

    /** What the chart shows, in words. */
    get summary() {
        const {title, rows, series} = this.props.data;
        const lines = rows.map((row) => {
            const values = row.values.map(
                (value, index) => `${series[index].label} ${this.format(value, index)}`
            );
            return `${row.label}: ${values.join(", ")}`;
        });
        return `${title}. ${lines.join("; ")}`;
    }

    get height() {
        const {kind, rows} = this.props.data;
        return kind === "columns" ? COLUMNS_HEIGHT : rows.length * ROW_HEIGHT + 48;
    }

    format(value, index) {
        const {unit} = this.props.data.series[index];
        return formatFigure(value, unit, this.props.currencyId);
    }

    openCell(row, index) {
        const {series, breakdown, filters} = this.props.data;
        return this.props.open(series[index].code, breakdown, row.key, filters);
    }

    // ------------------------------------------------------------
    // Drawing
    // ------------------------------------------------------------

    draw() {
        this.chart?.destroy();
        this.chart = null;
        if (this.canvas.el && !this.isEmpty) {
            this.chart = new Chart(this.canvas.el, this.config);
        }
    }

    getStyle(name) {
        return getComputedStyle(this.canvas.el).getPropertyValue(name).trim();
    }

    get isLying() {
        return this.props.data.kind !== "columns";
    }

    get config() {
        const [values, names] = [this.getValueAxis(), this.getNameAxis()];
        return {
            type: "bar",
            data: {
                labels: this.props.data.rows.map((row) => this.getAxisLabel(row)),
                datasets: this.props.data.drawn.map((index, rank) =>
                    this.getDataset(index, rank)
                ),
            },
            options: {
                indexAxis: this.isLying ? "y" : "x",
                maintainAspectRatio: false,
                animation: false,
                font: {family: getComputedStyle(this.canvas.el).fontFamily},
                scales: this.isLying ? {x: values, y: names} : {x: names, y: values},
                onClick: (_ev, elements) => this.openElement(elements[0]),
                onHover: (ev, elements) => {
                    ev.native.target.style.cursor = elements.length ? "pointer" : "";
                },
                plugins: this.getPluginOptions(),
            },
            plugins: [meanLine],
        };
    }

    getDataset(index, rank) {
        const {series, rows, kind} = this.props.data;
        return {
            label: series[index].label,
            data: rows.map(({values}) => {
                // Nothing is no bar. A funnel's bars lie around the middle.
                const value = values[index] || null;
                return value && kind === "funnel" ? [-value / 2, value / 2] : value;
            }),
            backgroundColor: series[index].isBad
                ? this.getStyle("--FigureChart-bad")
                : getColor(rank * 2, cookie.get("color_scheme"), "sm"),
            maxBarThickness: this.isLying ? 28 : 40,
            minBarLength: 2,
        };
    }

    getValueAxis() {
        const {kind, series, drawn} = this.props.data;
        const {unit} = series[drawn[0]];
        return {
            beginAtZero: true,
            display: kind !== "funnel",
            grid: {color: this.getStyle("--FigureChart-grid")},
            ticks: {
                color: this.getStyle("--FigureChart-text"),
                precision: unit === "count" ? 0 : undefined,
                maxTicksLimit: this.isLying ? 5 : 6,
                maxRotation: 0,
                autoSkipPadding: 12,
                callback: (value) => formatFigure(value, unit, this.props.currencyId),
            },
        };
    }

    getNameAxis() {
        return {
            grid: {display: false},
            ticks: {
                color: this.getStyle("--FigureChart-text"),
                autoSkip: !this.isLying,
            },
        };
    }

    getPluginOptions() {
        const {drawn, mean, rows} = this.props.data;
        const color = this.getStyle("--FigureChart-text");
        return {
            legend: {display: drawn.length > 1, labels: {color}},
            tooltip: {
                callbacks: {
                    title: ([item]) => rows[item.dataIndex].label,
                    label: (item) => this.getTooltip(item),
                },
            },
            flashFiguresMean: {value: mean, color},
        };
    }

    /** The stage of a funnel carries its numbers, since the funnel has no scale: what
     * entered, and what dropped off. */
    getAxisLabel(row) {
        const label = row.label.length > 28 ? `${row.label.slice(0, 27)}…` : row.label;
        if (this.props.data.kind !== "funnel") {
            return label;
        }
        const [entered, , lost] = row.values;
        return lost
            ? [label, `${this.format(entered, 0)} · −${this.format(lost, 2)}`]
            : [label, this.format(entered, 0)];
    }

    getTooltip({dataIndex, datasetIndex}) {
        const {rows, series, drawn} = this.props.data;
        const shown = drawn.length > 1 ? [drawn[datasetIndex]] : series.keys();
        return [...shown].map(
            (index) =>
                `${series[index].label}: ${this.format(rows[dataIndex].values[index], index)}`
        );
    }

    openElement(element) {
        if (element) {
            const {rows, drawn} = this.props.data;
            this.openCell(rows[element.index], drawn[element.datasetIndex]);
        }
    }

    isMissing(value) {
        return isNoData(value);
    }
}
