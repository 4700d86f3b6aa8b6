import {Component} from "@odoo/owl";
import {askButtonRequirements} from "../stage_rules/stage_requirements/stage_requirements_dialog";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useService} from "@web/core/utils/hooks";
import {user} from "@web/core/user";

const WON = "action_set_won_rainbowman";

/**
 * Offers on a confirmed order to win its opportunity; what that lacks is asked first,
 * as on its own form.
 */
export class WonOffer extends Component {
    static template = "sales_pipeline_plus.WonOffer";
    static props = {...standardFieldProps};

    setup() {
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.orm = useService("orm");
    }

    get text() {
        return this.props.record.data[this.props.name];
    }

    async win() {
        const {record} = this.props;
        const {id: leadId} = record.data.opportunity_id;
        const {action, dialog, notification, orm} = this;
        const reload = () => record.load();
        const services = {action, dialog, notification, orm, reload};
        if (!(await askButtonRequirements(services, leadId, WON))) {
            return;
        }
        await action.doActionButton({
            type: "object",
            name: WON,
            resModel: "crm.lead",
            resId: leadId,
            context: user.context,
            onClose: reload,
        });
    }
}

registry.category("fields").add("won_offer", {
    component: WonOffer,
    supportedTypes: ["char"],
});
