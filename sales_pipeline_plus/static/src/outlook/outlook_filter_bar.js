import {RECORDS, WINDOWS} from "./outlook_filters";
import {Component} from "@odoo/owl";
import {RecordFilters} from "../figures/flash_figures/record_filters";

/** Until when, and whose deals. */
export class OutlookFilterBar extends Component {
    static template = "sales_pipeline_plus.OutlookFilterBar";
    static components = {RecordFilters};
    static props = {
        filters: Object,
        seesAll: Boolean,
        update: Function,
    };

    setup() {
        this.windows = WINDOWS;
        this.recordFilters = RECORDS;
    }
}
