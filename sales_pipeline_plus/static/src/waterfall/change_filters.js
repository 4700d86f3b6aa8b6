import {
    getAddress,
    getRecords,
    readRecords,
} from "../figures/flash_figures/filter_address";
import {_t} from "@web/core/l10n/translation";

export const DECISIONS = [
    ["this_month", _t("This Month")],
    ["next_month", _t("Next Month")],
    ["this_quarter", _t("This Quarter")],
    ["next_quarter", _t("Next Quarter")],
    ["this_year", _t("This Year")],
    ["next_year", _t("Next Year")],
    ["last_month", _t("Last Month")],
    ["last_quarter", _t("Last Quarter")],
];
export const MEASURES = [
    ["amount", _t("Amount")],
    ["weighted", _t("Weighted")],
    ["count", _t("Number")],
];
export const RECORDS = ["team_ids", "user_ids", "pipeline_ids", "company_ids"];
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * The filters of the page as it keeps them. Without a start it is last Monday.
 *
 * @param {Object} [values]
 * @returns {Object}
 */
export function makeFilters(values = {}) {
    return {
        start: false,
        end: false,
        decision: false,
        measure: "amount",
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
    const result = {};
    for (const name of ["start", "end", "decision"]) {
        if (filters[name]) {
            result[name] = filters[name];
        }
    }
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
 * @param {String[]} weeks the Mondays that there are
 * @returns {Object}
 */
export function fromAddress(address, weeks) {
    const filters = makeFilters();
    for (const name of ["start", "end"]) {
        if (DAY.test(address[name]) && weeks.includes(address[name])) {
            filters[name] = address[name];
        }
    }
    for (const [name, choices] of [
        ["decision", DECISIONS],
        ["measure", MEASURES],
    ]) {
        if (choices.some(([value]) => value === address[name])) {
            filters[name] = address[name];
        }
    }
    filters.mine = Boolean(address.mine);
    return {...filters, ...readRecords(address, RECORDS)};
}
