import {AnimatedNumber} from "@web/views/view_components/animated_number";
import {ForecastKanbanRenderer} from "@crm/views/forecast_kanban/forecast_kanban_renderer";
import {_t} from "@web/core/l10n/translation";
import {formatMonetary} from "@web/views/fields/formatters";
import {getGranularity} from "./decision_period";
import {isSingular} from "@sales_pipeline_plus/figures/flash_figures/figure_format";
import {onWillStart} from "@odoo/owl";
import {user} from "@web/core/user";

const {KanbanHeader} = ForecastKanbanRenderer.components;

/**
 * Number, amount and weighted amount of a period, and what was won in the current one.
 */
export class DecisionKanbanHeader extends KanbanHeader {
    static template = "sales_pipeline_plus.DecisionKanbanHeader";
    static components = {...KanbanHeader.components, AnimatedNumber};

    setup() {
        super.setup();
        onWillStart(async () => {
            this.hasRecurringRevenue = await user.hasGroup(
                "crm.group_use_recurring_revenues"
            );
        });
    }

    get isPeriod() {
        return Boolean(getGranularity(this.props.list));
    }

    get figures() {
        const {progressBarState} = this.props;
        const {weightedField, weightedRecurringField} =
            progressBarState.progressAttributes;
        const get = (field) => progressBarState.getAggregateValue(this.group, field);
        const {value: count} = get(false);
        return {
            count: isSingular(count || 0)
                ? _t("%s opportunity", count || 0)
                : _t("%s opportunities", count || 0),
            weighted: get(weightedField),
            recurring:
                this.hasRecurringRevenue && weightedRecurringField
                    ? get(weightedRecurringField)
                    : {value: 0},
        };
    }

    get made() {
        const {made} = this.props.list.model;
        return made && made.count && made.start === this.group.serverValue
            ? made
            : null;
    }

    get outlook() {
        return this.props.list.model.outlooks.get(this.group.serverValue);
    }

    /** Between which amounts the period ends 8 times in 10, as short as can be. */
    get outlookText() {
        const {currency_id: currencyId, low, high} = this.outlook;
        const format = (value) =>
            formatMonetary(Math.round(value), {
                currencyId,
                digits: [false, 0],
                humanReadable: true,
                minDigits: 3,
            });
        return _t("%(low)s to %(high)s", {low: format(low), high: format(high)});
    }

    get madeTitle() {
        return _t(
            "Expected revenue won in this period. Opportunities: %s",
            this.made.count
        );
    }
}
