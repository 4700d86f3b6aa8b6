import {Component} from "@odoo/owl";
import {askButtonRequirements} from "../stage_rules/stage_requirements/stage_requirements_dialog";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";

const WON = "action_set_won_rainbowman";

/** Wins the opportunity of a row; what it lacks is asked first, as on its form. */
export class DealWonButton extends Component {
    static template = "sales_pipeline_plus.DealWonButton";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.orm = useService("orm");
    }

    async win() {
        const {record} = this.props;
        const {action, dialog, notification, orm} = this;
        const reload = () => record.model.load();
        const services = {action, dialog, notification, orm, reload};
        if (!(await askButtonRequirements(services, record.resId, WON))) {
            return;
        }
        await action.doActionButton({
            type: "object",
            name: WON,
            resModel: record.resModel,
            resId: record.resId,
            context: record.context,
            onClose: reload,
        });
    }
}

registry.category("fields").add("deal_won_button", {
    component: DealWonButton,
    supportedTypes: ["selection"],
});
