import {Component, onMounted, onWillStart, useRef, useState} from "@odoo/owl";
import {
    MEASURES,
    fromAddress,
    makeFilters,
    toAddress,
    toEngine,
} from "./funnel_filters";
import {CohortTable} from "./cohort_table";
import {FigureFilterBar} from "../figures/flash_figures/figure_filter_bar";
import {FunnelStages} from "./funnel_stages";
import {KeepLast} from "@web/core/utils/concurrency";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {formatPeriods} from "../figures/flash_figures/figure_format";
import {registry} from "@web/core/registry";
import {router} from "@web/core/browser/router";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";

/** How far the deals of a period came, and what share of each month's was won since. */
export class Funnel extends Component {
    static template = "sales_pipeline_plus.Funnel";
    static components = {CohortTable, FigureFilterBar, FunnelStages, Layout};
    static props = {...standardActionServiceProps};
    static displayName = _t("Funnel");

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.root = useRef("root");
        this.display = {controlPanel: {}};
        this.measures = MEASURES;
        this.keepLast = new KeepLast();
        this.state = useState({
            filters: this.readFilters(),
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
        });
        onMounted(() => this.load());
    }

    /** The filters as they were left, else those of the flash figures, which led here,
     * else those of the address, if it is this page's. */
    readFilters() {
        const {context, id, path, tag} = this.props.action;
        if (this.props.state) {
            return makeFilters(this.props.state.filters);
        }
        if (context?.figure_filters) {
            return makeFilters({...context.figure_filters, comparison: "none"});
        }
        const isOurs = [id, path, tag].includes(router.current.action);
        return isOurs ? fromAddress(router.current) : makeFilters();
    }

    async load() {
        this.props.updateActionState?.(toAddress(this.state.filters));
        this.state.isLoading = true;
        this.state.hasFailed = false;
        const asked = toEngine(this.state.filters);
        try {
            const [funnel, cohorts] = await this.keepLast.add(
                Promise.all([
                    this.orm.call("crm.kpi", "get_funnel", [asked]),
                    this.orm.call("crm.kpi", "get_cohorts", [asked]),
                ])
            );
            this.state.answer = {funnel, cohorts};
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

    get whoseText() {
        return this.state.filters.mine ? user.name : user.activeCompany?.name;
    }

    get periodText() {
        return formatPeriods(this.state.answer.funnel.period, null);
    }

    // ------------------------------------------------------------
    // What can be done
    // ------------------------------------------------------------

    /**
     * Opens the deals of a number of the funnel.
     *
     * @param {String} code
     * @param {Number} pipelineId
     * @param {Number|Boolean} [stageId]
     */
    async openFunnel(code, pipelineId, stageId = false) {
        const asked = toEngine(this.state.filters);
        this.action.doAction(
            await this.orm.call("crm.kpi", "open_funnel", [
                code,
                asked,
                pipelineId,
                stageId,
            ])
        );
    }

    /**
     * Opens the deals created in a month, or those of them won some months later.
     *
     * @param {String} month its first day
     * @param {Number|null} after
     */
    async openCohort(month, after = null) {
        const asked = toEngine(this.state.filters);
        this.action.doAction(
            await this.orm.call("crm.kpi", "open_cohort", [month, after, asked])
        );
    }

    print() {
        window.print();
    }
}

registry.category("actions").add("sales_pipeline_plus.funnel", Funnel);
