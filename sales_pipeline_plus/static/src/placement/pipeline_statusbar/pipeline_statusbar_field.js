import {
    RottingStatusBarDurationField,
    rottingStatusBarDurationField,
} from "@mail/js/rotting_mixin/rotting_statusbar";
import {askStageRequirements} from "../../stage_rules/stage_requirements/stage_requirements_dialog";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/**
 * Shows the stages in the order of the deal's pipeline. The status bar loads them in
 * the order of the stage model, which is the same for all pipelines.
 */
export class PipelineStatusBarField extends RottingStatusBarDurationField {
    setup() {
        super.setup();
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.action = useService("action");
        this.notification = useService("notification");
    }

    /**
     * @override
     */
    async selectItem(item) {
        const {record} = this.props;
        if (record.resId) {
            if (!(await record.save())) {
                return;
            }
            const {orm, dialog, action, notification} = this;
            const reload = () => record.load();
            const services = {orm, dialog, action, notification, reload};
            if (!(await askStageRequirements(services, record.resId, item.value))) {
                return;
            }
            await record.load();
        }
        return super.selectItem(item);
    }

    /**
     * @override
     */
    getAllItems() {
        const stageIds = this.props.record.data.available_stage_ids.currentIds;
        const rank = (item) => {
            const index = stageIds.indexOf(item.value);
            return index < 0 ? stageIds.length : index;
        };
        return super.getAllItems().sort((a, b) => rank(a) - rank(b));
    }
}

registry.category("fields").add("pipeline_statusbar", {
    ...rottingStatusBarDurationField,
    component: PipelineStatusBarField,
    // The styles of Odoo's own status bar go by the name of the widget.
    additionalClasses: ["o_field_statusbar", "o_field_rotting_statusbar_duration"],
    fieldDependencies: [
        ...rottingStatusBarDurationField.fieldDependencies,
        {name: "available_stage_ids", type: "many2many"},
    ],
});
