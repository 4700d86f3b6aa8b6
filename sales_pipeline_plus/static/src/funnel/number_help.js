import {Component} from "@odoo/owl";
import {Dropdown} from "@web/core/dropdown/dropdown";
import {_t} from "@web/core/l10n/translation";

/** The name of a number, with what it means. */
export class NumberHelp extends Component {
    static template = "sales_pipeline_plus.NumberHelp";
    static components = {Dropdown};
    static props = {label: String, definition: String};

    get helpLabel() {
        return _t("What is “%s”?", this.props.label);
    }
}
