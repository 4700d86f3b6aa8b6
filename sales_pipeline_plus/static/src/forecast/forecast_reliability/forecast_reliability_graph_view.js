import {onWillStart, onWillUpdateProps, useState} from "@odoo/owl";
import {GraphRenderer} from "@web/views/graph/graph_renderer";
import {_t} from "@web/core/l10n/translation";
import {formatMonetary} from "@web/views/fields/formatters";
import {formatPercentOfHundred} from "@sales_pipeline_plus/figures/percentage/percent_field";
import {graphView} from "@web/views/graph/graph_view";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";

const MEASURES = [
    "weighted_forecast:sum",
    "actual:sum",
    "weighted_wape:avg",
    "weighted_bias:avg",
];
// Four weeks before a month there is still time to act.
const TIMELY = "04";
// What is as near as this is as good as right.
const ABOUT = 1;

/** The graph, with what it says in words above and in numbers below. */
export class ForecastReliabilityRenderer extends GraphRenderer {
    static template = "sales_pipeline_plus.ForecastReliability";

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.summary = useState({rows: []});
        onWillStart(() => this.loadSummary());
        onWillUpdateProps(() => this.loadSummary());
    }

    async loadSummary() {
        const {metaData, searchParams} = this.props.model;
        const groups = await this.orm.formattedReadGroup(
            metaData.resModel,
            searchParams.domain,
            ["horizon"],
            MEASURES,
            {context: searchParams.context}
        );
        const labels = new Map(metaData.fields.horizon.selection);
        this.summary.rows = groups.map((group) => ({
            horizon: group.horizon,
            label: labels.get(group.horizon),
            forecast: group["weighted_forecast:sum"],
            actual: group["actual:sum"],
            error: group["weighted_wape:avg"],
            bias: group["weighted_bias:avg"],
        }));
    }

    /** What the forecasts that were made in time are worth, in one sentence. */
    get sentence() {
        const {rows} = this.summary;
        const row = rows.find(({horizon}) => horizon === TIMELY) || rows.at(-1);
        const terms = {
            when: row.label.toLowerCase(),
            forecast: this.formatAmount(row.forecast),
            actual: this.formatAmount(row.actual),
            verdict: this.getVerdict(row),
        };
        return _t(
            "The forecast of a month, made %(when)s: %(verdict)s. In all, %(forecast)s was forecast and %(actual)s was won.",
            terms
        );
    }

    getVerdict({bias, actual}) {
        if (!actual) {
            return _t("nothing was won");
        }
        if (Math.abs(bias) < ABOUT) {
            return _t("right on the whole");
        }
        const percent = formatPercentOfHundred(Math.abs(bias), {digits: [16, 0]});
        return bias > 0 ? _t("too high by %s", percent) : _t("too low by %s", percent);
    }

    formatAmount(value) {
        return formatMonetary(value || 0, {
            currencyId: user.activeCompany.currency_id,
            digits: [16, 0],
        });
    }

    formatError({error, actual}) {
        return actual ? formatPercentOfHundred(error, {digits: [16, 0]}) : "–";
    }
}

registry.category("views").add("forecast_reliability_graph", {
    ...graphView,
    Renderer: ForecastReliabilityRenderer,
});
