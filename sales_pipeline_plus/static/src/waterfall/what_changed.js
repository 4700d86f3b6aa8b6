import {
    MEASURES,
    fromAddress,
    makeFilters,
    toAddress,
    toEngine,
} from "./change_filters";
import {deserializeDateTime} from "@web/core/l10n/dates";
import {
    formatDays,
    formatDifference,
    formatFigure,
} from "@sales_pipeline_plus/figures/flash_figures/figure_format";
import {ChangeFilterBar} from "./change_filter_bar";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {FigurePage} from "../figures/figure_page";
import {Layout} from "@web/search/layout";
import {WaterfallChart} from "./waterfall_chart";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {router} from "@web/core/browser/router";
import {useService} from "@web/core/utils/hooks";

const {DateTime} = luxon;

/** What became of the pipeline between two weeks: bars that add up, each with its deals. */
export class WhatChanged extends FigurePage {
    static template = "sales_pipeline_plus.WhatChanged";
    static components = {ChangeFilterBar, Dropdown, Layout, WaterfallChart};
    static displayName = _t("What Changed");
    static filtering = {fromAddress, makeFilters, toAddress, toEngine};

    setup() {
        super.setup();
        this.ui = useService("ui");
    }

    async prepare() {
        [this.known] = await Promise.all([
            this.call("get_change_weeks"),
            super.prepare(),
        ]);
        if (!this.props.state && this.hasAddress) {
            this.state.filters = fromAddress(router.current, this.known.weeks);
        }
    }

    /** Only what is known tells which weeks an address may have. */
    readFilters() {
        return makeFilters(this.props.state?.filters);
    }

    get isEmpty() {
        return !this.known.weeks.length;
    }

    async load() {
        if (!this.isEmpty) {
            await super.load();
        }
    }

    ask() {
        return this.call("get_changes", this.asked);
    }

    // ------------------------------------------------------------
    // What is shown
    // ------------------------------------------------------------

    get start() {
        return this.state.filters.start || this.known.start;
    }

    get measureLabel() {
        return MEASURES.find(([name]) => name === this.state.filters.measure)[1];
    }

    /** When there will be something to compare with. */
    get nextText() {
        if (!this.known.next) {
            return _t(
                "The scheduled action “Sales Pipeline: weekly forecast snapshots” is switched off. An administrator can switch it on; from then on the first snapshot is compared with the present."
            );
        }
        return _t(
            "The first snapshot of the open opportunities is taken on %(date)s, then one each Monday. From then on you see here what changed since.",
            {
                date: deserializeDateTime(this.known.next).toLocaleString(
                    DateTime.DATETIME_MED
                ),
            }
        );
    }

    get daysText() {
        const {start, end} = this.state.answer;
        const today = DateTime.now();
        const days = formatDays(
            DateTime.fromISO(start),
            end ? DateTime.fromISO(end) : today.startOf("day"),
            today
        );
        return end ? days : _t("%s (now)", days);
    }

    get decisionText() {
        const {decision} = this.state.answer;
        if (!decision) {
            return _t(
                "Any expected closing. Choose a period to see what was pulled into it and pushed out of it."
            );
        }
        return _t(
            "Expected closing %s",
            formatDays(
                DateTime.fromISO(decision.start),
                DateTime.fromISO(decision.end),
                DateTime.now()
            )
        );
    }

    format(bar, measure) {
        const value = bar[measure];
        if (bar.side !== "state" && !value) {
            return "–";
        }
        const unit = measure === "count" ? "count" : "amount";
        const toText = bar.side === "state" ? formatFigure : formatDifference;
        return toText(value, unit, this.state.answer.currency_id);
    }

    getTone(bar) {
        const value = bar[this.state.filters.measure];
        if (bar.side === "state" || !value || bar.code === "won") {
            return "";
        }
        return value > 0 ? "text-success" : "text-danger";
    }

    helpLabel(bar) {
        return _t("What is “%s”?", bar.label);
    }

    /**
     * Opens the deals of a bar, with their values then and now.
     *
     * @param {String} code
     */
    open(code) {
        return this.openAction("open_changes", code, this.asked);
    }
}

registry.category("actions").add("sales_pipeline_plus.what_changed", WhatChanged);
