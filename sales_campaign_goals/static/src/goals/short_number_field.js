import {floatField} from "@web/views/fields/float/float_field";
import {formatFloat} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";

/**
 * Returns a number without zeros at its end. A list writes its totals with the formatter
 * of the widget only: the option of the field does not reach them.
 *
 * @param {Number|false} value
 * @returns {String}
 */
export function formatShortNumber(value) {
    return formatFloat(value, {digits: [16, 2], trailingZeros: false});
}

registry.category("formatters").add("short_number", formatShortNumber);
registry.category("fields").add("short_number", {
    ...floatField,
    extractProps: (...args) => ({
        ...floatField.extractProps(...args),
        trailingZeros: false,
    }),
});
