import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {FigureSparkline} from "./figure_sparkline";
import {FigureTarget} from "../../target/figure_target";
import {NO_DATA, formatChange, formatFigure, isNoData} from "./figure_format";

/** One figure: its value, its change and its line; it opens the records behind it. */
export class FigureTile extends Component {
    static template = "sales_pipeline_plus.FigureTile";
    static components = {Dropdown, FigureSparkline, FigureTarget};
    static props = {
        figure: Object,
        cell: Object,
        trend: {type: Array, optional: true},
        isCompared: Boolean,
        currencyId: Number,
        open: Function,
    };

    get isMissing() {
        return isNoData(this.props.cell.value);
    }

    get value() {
        return this.format(this.props.cell.value);
    }

    get valueHint() {
        return this.isMissing ? _t("No data for these filters") : "";
    }

    get hasTrend() {
        const known = this.props.trend?.filter((value) => !isNoData(value)) || [];
        return known.length > 1 && known.some((value) => value !== 0);
    }

    get helpLabel() {
        return _t("What is “%s”?", this.props.figure.label);
    }

    /**
     * The change against the other period: sign and colour for the eye, the word for
     * screen readers.
     *
     * @returns {{text: String, arrow: String, verdict: String, color: String}|null}
     */
    get change() {
        const {change} = this.props.cell;
        if (isNoData(change)) {
            return null;
        }
        const {better, unit} = this.props.figure;
        const direction = Math.sign(Math.round(change * 10));
        const result = {
            text: formatChange(change, unit),
            arrow: {"-1": "fa-arrow-down", 0: "fa-minus", 1: "fa-arrow-up"}[direction],
            verdict: "",
            color: "text-muted",
        };
        if (direction && better !== "neutral") {
            const isBetter = (better === "higher") === direction > 0;
            result.verdict = isBetter ? _t("better") : _t("worse");
            result.color = isBetter ? "text-success" : "text-danger";
        }
        return result;
    }

    get before() {
        const {comparison} = this.props.cell;
        return isNoData(comparison)
            ? _t("Before: %s", NO_DATA)
            : _t("Before: %s", this.format(comparison));
    }

    format(value) {
        return formatFigure(value, this.props.figure.unit, this.props.currencyId);
    }
}
