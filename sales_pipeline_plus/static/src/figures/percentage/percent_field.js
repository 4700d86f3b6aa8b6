import {FloatField, floatField} from "@web/views/fields/float/float_field";
import {formatFloat} from "@web/core/utils/numbers";
import {registry} from "@web/core/registry";

const {DateTime} = luxon;

/**
 * Returns a percentage as the language writes it, everywhere the same: 30% in English,
 * 30 % in French. A translated text would not do: Odoo exports none with one letter.
 *
 * @param {String} text the number
 * @returns {String}
 */
export function formatPercent(text) {
    const {locale} = DateTime.now();
    const options = {style: "percent", numberingSystem: "latn"};
    return new Intl.NumberFormat(locale, options).format(0).replace("0", () => text);
}

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
    return formatPercent(formatFloat(value, {digits: [16, digits[1]]}));
}

/** A percentage of 0 to 100, with its sign while it is read. */
export class PercentOfHundredField extends FloatField {
    get formattedValue() {
        const value = super.formattedValue;
        return value && this.props.readonly ? formatPercent(value) : value;
    }
}

registry.category("formatters").add("percent_of_hundred", formatPercentOfHundred);
registry.category("fields").add("percent_of_hundred", {
    ...floatField,
    component: PercentOfHundredField,
});
