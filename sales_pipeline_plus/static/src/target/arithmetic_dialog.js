import {Component} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";

/** How a number comes about, in words, and the way to its records. */
export class ArithmeticDialog extends Component {
    static template = "sales_pipeline_plus.ArithmeticDialog";
    static components = {Dialog};
    static props = {
        title: String,
        value: String,
        words: String,
        definition: {type: String, optional: true},
        levers: {type: Array, optional: true},
        openRecords: Function,
        close: Function,
    };

    open(code) {
        this.props.close();
        this.props.openRecords(code);
    }
}
