import {
    getForecast,
    getFunnel,
    getLostReasons,
    getOpenByStage,
    getSalespeople,
    getStageDays,
} from "./figure_chart_data";
import {KeepLast} from "@web/core/utils/concurrency";
import {toEngine} from "./figure_filters";

/** Asks the engine for what the page shows. */
export class FlashFiguresModel {
    constructor(orm) {
        this.orm = orm;
        this.keepLast = new KeepLast();
    }

    /** Loads what does not depend on the filters. */
    async start() {
        const [catalogue, deals, pipelines, lines, open] = await Promise.all([
            this.call("get_catalogue"),
            this.orm.searchCount("crm.lead", [["type", "=", "opportunity"]], {
                context: {active_test: false},
                limit: 1,
            }),
            this.orm.searchRead("crm.pipeline", [], ["display_name"]),
            this.orm.searchRead(
                "crm.pipeline.stage",
                [],
                ["pipeline_id", "stage_id", "is_won"],
                {order: "pipeline_id, sequence, id"}
            ),
            this.call("get_figures", {comparison: "none"}, ["open_count"], "pipeline"),
        ]);
        this.catalogue = catalogue;
        this.isEmpty = !deals;
        this.pipelines = pipelines;
        this.openCounts = new Map(
            open.keys.map(({id}, index) => [id, open.values.open_count[index].value])
        );
        this.lines = lines;
    }

    call(method, ...args) {
        return this.orm.call("crm.kpi", method, args);
    }

    /** The pipelines whose funnel can be shown with these filters. */
    getPipelines(filters) {
        const ids = filters.pipeline_ids;
        return ids.length
            ? this.pipelines.filter((pipeline) => ids.includes(pipeline.id))
            : this.pipelines;
    }

    /** The one of these pipelines with the most open opportunities. */
    getBusiest(pipelines) {
        const count = ({id}) => this.openCounts.get(id) || 0;
        return pipelines.reduce(
            (best, pipeline) =>
                best && count(best) >= count(pipeline) ? best : pipeline,
            null
        );
    }

    getStages(pipelineId) {
        return this.lines
            .filter((line) => line.pipeline_id[0] === pipelineId)
            .map((line) => ({
                id: line.stage_id[0],
                label: line.stage_id[1],
                isWon: line.is_won,
            }));
    }

    /** Loads everything at once; an answer that is overtaken by another one is lost. */
    load(filters, codes, pipelineId) {
        const asked = toEngine(filters);
        return this.keepLast.add(
            Promise.all([
                this.call("get_figures", asked, codes, null, true, true),
                this.loadStages(filters, pipelineId),
                this.call(
                    "get_figures",
                    asked,
                    ["pipeline_amount", "weighted_amount", "late_amount"],
                    "month"
                ),
                this.call(
                    "get_figures",
                    asked,
                    ["won_amount", "won_count", "win_rate"],
                    "salesperson"
                ),
                this.call(
                    "get_figures",
                    asked,
                    ["lost_count", "lost_amount"],
                    "lost_reason"
                ),
            ]).then(([figures, ofStages, months, people, reasons]) => ({
                ...figures,
                trend: figures.trend.values,
                charts: {
                    ...ofStages,
                    forecast: getForecast(months),
                    salespeople: getSalespeople(people),
                    reasons: getLostReasons(reasons),
                },
            }))
        );
    }

    /** Loads the charts of one pipeline's stages. */
    async loadStages(filters, pipelineId) {
        const ofPipeline = {
            ...toEngine(filters),
            ...(pipelineId && {pipeline_ids: [pipelineId]}),
        };
        const [answer, funnel] = await Promise.all([
            this.call(
                "get_figures",
                ofPipeline,
                ["open_count", "pipeline_amount", "stage_days", "stage_conversion"],
                "stage"
            ),
            this.call("get_funnel", ofPipeline),
        ]);
        const stages = this.getStages(pipelineId);
        return {
            openByStage: {...getOpenByStage(answer, stages), filters: ofPipeline},
            funnel: {...getFunnel(funnel), filters: ofPipeline},
            days: {...getStageDays(answer, stages), filters: ofPipeline},
        };
    }
}
