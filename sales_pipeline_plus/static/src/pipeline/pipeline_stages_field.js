import {X2ManyField, x2ManyField} from "@web/views/fields/x2many/x2many_field";
import {registry} from "@web/core/registry";

/**
 * The stages of a pipeline: the usual columns are edited in the list, all of a stage in
 * a dialog over it.
 */
export class PipelineStagesField extends X2ManyField {
    async switchToForm(record) {
        if (await this.list.leaveEditMode({canAbandon: false})) {
            await this._openRecord({
                record,
                title: record.data.stage_id.display_name,
                context: this.props.context,
                readonly: this.props.readonly,
            });
        }
    }
}

registry.category("fields").add("pipeline_stages", {
    ...x2ManyField,
    component: PipelineStagesField,
    additionalClasses: ["o_field_one2many"],
});
