import {MonetaryField, monetaryField} from "@web/views/fields/monetary/monetary_field";
import {formatFloat} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";

/**
 * What is to be reached: an amount with its currency, anything else as a number without
 * cents, with the unit of its figure.
 */
export class TargetValueField extends MonetaryField {
    get formattedValue() {
        if (this.currencyId || typeof this.value !== "number") {
            return super.formattedValue;
        }
        const text = formatFloat(this.value, {
            digits: [16, 2],
            trailingZeros: false,
        });
        // On its form the unit stands beside it, also while it is written.
        const isForm = this.env.config?.viewType === "form";
        const unit = !isForm && this.props.readonly && this.props.record.data.unit;
        return unit ? `${text}\u00a0${unit}` : text;
    }
}

registry.category("fields").add("target_value", {
    ...monetaryField,
    component: TargetValueField,
    fieldDependencies: [{name: "unit", type: "char", readonly: true}],
});
