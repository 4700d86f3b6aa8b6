import {Component, onMounted, onWillStart, useRef, useState} from "@odoo/owl";
import {
    NO_DATA,
    formatFigure,
    formatPeriods,
    isNoData,
} from "../figures/flash_figures/figure_format";
import {
    fromAddress,
    makeFilters,
    toAddress,
    toEngine,
} from "../figures/flash_figures/figure_filters";
import {ArithmeticDialog} from "./arithmetic_dialog";
import {FigureFilterBar} from "../figures/flash_figures/figure_filter_bar";
import {formatGap, getStateLook} from "./figure_target";
import {KeepLast} from "@web/core/utils/concurrency";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {formatFloat} from "@web/core/utils/numbers";
import {registry} from "@web/core/registry";
import {router} from "@web/core/browser/router";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {withoutSamples} from "@sales_pipeline_plus/figures/without_samples";

const BREAKDOWNS = [
    ["total", _t("Total")],
    ["salesperson", _t("Salesperson")],
    ["team", _t("Sales Team")],
    ["month", _t("Month")],
    ["pipeline", _t("Pipeline")],
];
/** Those that the targets, and the coverage, can be told by. */
const OF_TARGETS = ["total", "salesperson", "team", "month"];
const OF_COVERAGE = ["total", "salesperson", "team", "pipeline"];
const USUAL_FIGURE = "won_amount";

/** Targets and what was made; and whether the pipeline is enough to reach them. */
export class TargetPage extends Component {
    static template = "sales_pipeline_plus.TargetPage";
    static components = {FigureFilterBar, Layout};
    static props = {...standardActionServiceProps};
    static displayName = _t("Targets and Pipeline");

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.orm = useService("orm");
        this.root = useRef("root");
        this.display = {controlPanel: {}};
        this.keepLast = new KeepLast();
        this.breakdowns = BREAKDOWNS;
        this.getStateLook = getStateLook;
        // Of a column, and of a line of the card that it is on a phone.
        this.headings = {
            target: _t("Target"),
            made: _t("Made"),
            expected: _t("Expected by Today"),
            gap: _t("Gap"),
            state: _t("State"),
        };
        const kept = this.props.state || this.readAddress();
        this.state = useState({
            filters: makeFilters({period: "this_quarter", ...kept.filters}),
            breakdown: kept.breakdown || "salesperson",
            figure: kept.figure || USUAL_FIGURE,
            isLoading: true,
            hasFailed: false,
            targets: null,
            coverage: null,
        });
        useSetupAction({
            rootRef: this.root,
            getLocalState: () => ({
                filters: {...this.state.filters},
                breakdown: this.state.breakdown,
                figure: this.state.figure,
            }),
        });
        onWillStart(async () => {
            [this.seesAll, this.canSet, this.figures] = await Promise.all([
                user.hasGroup("sales_team.group_sale_salesman_all_leads"),
                user.hasGroup("sales_team.group_sale_manager"),
                this.call("get_target_figures"),
            ]);
        });
        onMounted(() => this.load());
    }

    /** The filters of the address or of the page that one comes from. */
    readAddress() {
        const {context, id, path, tag} = this.props.action;
        if (context?.figure_filters) {
            return {filters: context.figure_filters};
        }
        const isOurs = [id, path, tag].includes(router.current.action);
        return isOurs ? {filters: this.fromAddress(router.current)} : {};
    }

    fromAddress(address) {
        const filters = fromAddress(address);
        return address.period ? filters : {...filters, period: "this_quarter"};
    }

    call(method, ...args) {
        return this.orm.call("crm.kpi", method, args);
    }

    async load() {
        const {breakdown, figure, filters} = this.state;
        const asked = toEngine(filters);
        // This page's usual period is another one than that of the flash figures.
        this.props.updateActionState?.({
            ...toAddress(filters),
            period: filters.period,
        });
        this.state.isLoading = true;
        this.state.hasFailed = false;
        const key = breakdown === "total" ? null : breakdown;
        try {
            const [targets, coverage] = await this.keepLast.add(
                Promise.all([
                    OF_TARGETS.includes(breakdown)
                        ? this.call(
                              "get_figures",
                              {...asked, comparison: "none"},
                              [figure],
                              key,
                              false,
                              true
                          )
                        : null,
                    OF_COVERAGE.includes(breakdown)
                        ? this.call("get_coverage", asked, key)
                        : null,
                ])
            );
            Object.assign(this.state, {targets, coverage});
        } catch (error) {
            this.state.hasFailed = true;
            throw error;
        } finally {
            this.state.isLoading = false;
        }
    }

    update(values) {
        Object.assign(this.state, values);
        return this.load();
    }

    updateFilters(values) {
        return this.update({filters: {...this.state.filters, ...values}});
    }

    // ------------------------------------------------------------
    // What is shown
    // ------------------------------------------------------------

    get answer() {
        return this.state.targets || this.state.coverage;
    }

    get periodText() {
        return formatPeriods(this.answer.period, null);
    }

    get figure() {
        return this.figures.find(({code}) => code === this.state.figure);
    }

    /** The owners or months of the targets; those without any come last. */
    get targetRows() {
        const {keys, values} = this.state.targets;
        const cells = values[this.state.figure];
        const rows = keys.map((key, index) => ({key, cell: cells[index]}));
        return [
            ...rows.filter((row) => row.cell.target),
            ...rows.filter((row) => !row.cell.target && row.cell.value),
        ];
    }

    get hasTargets() {
        return this.targetRows.some((row) => row.cell.target);
    }

    formatCell(cell, name) {
        const {unit} = this.figure;
        const value = cell.target ? cell.target[name] : name === "made" && cell.value;
        if (value === false || isNoData(value)) {
            return NO_DATA;
        }
        const format = name === "gap" ? formatGap : formatFigure;
        return format(value, unit, this.state.targets.currency_id);
    }

    formatMeasure({unit}, {value}) {
        if (isNoData(value)) {
            return NO_DATA;
        }
        switch (unit) {
            case "times":
                return `${formatFloat(value, {digits: [0, 1]})} ×`;
            case "date":
                return formatDate(deserializeDate(value));
        }
        return formatFigure(value, unit, this.state.coverage.currency_id);
    }

    // ------------------------------------------------------------
    // What can be done
    // ------------------------------------------------------------

    async openMade(key) {
        const {breakdown, figure, filters} = this.state;
        const action = await this.call(
            "open_records",
            figure,
            toEngine(filters),
            breakdown === "total" ? null : breakdown,
            key
        );
        this.action.doAction(withoutSamples(action));
    }

    showArithmetic(measure, row, key) {
        const cell = row[measure.code];
        const {currency_id: currencyId} = this.state.coverage;
        this.dialog.add(ArithmeticDialog, {
            title: measure.label,
            value: this.formatMeasure(measure, cell),
            words: cell.words,
            definition: measure.definition,
            levers:
                measure.code === "velocity"
                    ? row.levers.map((lever) => ({
                          ...lever,
                          text: formatFigure(lever.value, "amount", currencyId),
                      }))
                    : [],
            openRecords: (code) => this.openRecords(code || measure.code, key.id),
        });
    }

    async openRecords(code, key) {
        const {breakdown, filters} = this.state;
        this.action.doAction(
            await this.call(
                "open_coverage_records",
                code,
                toEngine(filters),
                breakdown === "total" ? null : breakdown,
                key
            )
        );
    }

    openTargets() {
        return this.action.doAction("sales_pipeline_plus.crm_target_action");
    }
}

registry.category("actions").add("sales_pipeline_plus.target_page", TargetPage);
