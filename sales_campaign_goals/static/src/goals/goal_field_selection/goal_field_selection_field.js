import {
    SelectionField,
    selectionField,
} from "@web/views/fields/selection/selection_field";
import {registry} from "@web/core/registry";

/**
 * Offers the fields of the counted model only: the choices are "model.field".
 */
export class GoalFieldSelectionField extends SelectionField {
    get options() {
        const prefix = `${this.props.record.data.res_model}.`;
        return super.options.filter(
            ([value]) =>
                value.startsWith(prefix) && !value.slice(prefix.length).includes(".")
        );
    }

    get string() {
        const value = this.props.record.data[this.props.name];
        return this.options.find((option) => option[0] === value)?.[1] || "";
    }
}

export const goalFieldSelectionField = {
    ...selectionField,
    component: GoalFieldSelectionField,
    supportedTypes: ["selection"],
};

registry.category("fields").add("goal_field_selection", goalFieldSelectionField);
