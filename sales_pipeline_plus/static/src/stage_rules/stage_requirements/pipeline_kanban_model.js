import {CrmKanbanDynamicGroupList} from "@crm/views/crm_kanban/crm_kanban_model";
import {askStageRequirements} from "./stage_requirements_dialog";
import {patch} from "@web/core/utils/patch";

/**
 * A card that is dropped on a stage which asks for more completes its move once the
 * user has filled that in.
 */
patch(CrmKanbanDynamicGroupList.prototype, {
    async moveRecord(dataRecordId, dataGroupId, refId, targetGroupId) {
        const source = this.groups.find((group) => group.id === dataGroupId);
        const target = this.groups.find((group) => group.id === targetGroupId);
        if (
            source &&
            target?.value &&
            source !== target &&
            target.groupByField.name === "stage_id"
        ) {
            const record = source.list.records.find((r) => r.id === dataRecordId);
            const {orm, dialog, action, notification} = this.model;
            const reload = () => this.model.load();
            const services = {orm, dialog, action, notification, reload};
            if (!(await askStageRequirements(services, record.resId, target.value))) {
                return;
            }
        }
        return super.moveRecord(...arguments);
    },
});
