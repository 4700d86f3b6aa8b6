import {_t} from "@web/core/l10n/translation";
import {formatCurrency, getCurrency} from "@web/core/currency";
import {formatFloat} from "@web/core/utils/numbers";
import {formatPercent} from "@sales_pipeline_plus/figures/percentage/percent_field";

const {DateTime} = luxon;

/** What stands for "no data", which is not 0. */
export const NO_DATA = "—";

export const isNoData = (value) => value === null || value === undefined;

const formatShort = (value) =>
    formatFloat(value, {digits: [0, 1], trailingZeros: false});

/** Whether the language has the singular for a number: 1 in English, 0 to 1.9 in French. */
export const isSingular = (value) =>
    new Intl.PluralRules(DateTime.now().locale).select(
        Math.round(Math.abs(value) * 10) / 10
    ) === "one";

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
            return formatPercent(formatShort(value));
        case "days":
            return isSingular(value)
                ? _t("%s day", formatShort(value))
                : _t("%s days", formatShort(value));
        case "hours":
            return isSingular(value)
                ? _t("%s hour", formatShort(value))
                : _t("%s hours", formatShort(value));
    }
    return formatShort(value);
}

/**
 * Returns a difference with its sign before the currency.
 *
 * @param {Number} value
 * @param {String} unit of the figure
 * @param {Number} currencyId
 * @returns {String}
 */
export function formatDifference(value, unit, currencyId) {
    const sign = value > 0 ? "+" : value < 0 ? "-" : "";
    return sign + formatFigure(Math.abs(value), unit, currencyId);
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
    if (unit !== "percentage") {
        return formatPercent(value);
    }
    return isSingular(change) ? _t("%s point", value) : _t("%s points", value);
}

/**
 * Returns the days from one to the other as a person says them: what both have in
 * common once, the year unless it is the present one.
 *
 * @param {DateTime} start
 * @param {DateTime} end included
 * @param {DateTime} today
 * @returns {String}
 */
export function formatDays(start, end, today) {
    const isThisYear = start.hasSame(today, "year") && end.hasSame(today, "year");
    const format = {
        day: "numeric",
        month: "short",
        timeZone: start.zoneName,
        ...(!isThisYear && {year: "numeric"}),
    };
    // The language decides what comes first, the day or the month.
    return new Intl.DateTimeFormat(today.locale, format).formatRange(
        start.toJSDate(),
        end.toJSDate()
    );
}

/**
 * Returns what the figures are about: their days, so far if the period still runs, and
 * those that they are compared with.
 *
 * @param {{start: String, end: String}} period
 * @param {{start: String, end: String}|null} comparison
 * @param {DateTime} [today]
 * @returns {String}
 */
export function formatPeriods(period, comparison, today = DateTime.now()) {
    const toDay = (day) => DateTime.fromISO(day);
    const [start, end] = [toDay(period.start), toDay(period.end)];
    const midnight = today.startOf("day");
    let text = "";
    if (start <= midnight && midnight < end) {
        text = _t("%s (to date)", formatDays(start, midnight, today));
    } else {
        text = formatDays(start, end, today);
    }
    if (!comparison) {
        return text;
    }
    return _t("%(period)s vs %(comparison)s", {
        period: text,
        comparison: formatDays(toDay(comparison.start), toDay(comparison.end), today),
    });
}
