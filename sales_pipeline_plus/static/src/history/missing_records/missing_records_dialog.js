import {Component, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";

/**
 * Lists what a file names and Odoo does not have, and creates it with the import.
 */
export class MissingRecordsDialog extends Component {
    static template = "sales_pipeline_plus.MissingRecordsDialog";
    static components = {Dialog};
    static props = {
        close: Function,
        columns: Array,
        onConfirm: Function,
    };

    setup() {
        this.state = useState({
            chosen: Object.fromEntries(
                this.creatable.map((column) => [column.path, true])
            ),
        });
    }

    get creatable() {
        return this.props.columns.filter((column) => column.can_create);
    }

    get others() {
        return this.props.columns.filter((column) => !column.can_create);
    }

    get chosenPaths() {
        return Object.keys(this.state.chosen).filter((path) => this.state.chosen[path]);
    }

    getNames(column) {
        const more = column.count > column.names.length ? "…" : "";
        return column.names.join(", ") + more;
    }

    confirm() {
        this.props.close();
        return this.props.onConfirm(this.chosenPaths);
    }
}
