import {COMPARISONS, PERIODS} from "./figure_filters";
import {Component, useState} from "@odoo/owl";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {MultiRecordSelector} from "@web/core/record_selectors/multi_record_selector";
import {_t} from "@web/core/l10n/translation";
import {user} from "@web/core/user";

const {DateTime} = luxon;

/** What the figures are about: period, comparison, whose, where. */
export class FigureFilterBar extends Component {
    static template = "sales_pipeline_plus.FigureFilterBar";
    static components = {DateTimeInput, MultiRecordSelector};
    static props = {
        filters: Object,
        period: {type: Object, optional: true},
        seesAll: Boolean,
        update: Function,
    };

    setup() {
        this.periods = PERIODS;
        this.comparisons = COMPARISONS;
        this.state = useState({isOpen: false});
    }

    get selectors() {
        const selectors = [
            {
                name: "team_ids",
                model: "crm.team",
                label: _t("Sales Teams"),
                placeholder: _t("All teams"),
            },
            {
                name: "pipeline_ids",
                model: "crm.pipeline",
                label: _t("Pipelines"),
                placeholder: _t("All pipelines"),
            },
            {
                name: "campaign_ids",
                model: "utm.campaign",
                label: _t("Campaigns"),
                placeholder: _t("All campaigns"),
            },
            {
                name: "category_ids",
                model: "product.category",
                label: _t("Product Categories"),
                placeholder: _t("All categories"),
            },
        ];
        if (this.props.seesAll && !this.props.filters.mine) {
            selectors.splice(1, 0, {
                name: "user_ids",
                model: "res.users",
                label: _t("Salespeople"),
                placeholder: _t("All salespeople"),
                domain: [["share", "=", false]],
            });
        }
        const companies = user.activeCompanies;
        if (companies.length > 1) {
            selectors.push({
                name: "company_ids",
                model: "res.company",
                label: _t("Companies"),
                placeholder: _t("All companies"),
                domain: [["id", "in", companies.map((company) => company.id)]],
            });
        }
        return selectors;
    }

    /** How many filters are set behind the button of a phone. */
    get count() {
        return this.selectors.filter(({name}) => this.props.filters[name].length)
            .length;
    }

    get start() {
        return DateTime.fromISO(this.props.filters.start);
    }

    get end() {
        return DateTime.fromISO(this.props.filters.end);
    }

    /**
     * A choice of own dates starts with the days shown.
     *
     * @param {String} period
     */
    setPeriod(period) {
        const {start, end} =
            period === "custom" && this.props.period
                ? this.props.period
                : {start: false, end: false};
        this.props.update({period, start, end});
    }

    /**
     * Both days are kept in order.
     *
     * @param {String} side start or end
     * @param {DateTime} date
     */
    setDay(side, date) {
        if (!date) {
            return;
        }
        const days = {start: this.props.filters.start, end: this.props.filters.end};
        days[side] = date.toISODate();
        if (days.start > days.end) {
            days.start = days.end = days[side];
        }
        this.props.update(days);
    }
}
