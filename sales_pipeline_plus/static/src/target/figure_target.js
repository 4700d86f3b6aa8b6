import {
    NO_DATA,
    formatChange,
    formatDifference,
    formatFigure,
    isNoData,
} from "../figures/flash_figures/figure_format";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";

/** The look of a state; the word beside it says the same. */
const LOOKS = {
    upcoming: "text-bg-light",
    ahead: "bg-success-subtle text-success-emphasis",
    on_track: "text-bg-info",
    behind: "text-bg-warning",
    reached: "bg-success-subtle text-success-emphasis",
    missed: "text-bg-danger",
};

export const getStateLook = (state) => LOOKS[state] || "text-bg-light";

/**
 * Returns made less target with its sign: in points for percentages.
 *
 * @param {Number} gap
 * @param {String} unit of the figure
 * @param {Number} currencyId
 * @returns {String}
 */
export function formatGap(gap, unit, currencyId) {
    return unit === "percentage"
        ? formatChange(gap, unit)
        : formatDifference(gap, unit, currencyId);
}

/** The target of a figure: made, expected by today, gap and state. */
export class FigureTarget extends Component {
    static template = "sales_pipeline_plus.FigureTarget";
    static props = {
        target: Object,
        unit: String,
        currencyId: Number,
        value: {optional: true},
    };

    get look() {
        return getStateLook(this.props.target.state);
    }

    /** How long the bar is, and where the mark of what is expected stands, in %. */
    get bar() {
        const {target, made, expected} = this.props.target;
        const whole = Math.max(target, made || 0, expected);
        const toPercent = (value) =>
            whole > 0 ? Math.max(0, Math.min(100, (100 * value) / whole)) : 0;
        return {made: toPercent(made || 0), expected: toPercent(expected)};
    }

    get lines() {
        const {made, expected, gap, is_partial: isPartial} = this.props.target;
        const lines = [];
        if (!isNoData(made) && made !== this.props.value) {
            lines.push(_t("Your own: %s", this.format(made)));
        }
        lines.push(_t("Expected by today: %s", this.format(expected)));
        if (!isNoData(gap)) {
            const {currencyId, unit} = this.props;
            lines.push(_t("Gap: %s", formatGap(gap, unit, currencyId)));
        }
        if (isPartial) {
            lines.push(_t("Some months have no target"));
        }
        return lines;
    }

    get title() {
        return _t("Target of %(value)s: %(source)s", {
            value: this.format(this.props.target.target),
            source: this.props.target.source_label,
        });
    }

    format(value) {
        return isNoData(value)
            ? NO_DATA
            : formatFigure(value, this.props.unit, this.props.currencyId);
    }
}
