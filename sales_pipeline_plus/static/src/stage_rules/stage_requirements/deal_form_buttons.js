import {FormController} from "@web/views/form/form_controller";
import {askButtonRequirements} from "./stage_requirements_dialog";
import {patch} from "@web/core/utils/patch";

const BUTTONS = ["action_approve_move", "action_restore", "action_set_won_rainbowman"];

/**
 * The buttons of the form ask for what the deal lacks, as the drag and the status bar
 * do.
 */
patch(FormController.prototype, {
    async beforeExecuteActionButton({name}) {
        const canProceed = await super.beforeExecuteActionButton(...arguments);
        const {root} = this.model;
        if (
            canProceed === false ||
            root.resModel !== "crm.lead" ||
            !root.resId ||
            !root.data.can_ask_before_button ||
            !BUTTONS.includes(name)
        ) {
            return canProceed;
        }
        const {action, notification, orm} = this.model;
        const reload = () => root.load();
        return askButtonRequirements(
            {action, dialog: this.dialogService, notification, orm, reload},
            root.resId,
            name
        );
    },
});
