import {
    RottingStatusBarDurationField,
    rottingStatusBarDurationField,
} from "@mail/js/rotting_mixin/rotting_statusbar";
import {registry} from "@web/core/registry";

/**
 * Shows the stages in the order of the deal's pipeline. The status bar loads them in
 * the order of the stage model, which is the same for all pipelines.
 */
export class PipelineStatusBarField extends RottingStatusBarDurationField {
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
