import {Component, onMounted, useState} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {ListController} from "@web/views/list/list_controller";
import {View} from "@web/views/view";
import {_t} from "@web/core/l10n/translation";
import {listView} from "@web/views/list/list_view";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/**
 * The table of what several deals lack: the cells to fill in are marked, and the first
 * of them has the focus.
 */
export class StageRequirementsListController extends ListController {
    static props = {
        ...ListController.props,
        incomplete: {type: Array, optional: true},
        onListReady: {type: Function, optional: true},
    };

    setup() {
        super.setup();
        onMounted(() => this.start());
    }

    async start() {
        const {root} = this.model;
        this.props.onListReady?.(root);
        await this.markMissing(this.props.incomplete || []);
        if (root.records.length) {
            await root.enterEditMode(root.records[0]);
        }
    }

    async markMissing(incomplete) {
        for (const {id, fields} of incomplete) {
            const record = this.model.root.records.find(({resId}) => resId === id);
            for (const name of fields) {
                await record?.setInvalidField(name);
            }
        }
    }
}

registry.category("views").add("stage_requirements_list", {
    ...listView,
    Controller: StageRequirementsListController,
});

/**
 * Asks at once for the fields that several deals lack in a stage.
 */
export class StageRequirementsListDialog extends Component {
    static template = "sales_pipeline_plus.StageRequirementsListDialog";
    static components = {Dialog, View};
    static props = {
        close: Function,
        incomplete: Array,
        load: Function,
        onComplete: Function,
        override: Function,
        title: String,
    };

    setup() {
        this.notification = useService("notification");
        this.state = useState({busy: false});
        const {incomplete} = this.props;
        const names = new Set(incomplete.flatMap(({fields}) => fields));
        this.viewProps = {
            type: "list",
            resModel: "crm.lead",
            domain: [["id", "in", incomplete.map(({id}) => id)]],
            context: {
                list_view_ref: "sales_pipeline_plus.crm_lead_view_list_missing_fields",
                // Only keys that end like this reach the server with the view.
                missing_fields_view_ref: [...names].join(","),
            },
            display: {controlPanel: false, searchPanel: false},
            allowSelectors: false,
            showButtons: false,
            incomplete,
            onListReady: (list) => {
                this.list = list;
            },
        };
    }

    get canOverride() {
        return this.props.incomplete.every((deal) => deal.can_override);
    }

    async move() {
        this.state.busy = true;
        try {
            if (!(await this.list.leaveEditMode())) {
                return;
            }
            const incomplete = await this.props.load();
            if (!incomplete.length) {
                this.props.onComplete();
                this.props.close();
                return;
            }
            this.notification.add(
                _t(
                    "Something is still missing: %s",
                    incomplete.map(({name}) => name).join(", ")
                ),
                {type: "warning"}
            );
        } finally {
            this.state.busy = false;
        }
    }

    override() {
        this.props.close();
        this.props.override();
    }
}
