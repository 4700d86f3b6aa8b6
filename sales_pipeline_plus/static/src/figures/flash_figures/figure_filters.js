import {getAddress, getRecords, readRecords} from "./filter_address";
import {_t} from "@web/core/l10n/translation";

export const PERIODS = [
    ["this_week", _t("This Week")],
    ["last_week", _t("Last Week")],
    ["this_month", _t("This Month")],
    ["last_month", _t("Last Month")],
    ["this_quarter", _t("This Quarter")],
    ["last_quarter", _t("Last Quarter")],
    ["this_year", _t("This Year")],
    ["last_year", _t("Last Year")],
];
export const COMPARISONS = [
    ["previous", _t("Period Before")],
    ["last_year", _t("Same Period Last Year")],
    ["none", _t("No Comparison")],
];
export const RECORDS = [
    "team_ids",
    "user_ids",
    "pipeline_ids",
    "campaign_ids",
    "category_ids",
    "company_ids",
];
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The filters of the page as it keeps them.
 *
 * @param {Object} [values]
 * @returns {Object}
 */
export function makeFilters(values = {}) {
    return {
        period: "this_month",
        start: false,
        end: false,
        comparison: "previous",
        mine: false,
        ...Object.fromEntries(RECORDS.map((name) => [name, []])),
        ...values,
    };
}

/**
 * Returns the filters as the engine wants them.
 *
 * @param {Object} filters
 * @returns {Object}
 */
export function toEngine(filters) {
    const {start, end} = filters;
    const result = {
        period: filters.period === "custom" ? {start, end} : filters.period,
        comparison: filters.comparison,
    };
    return {...result, ...getRecords(filters, RECORDS)};
}

/**
 * Returns the filters for the address of the page.
 *
 * @param {Object} filters
 * @returns {Object}
 */
export function toAddress(filters) {
    return getAddress(filters, makeFilters());
}

/**
 * Returns the filters of an address; what is wrong in it is left out.
 *
 * @param {Object} address
 * @returns {Object}
 */
export function fromAddress(address) {
    const filters = makeFilters();
    const {period, start, end, comparison, mine} = address;
    if (PERIODS.some(([name]) => name === period)) {
        filters.period = period;
    } else if (
        period === "custom" &&
        DAY.test(start) &&
        DAY.test(end) &&
        start <= end
    ) {
        Object.assign(filters, {period, start, end});
    }
    if (COMPARISONS.some(([name]) => name === comparison)) {
        filters.comparison = comparison;
    }
    filters.mine = Boolean(mine);
    return {...filters, ...readRecords(address, RECORDS)};
}
