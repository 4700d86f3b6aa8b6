import {DECISIONS, MEASURES, RECORDS} from "./change_filters";
import {Component} from "@odoo/owl";
import {RecordFilters} from "../figures/flash_figures/record_filters";

const {DateTime} = luxon;

/** Which weeks are compared, what is measured, and whose deals they are. */
export class ChangeFilterBar extends Component {
    static template = "sales_pipeline_plus.ChangeFilterBar";
    static components = {RecordFilters};
    static props = {
        filters: Object,
        weeks: Array,
        start: [String, Boolean],
        seesAll: Boolean,
        update: Function,
    };

    setup() {
        this.decisions = DECISIONS;
        this.measures = MEASURES;
        this.recordFilters = RECORDS;
    }

    /** The weeks that can be the closing: those after the opening. */
    get laterWeeks() {
        return this.props.weeks.filter((week) => week > this.props.start);
    }

    /** The weeks that can be the opening: those before the closing. */
    get earlierWeeks() {
        const {end} = this.props.filters;
        return this.props.weeks.filter((week) => !end || week < end);
    }

    formatWeek(week) {
        return DateTime.fromISO(week).toLocaleString(DateTime.DATE_MED);
    }
}
