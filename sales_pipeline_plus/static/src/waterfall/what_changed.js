import {Component, onMounted, onWillStart, useRef, useState} from "@odoo/owl";
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
import {KeepLast} from "@web/core/utils/concurrency";
import {Layout} from "@web/search/layout";
import {WaterfallChart} from "./waterfall_chart";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {router} from "@web/core/browser/router";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";

const {DateTime} = luxon;

/** What became of the pipeline between two weeks: bars that add up, each with its deals. */
export class WhatChanged extends Component {
    static template = "sales_pipeline_plus.WhatChanged";
    static components = {ChangeFilterBar, Dropdown, Layout, WaterfallChart};
    static props = {...standardActionServiceProps};
    static displayName = _t("What Changed");

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.ui = useService("ui");
        this.root = useRef("root");
        this.display = {controlPanel: {}};
        this.keepLast = new KeepLast();
        this.state = useState({
            filters: makeFilters(this.props.state?.filters),
            isLoading: true,
            hasFailed: false,
            answer: null,
        });
        useSetupAction({
            rootRef: this.root,
            getLocalState: () => ({filters: {...this.state.filters}}),
        });
        onWillStart(async () => {
            [this.seesAll, this.known] = await Promise.all([
                user.hasGroup("sales_team.group_sale_salesman_all_leads"),
                this.call("get_change_weeks"),
            ]);
            if (!this.props.state) {
                this.readAddress();
            }
        });
        onMounted(() => this.load());
    }

    call(method, ...args) {
        return this.orm.call("crm.kpi", method, args);
    }

    /** Takes the filters of the address, if it is this page's. */
    readAddress() {
        const {id, path, tag} = this.props.action;
        if ([id, path, tag].includes(router.current.action)) {
            this.state.filters = fromAddress(router.current, this.known.weeks);
        }
    }

    get isEmpty() {
        return !this.known.weeks.length;
    }

    async load() {
        if (this.isEmpty) {
            return;
        }
        this.props.updateActionState?.(toAddress(this.state.filters));
        this.state.isLoading = true;
        this.state.hasFailed = false;
        try {
            this.state.answer = await this.keepLast.add(
                this.call("get_changes", toEngine(this.state.filters))
            );
        } catch (error) {
            this.state.hasFailed = true;
            // Odoo tells the user.
            throw error;
        } finally {
            this.state.isLoading = false;
        }
    }

    updateFilters(values) {
        this.state.filters = {...this.state.filters, ...values};
        if ("measure" in values) {
            this.props.updateActionState?.(toAddress(this.state.filters));
            return;
        }
        return this.load();
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

    get whoseText() {
        return this.state.filters.mine ? user.name : user.activeCompany?.name;
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
    async open(code) {
        this.action.doAction(
            await this.call("open_changes", code, toEngine(this.state.filters))
        );
    }

    print() {
        window.print();
    }
}

registry.category("actions").add("sales_pipeline_plus.what_changed", WhatChanged);
