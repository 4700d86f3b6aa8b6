/* global Chart */
import {Component, onWillStart, onWillUnmount, useEffect, useRef} from "@odoo/owl";
import {formatFigure} from "@sales_pipeline_plus/figures/flash_figures/figure_format";
import {_t} from "@web/core/l10n/translation";
import {loadBundle} from "@web/core/assets";

const ROW_HEIGHT = 34;
const COLUMNS_HEIGHT = 340;

/**
 * From the opening to the closing, each bar where the one before it ended. It stands on
 * a desk and lies on a phone, where the names need the width.
 */
export class WaterfallChart extends Component {
    static template = "sales_pipeline_plus.WaterfallChart";
    static props = {
        bars: Array,
        measure: String,
        label: String,
        currencyId: Number,
        isLying: Boolean,
        open: Function,
    };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.draw(),
            () => [this.props.bars, this.props.measure, this.props.isLying]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    get unit() {
        return this.props.measure === "count" ? "count" : "amount";
    }

    get height() {
        return this.props.isLying
            ? this.steps.length * ROW_HEIGHT + 48
            : COLUMNS_HEIGHT;
    }

    /** The bars that change what is measured, each with where it begins and ends. */
    get steps() {
        const steps = [];
        let level = 0;
        for (const bar of this.props.bars) {
            const value = bar[this.props.measure];
            if (bar.side === "state") {
                steps.push({bar, value, from: 0, to: value});
                level = value;
            } else if (value) {
                steps.push({bar, value, from: level, to: level + value});
                level += value;
            }
        }
        return steps;
    }

    /**
     * Where the axis begins: at 0, or, where all changes are small beside what is open,
     * so far below them that they can be seen.
     */
    get floor() {
        const levels = this.steps.flatMap(({bar, from, to}) =>
            bar.side === "state" ? [to] : [from, to]
        );
        const lowest = Math.min(...levels);
        const span = Math.max(...levels) - lowest;
        if (!span || span * 4 > lowest) {
            return 0;
        }
        const unit = 10 ** Math.floor(Math.log10(span));
        return Math.max(0, Math.floor((lowest - span) / unit) * unit);
    }

    get floorText() {
        return this.floor && _t("The axis begins at %s.", this.format(this.floor));
    }

    get summary() {
        const lines = this.steps.map(
            ({bar, value}) => `${bar.label}: ${this.format(value)}`
        );
        return `${this.props.label}. ${lines.join("; ")}`;
    }

    format(value) {
        return formatFigure(value, this.unit, this.props.currencyId);
    }

    getStyle(name) {
        return getComputedStyle(this.canvas.el).getPropertyValue(name).trim();
    }

    getColor({bar, value}) {
        if (bar.side === "state") {
            return this.getStyle("--WaterfallChart-state");
        }
        if (bar.code === "won") {
            return this.getStyle("--WaterfallChart-won");
        }
        return this.getStyle(
            value > 0 ? "--WaterfallChart-more" : "--WaterfallChart-less"
        );
    }

    draw() {
        this.chart?.destroy();
        this.chart = null;
        if (this.canvas.el) {
            this.chart = new Chart(this.canvas.el, this.config);
        }
    }

    get config() {
        const {steps} = this;
        const {isLying} = this.props;
        const color = this.getStyle("--FigureChart-text");
        const values = {
            beginAtZero: true,
            ...(this.floor && {min: this.floor}),
            grid: {color: this.getStyle("--FigureChart-grid")},
            ticks: {
                color,
                precision: this.unit === "count" ? 0 : undefined,
                maxTicksLimit: isLying ? 3 : 6,
                maxRotation: 0,
                callback: (value) => this.format(value),
            },
        };
        const names = {grid: {display: false}, ticks: {color, autoSkip: false}};
        return {
            type: "bar",
            data: {
                labels: steps.map(({bar}) => bar.label),
                datasets: [
                    {
                        label: this.props.label,
                        data: steps.map(({from, to}) => [from || this.floor, to]),
                        backgroundColor: steps.map((step) => this.getColor(step)),
                        maxBarThickness: isLying ? 26 : 64,
                        minBarLength: 2,
                    },
                ],
            },
            options: {
                indexAxis: isLying ? "y" : "x",
                maintainAspectRatio: false,
                animation: false,
                font: {family: getComputedStyle(this.canvas.el).fontFamily},
                scales: isLying ? {x: values, y: names} : {x: names, y: values},
                onClick: (_ev, [element]) =>
                    element && this.props.open(steps[element.index].bar.code),
                onHover: (ev, elements) => {
                    ev.native.target.style.cursor = elements.length ? "pointer" : "";
                },
                plugins: {
                    legend: {display: false},
                    tooltip: {
                        callbacks: {
                            label: ({dataIndex}) => this.format(steps[dataIndex].value),
                        },
                    },
                },
            },
        };
    }
}
