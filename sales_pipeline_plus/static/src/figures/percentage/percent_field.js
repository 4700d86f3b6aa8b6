import {FloatField, floatField} from "@web/views/fields/float/float_field";
import {_t} from "@web/core/l10n/translation";
import {formatFloat} from "@web/core/utils/numbers";
import {registry} from "@web/core/registry";

/**
 * Returns a percentage of 0 to 100 with its sign; Odoo's own formatter takes 0 to 1.
 *
 * @param {Number|false} value
 * @param {Object} [options]
 * @returns {String}
 */
export function formatPercentOfHundred(value, options = {}) {
    if (typeof value !== "number") {
        return "";
    }
    const digits = options.digits || options.field?.digits || [16, 1];
    return _t("%s%", formatFloat(value, {digits: [16, digits[1]]}));
}

/** A percentage of 0 to 100, with its sign while it is read. */
export class PercentOfHundredField extends FloatField {
    get formattedValue() {
        const value = super.formattedValue;
        return value && this.props.readonly ? _t("%s%", value) : value;
    }
}

registry.category("formatters").add("percent_of_hundred", formatPercentOfHundred);
registry.category("fields").add("percent_of_hundred", {
    ...floatField,
    component: PercentOfHundredField,
});
