import {ListController} from "@web/views/list/list_controller";
import {askRequirementsOfAll} from "./stage_requirements_dialog";
import {patch} from "@web/core/utils/patch";

/**
 * Deals that get another stage in the list are asked for what they lack there and for
 * their next actions.
 */
patch(ListController.prototype, {
    async onAskMultiSaveConfirmation(changes, validRecords) {
        const canProceed = await super.onAskMultiSaveConfirmation(
            changes,
            validRecords
        );
        const stageId = changes.stage_id?.id;
        if (canProceed === false || this.props.resModel !== "crm.lead" || !stageId) {
            return canProceed;
        }
        const {action, dialog, notification, orm} = this.model;
        const reload = () => this.model.load();
        return askRequirementsOfAll(
            {action, dialog, notification, orm, reload},
            validRecords.map((record) => record.resId),
            stageId
        );
    },
});
