import {ChangeFilterBar} from "@sales_pipeline_plus/waterfall/change_filter_bar";
import {WINDOWS} from "./outlook_filters";

/** Until when, and whose deals: the records are chosen as on What Changed. */
export class OutlookFilterBar extends ChangeFilterBar {
    static template = "sales_pipeline_plus.OutlookFilterBar";
    static props = {
        filters: Object,
        seesAll: Boolean,
        update: Function,
    };

    setup() {
        super.setup();
        this.windows = WINDOWS;
    }
}
