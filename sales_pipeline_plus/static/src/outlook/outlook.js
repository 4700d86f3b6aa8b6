import {
    NO_DATA,
    formatDays,
    formatFigure,
    isNoData,
} from "@sales_pipeline_plus/figures/flash_figures/figure_format";
import {fromAddress, makeFilters, toAddress, toEngine} from "./outlook_filters";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {FigurePage} from "../figures/figure_page";
import {Layout} from "@web/search/layout";
import {OutlookFilterBar} from "./outlook_filter_bar";
import {OutlookNumber} from "./outlook_number";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

const {DateTime} = luxon;
// The least that a percentage shows, in percent
const LEAST_CHANCE = 0.1;

/** What will come of the open deals, by several methods, each held against the past. */
export class Outlook extends FigurePage {
    static template = "sales_pipeline_plus.Outlook";
    static components = {Dropdown, Layout, OutlookFilterBar, OutlookNumber};
    static displayName = _t("What Will Come");
    static filtering = {fromAddress, makeFilters, toAddress, toEngine};

    ask() {
        return this.call("get_outlook", this.asked);
    }

    // ------------------------------------------------------------
    // What is shown
    // ------------------------------------------------------------

    get daysText() {
        const today = DateTime.now();
        const end = DateTime.fromISO(this.state.answer.period.end);
        return formatDays(today.startOf("day"), end, today);
    }

    get best() {
        return this.state.answer.methods.find((method) => method.is_best);
    }

    /** What people call and count on, of what is to be decided in the period. */
    get called() {
        const {best_case, call, commit} = this.state.answer;
        const figures = [
            {
                code: "commit",
                label: _t("Commit"),
                title: _t("Open, to be decided in the period, and counted on"),
                ...commit,
            },
            {
                code: "best_case",
                label: _t("Best Case, on Top"),
                title: _t(
                    "Open, to be decided in the period, if all goes well: not in Commit"
                ),
                ...best_case,
            },
        ];
        if (call) {
            figures.unshift({
                code: "calls",
                label: _t("Forecast Call"),
                title: _t("For the whole period, with what is won already"),
                remark: this.sayWon(call),
                ...call,
            });
        }
        return figures;
    }

    /** What those who called have won of it, which is what the method takes off. */
    sayWon({won}) {
        return isNoData(won) ? "" : _t("won of it: %s", this.amount(won));
    }

    isNoData(value) {
        return isNoData(value);
    }

    /** Calls of 0 are calls. */
    isEmpty(method) {
        const {records, value} = method;
        return isNoData(value) || (value === 0 && records !== "calls");
    }

    amount(value) {
        return formatFigure(value, "amount", this.state.answer.currency_id);
    }

    percent(value) {
        return formatFigure(value, "percentage");
    }

    /** What is not quite nothing does not read as nothing. */
    chance(value) {
        const isTiny = value > 0 && value < LEAST_CHANCE / 2;
        return isTiny
            ? _t("below %s", this.percent(LEAST_CHANCE))
            : this.percent(value);
    }

    /** An error in percent, with its sign. */
    bias(value) {
        return (value > 0 ? "+" : "") + this.percent(value);
    }

    range(found) {
        if (isNoData(found.low)) {
            return NO_DATA;
        }
        return _t("%(low)s to %(high)s", {
            low: this.amount(found.low),
            high: this.amount(found.high),
        });
    }

    held(method) {
        if (!method.ranges) {
            return NO_DATA;
        }
        return _t("%(held)s of %(ranges)s", method);
    }

    /** Why an error is none that the best method is chosen by. */
    comparedTitle(method) {
        return method.is_compared
            ? undefined
            : _t("Not compared: tried on other or fewer forecasts of the past");
    }

    /** What opens behind the forecasts of the past: calls are held against periods. */
    pastOf(method) {
        return method.records === "calls" ? "past_calls" : "past";
    }

    helpLabel(method) {
        return _t("What is “%s”?", method.label);
    }

    /**
     * Opens the records behind a number.
     *
     * @param {String} code
     * @param {Object} [of] of which stage, or of which weeks
     */
    open(code, of = {}) {
        const {pipeline_id = null, stage_id = null, weeks = null} = of;
        const behind = [pipeline_id, stage_id, weeks];
        return this.openAction("open_outlook_records", code, this.asked, ...behind);
    }

    /** Lets the user state a figure for the period. */
    stateCall() {
        const {window} = this.state.filters;
        return this.action.doAction(
            "sales_pipeline_plus.crm_forecast_call_action_state",
            {
                additionalContext: {
                    default_period_type: window === "this_month" ? "month" : "quarter",
                },
                onClose: () => this.load(),
            }
        );
    }
}

registry.category("actions").add("sales_pipeline_plus.outlook", Outlook);
