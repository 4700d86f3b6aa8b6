import {
    getAddress,
    getRecords,
    readRecords,
} from "../figures/flash_figures/filter_address";
import {_t} from "@web/core/l10n/translation";

export const WINDOWS = [
    ["this_month", _t("This Month")],
    ["this_quarter", _t("This Quarter")],
    ["next_13_weeks", _t("Next 13 Weeks")],
];
export const RECORDS = ["team_ids", "user_ids", "pipeline_ids", "company_ids"];

/**
 * The filters of the page as it keeps them.
 *
 * @param {Object} [values]
 * @returns {Object}
 */
export function makeFilters(values = {}) {
    return {
        window: "this_quarter",
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
    return {window: filters.window, ...getRecords(filters, RECORDS)};
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
    const filters = makeFilters({
        mine: Boolean(address.mine),
        ...readRecords(address, RECORDS),
    });
    if (WINDOWS.some(([name]) => name === address.window)) {
        filters.window = address.window;
    }
    return filters;
}
