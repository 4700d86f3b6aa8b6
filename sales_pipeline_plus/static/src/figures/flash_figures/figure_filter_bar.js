import {COMPARISONS, PERIODS, RECORDS} from "./figure_filters";
import {Component} from "@odoo/owl";
import {DateTimeInput} from "@web/core/datetime/datetime_input";
import {RecordFilters} from "./record_filters";

const {DateTime} = luxon;

/** What the figures are about: period, comparison, whose, where. */
export class FigureFilterBar extends Component {
    static template = "sales_pipeline_plus.FigureFilterBar";
    static components = {DateTimeInput, RecordFilters};
    static props = {
        filters: Object,
        period: {type: Object, optional: true},
        seesAll: Boolean,
        hasComparison: {type: Boolean, optional: true},
        update: Function,
        slots: {type: Object, optional: true},
    };
    static defaultProps = {hasComparison: true};

    setup() {
        this.periods = PERIODS;
        this.comparisons = COMPARISONS;
        this.recordFilters = RECORDS;
    }

    /** What is printed: only what is chosen. */
    get hasRecords() {
        return RECORDS.some((name) => this.props.filters[name].length);
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
