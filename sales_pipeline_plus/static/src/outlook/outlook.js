import {Component, onMounted, onWillStart, useRef, useState} from "@odoo/owl";
import {
    NO_DATA,
    formatDays,
    formatFigure,
    isNoData,
} from "@sales_pipeline_plus/figures/flash_figures/figure_format";
import {fromAddress, makeFilters, toAddress, toEngine} from "./outlook_filters";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {KeepLast} from "@web/core/utils/concurrency";
import {Layout} from "@web/search/layout";
import {OutlookFilterBar} from "./outlook_filter_bar";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {router} from "@web/core/browser/router";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";

const {DateTime} = luxon;

/** What will come of the open deals, by several methods, each held against the past. */
export class Outlook extends Component {
    static template = "sales_pipeline_plus.Outlook";
    static components = {Dropdown, Layout, OutlookFilterBar};
    static props = {...standardActionServiceProps};
    static displayName = _t("What Will Come");

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
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
            this.seesAll = await user.hasGroup(
                "sales_team.group_sale_salesman_all_leads"
            );
            if (!this.props.state) {
                this.readAddress();
            }
        });
        onMounted(() => this.load());
    }

    /** Takes the filters of the address, if it is this page's. */
    readAddress() {
        const {id, path, tag} = this.props.action;
        if ([id, path, tag].includes(router.current.action)) {
            this.state.filters = fromAddress(router.current);
        }
    }

    async load() {
        this.props.updateActionState?.(toAddress(this.state.filters));
        this.state.isLoading = true;
        this.state.hasFailed = false;
        try {
            this.state.answer = await this.keepLast.add(
                this.orm.call("crm.kpi", "get_outlook", [toEngine(this.state.filters)])
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
        return this.load();
    }

    // ------------------------------------------------------------
    // What is shown
    // ------------------------------------------------------------

    get whoseText() {
        return this.state.filters.mine ? user.name : user.activeCompany?.name;
    }

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
                amount: commit.amount,
            },
            {
                code: "best_case",
                label: _t("Best Case"),
                title: _t("Open, to be decided in the period, if all goes well"),
                amount: best_case.amount,
            },
        ];
        if (call) {
            figures.unshift({
                code: "calls",
                label: _t("Forecast Call"),
                title: _t("For the whole period, with what is won already"),
                amount: call.amount,
            });
        }
        return figures;
    }

    isNoData(value) {
        return isNoData(value);
    }

    amount(value) {
        return formatFigure(value, "amount", this.state.answer.currency_id);
    }

    percent(value) {
        return formatFigure(value, "percentage");
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
     * @param {Object} [stage]
     */
    async open(code, stage = {}) {
        const {pipeline_id = null, stage_id = null} = stage;
        this.action.doAction(
            await this.orm.call("crm.kpi", "open_outlook_records", [
                code,
                toEngine(this.state.filters),
                pipeline_id,
                stage_id,
            ])
        );
    }

    /** Lets the user state a figure for the period. */
    stateCall() {
        const {window} = this.state.filters;
        return this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: _t("State a Call"),
                res_model: "crm.forecast.call",
                views: [[false, "form"]],
                target: "new",
                context: {
                    default_period_type: window === "this_month" ? "month" : "quarter",
                },
            },
            {onClose: () => this.load()}
        );
    }

    print() {
        window.print();
    }
}

registry.category("actions").add("sales_pipeline_plus.outlook", Outlook);
