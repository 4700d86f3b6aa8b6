import {_t} from "@web/core/l10n/translation";
import {formatCurrency, getCurrency} from "@web/core/currency";
import {formatDate} from "@web/core/l10n/dates";
import {formatFloat} from "@web/core/utils/numbers";
import {formatPercentage} from "@web/views/fields/formatters";

const {DateTime} = luxon;

/** What stands for "no data", which is not 0. */
export const NO_DATA = "—";

export const isNoData = (value) => value === null || value === undefined;

const formatShort = (value) =>
    formatFloat(value, {digits: [0, 1], trailingZeros: false});

/**
 * Returns a figure as text, with its unit.
 *
 * @param {Number|null} value
 * @param {String} unit count, amount, percentage, days or hours
 * @param {Number} currencyId
 * @returns {String}
 */
export function formatFigure(value, unit, currencyId) {
    if (isNoData(value)) {
        return NO_DATA;
    }
    switch (unit) {
        case "amount":
            return formatCurrency(value, currencyId, {
                digits:
                    value && Math.abs(value) < 100
                        ? getCurrency(currencyId)?.digits
                        : [0, 0],
            });
        case "percentage":
            return formatPercentage(value / 100, {digits: [0, 1]});
        case "days":
            return formatShort(value) === "1"
                ? _t("1 day")
                : _t("%s days", formatShort(value));
        case "hours":
            return formatShort(value) === "1"
                ? _t("1 hour")
                : _t("%s hours", formatShort(value));
    }
    return formatShort(value);
}

/**
 * Returns a change with its sign: in percent, or in points for percentages.
 *
 * @param {Number} change
 * @param {String} unit of the figure
 * @returns {String}
 */
export function formatChange(change, unit) {
    const sign = change > 0 ? "+" : "";
    const value = sign + formatShort(change);
    return unit === "percentage" ? _t("%s points", value) : `${value}%`;
}

/**
 * Returns a period of the answer as text; both days are included.
 *
 * @param {{start: String, end: String}} period
 * @returns {String}
 */
export function formatPeriod(period) {
    const [start, end] = [period.start, period.end].map((day) =>
        formatDate(DateTime.fromISO(day))
    );
    return start === end ? start : _t("%(start)s to %(end)s", {start, end});
}
