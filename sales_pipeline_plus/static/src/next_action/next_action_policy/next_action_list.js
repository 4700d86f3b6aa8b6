import {ListController} from "@web/views/list/list_controller";
import {askNextAction} from "./ask_next_action";
import {patch} from "@web/core/utils/patch";

/**
 * Several deals that get another stage in the list are asked for their next actions.
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
        const {action, notification, orm} = this.model;
        const {next_action: request} = await orm.call(
            "crm.lead",
            "get_move_requirements",
            [validRecords.map((record) => record.resId), stageId]
        );
        return askNextAction(
            {action, notification, orm, reload: () => this.model.load()},
            request,
            stageId
        );
    },
});
