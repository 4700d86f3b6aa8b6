import {Component} from "@odoo/owl";

/** A number that opens the records behind it, if there are any. */
export class OutlookNumber extends Component {
    static template = "sales_pipeline_plus.OutlookNumber";
    static props = {
        code: String,
        text: [String, Number],
        isEmpty: Boolean,
        open: Function,
        className: {type: String, optional: true},
    };
    static defaultProps = {className: ""};
}
