import {escapeRegExp} from "@web/core/utils/strings";
import {localization} from "@web/core/l10n/localization";
import {parseFloat} from "@web/views/fields/parsers";

/**
 * Reads an amount that cannot be taken back: what could be meant in two ways is none.
 * Odoo takes letters for a currency, nothing for 0, and 1.234,5 for 1.23.
 *
 * @param {String} text as it was typed; a formula begins with =, as everywhere
 * @param {String} [symbol] of the currency
 * @returns {Number|null} null for what is no amount
 */
export function readAmount(text, symbol = "") {
    const typed = text.replace(symbol, "").replace(/\s/g, "");
    if (!typed.startsWith("=")) {
        const separator = localization.thousandsSep.replace(/\s/g, "");
        const grouped = separator ? `|\\d{1,3}(${escapeRegExp(separator)}\\d{3})+` : "";
        const points = [".", localization.decimalPoint].filter(
            (point) => point !== separator
        );
        const decimals = `([${points.map(escapeRegExp).join("")}]\\d*)?`;
        if (!new RegExp(`^-?(\\d+${grouped})${decimals}$`).test(typed)) {
            return null;
        }
    }
    try {
        return parseFloat(typed);
    } catch {
        return null;
    }
}
