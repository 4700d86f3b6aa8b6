import {
    MEASURES,
    fromAddress,
    makeFilters,
    toAddress,
    toEngine,
} from "./funnel_filters";
import {CohortTable} from "./cohort_table";
import {FigureFilterBar} from "../figures/flash_figures/figure_filter_bar";
import {FigurePage} from "../figures/figure_page";
import {FunnelStages} from "./funnel_stages";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {formatPeriods} from "../figures/flash_figures/figure_format";
import {registry} from "@web/core/registry";

/** How far the deals of a period came, and what share of each month's was won since. */
export class Funnel extends FigurePage {
    static template = "sales_pipeline_plus.Funnel";
    static components = {CohortTable, FigureFilterBar, FunnelStages, Layout};
    static displayName = _t("Funnel");
    static filtering = {fromAddress, makeFilters, toAddress, toEngine};

    setup() {
        super.setup();
        this.measures = MEASURES;
    }

    /** The filters as they were left, else those of the flash figures, which led here,
     * else those of the address. */
    readFilters() {
        const {context} = this.props.action;
        if (!this.props.state && context?.figure_filters) {
            return makeFilters({...context.figure_filters, comparison: "none"});
        }
        return super.readFilters();
    }

    async ask() {
        const {asked} = this;
        const [funnel, cohorts] = await Promise.all([
            this.call("get_funnel", asked),
            this.call("get_cohorts", asked),
        ]);
        return {funnel, cohorts};
    }

    // ------------------------------------------------------------
    // What is shown
    // ------------------------------------------------------------

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
    openFunnel(code, pipelineId, stageId = false) {
        return this.openAction("open_funnel", code, this.asked, pipelineId, stageId);
    }

    /**
     * Opens the deals created in a month, or those of them won some months later.
     *
     * @param {String} month its first day
     * @param {Number|null} after
     */
    openCohort(month, after = null) {
        return this.openAction("open_cohort", month, after, this.asked);
    }
}

registry.category("actions").add("sales_pipeline_plus.funnel", Funnel);
