import {Component, onMounted, onWillStart, useRef, useState} from "@odoo/owl";
import {NO_DATA, formatPeriods} from "./figure_format";
import {fromAddress, makeFilters, toAddress, toEngine} from "./figure_filters";
import {FigureChart} from "./figure_chart";
import {FigureFilterBar} from "./figure_filter_bar";
import {FigureTile} from "./figure_tile";
import {FigureTileDialog} from "./figure_tile_dialog";
import {FlashFiguresModel} from "./flash_figures_model";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {router} from "@web/core/browser/router";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {withoutSamples} from "@sales_pipeline_plus/figures/without_samples";

/** The tiles of a user who has not chosen any. */
const USUAL_TILES = [
    "created_count",
    "created_amount",
    "created_to_won",
    "won_count",
    "won_amount",
    "lost_count",
    "win_rate",
    "average_basket",
    "sales_cycle",
    "pipeline_amount",
    "weighted_amount",
    "late_count",
    "no_action_count",
    "out_of_standard_count",
    "stage_conversion",
    "meeting_count",
    "quotation_count",
    "hours_per_won",
];
const EMPTY_CELL = {value: null, comparison: null, change: null};

/** Today's key figures, each of which opens the records behind it. */
export class FlashFigures extends Component {
    static template = "sales_pipeline_plus.FlashFigures";
    static components = {FigureChart, FigureFilterBar, FigureTile, Layout};
    static props = {...standardActionServiceProps};
    static displayName = _t("Flash Figures");

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.orm = useService("orm");
        this.root = useRef("root");
        this.display = {controlPanel: {}};
        this.model = new FlashFiguresModel(this.orm);
        const kept = this.props.state || this.readAddress();
        this.state = useState({
            filters: makeFilters(kept.filters),
            pipelineId: kept.pipelineId || false,
            isLoading: true,
            hasFailed: false,
            isExporting: false,
            answer: null,
        });
        useSetupAction({
            rootRef: this.root,
            getLocalState: () => ({
                filters: {...this.state.filters},
                pipelineId: this.state.pipelineId,
            }),
        });
        onWillStart(async () => {
            const [seesAll] = await Promise.all([
                user.hasGroup("sales_team.group_sale_salesman_all_leads"),
                this.model.start(),
            ]);
            this.seesAll = seesAll;
        });
        onMounted(() => this.load());
    }

    /** The filters of the address, if it is this page's. */
    readAddress() {
        const {id, path, tag} = this.props.action;
        const isOurs = [id, path, tag].includes(router.current.action);
        return isOurs ? {filters: fromAddress(router.current)} : {};
    }

    // ------------------------------------------------------------
    // Loading
    // ------------------------------------------------------------

    get codes() {
        const chosen = user.settings.flash_figure_codes || USUAL_TILES;
        const known = new Set(this.model.catalogue.map((figure) => figure.code));
        return chosen.filter((code) => known.has(code));
    }

    get pipelines() {
        return this.model.getPipelines(this.state.filters);
    }

    /** The pipeline of the funnel: the one chosen, else the busiest one. */
    get pipelineId() {
        const {pipelines} = this;
        return pipelines.some(({id}) => id === this.state.pipelineId)
            ? this.state.pipelineId
            : this.model.getBusiest(pipelines)?.id || false;
    }

    async load() {
        if (this.model.isEmpty) {
            return;
        }
        this.props.updateActionState?.(toAddress(this.state.filters));
        this.state.isLoading = true;
        this.state.hasFailed = false;
        try {
            this.state.answer = await this.model.load(
                this.state.filters,
                this.codes,
                this.pipelineId
            );
        } catch (error) {
            this.state.hasFailed = true;
            // Odoo tells the user.
            throw error;
        } finally {
            this.state.isLoading = false;
        }
    }

    /** The workbook of the same filters: a download, or a job if it is long. */
    async exportWorkbook() {
        if (this.state.isExporting) {
            // A second press before the button is greyed out.
            return;
        }
        this.state.isExporting = true;
        try {
            await this.action.doAction(
                await this.orm.call("crm.workbook", "action_export", [
                    toEngine(this.state.filters),
                ])
            );
        } finally {
            this.state.isExporting = false;
        }
    }

    updateFilters(values) {
        this.state.filters = {...this.state.filters, ...values};
        return this.load();
    }

    async choosePipeline(value) {
        const id = Number(value);
        this.state.pipelineId = id;
        Object.assign(
            this.state.answer.charts,
            await this.model.loadStages(this.state.filters, id)
        );
    }

    // ------------------------------------------------------------
    // What is shown
    // ------------------------------------------------------------

    /** The groups of the catalogue that have tiles, each with them. */
    get groups() {
        const figures = new Map(
            this.model.catalogue.map((figure) => [figure.code, figure])
        );
        const groups = new Map(
            this.model.catalogue.map(({group, group_label: label}) => [
                group,
                {group, label, tiles: []},
            ])
        );
        const {values, trend} = this.state.answer;
        for (const code of this.codes) {
            const figure = figures.get(code);
            groups.get(figure.group).tiles.push({
                figure,
                // A tile that was just chosen has no value yet.
                cell: values[code]?.[0] || EMPTY_CELL,
                trend: trend[code],
            });
        }
        return [...groups.values()].filter((group) => group.tiles.length);
    }

    /** The charts beside the tiles, and those below them. */
    get chartPlaces() {
        const {charts} = this.state.answer;
        return [
            {
                place: "beside",
                charts: [
                    charts.openByStage,
                    charts.forecast,
                    charts.funnel,
                    charts.days,
                ],
            },
            {place: "below", charts: [charts.salespeople, charts.reasons]},
        ];
    }

    isOfStages(chart) {
        return ["stage", "funnel"].includes(chart.breakdown);
    }

    get periodText() {
        const {period, comparison} = this.state.answer;
        return formatPeriods(period, comparison);
    }

    get whoseText() {
        return this.state.filters.mine
            ? user.name
            : user.activeCompany?.name || NO_DATA;
    }

    // ------------------------------------------------------------
    // What can be done
    // ------------------------------------------------------------

    /**
     * Opens the records behind a number.
     *
     * @param {String} code
     * @param {String} [breakdown]
     * @param {any} [key]
     * @param {Object} [filters]
     */
    async open(code, breakdown = null, key = false, filters = null) {
        const asked = filters || toEngine(this.state.filters);
        const action =
            breakdown === "funnel"
                ? await this.model.call(
                      "open_funnel",
                      code,
                      asked,
                      this.pipelineId,
                      key
                  )
                : await this.model.call("open_records", code, asked, breakdown, key);
        this.action.doAction(withoutSamples(action));
    }

    /** The funnel of all pipelines and the cohorts, with the same filters. */
    openFunnel() {
        return this.action.doAction("sales_pipeline_plus.crm_kpi_action_funnel", {
            additionalContext: {figure_filters: {...this.state.filters}},
        });
    }

    chooseTiles() {
        this.dialog.add(FigureTileDialog, {
            figures: this.model.catalogue,
            codes: this.codes,
            save: async (codes) => {
                await user.setUserSettings("flash_figure_codes", codes);
                this.load();
            },
        });
    }

    /** The targets and whether the pipeline is enough, with the same filters. */
    openTargets() {
        return this.action.doAction("sales_pipeline_plus.crm_kpi_action_targets", {
            additionalContext: {figure_filters: {...this.state.filters}},
        });
    }

    print() {
        window.print();
    }

    createOpportunity() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("New Opportunity"),
            res_model: "crm.lead",
            views: [[false, "form"]],
            context: {default_type: "opportunity"},
        });
    }
}

registry.category("actions").add("sales_pipeline_plus.flash_figures", FlashFigures);
