import {_t} from "@web/core/l10n/translation";
import {user} from "@web/core/user";

export const WINDOWS = [
    ["this_month", _t("This Month")],
    ["this_quarter", _t("This Quarter")],
    ["next_13_weeks", _t("Next 13 Weeks")],
];
const RECORDS = ["team_ids", "user_ids", "pipeline_ids", "company_ids"];

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
    const result = {window: filters.window};
    for (const name of RECORDS) {
        if (filters[name].length) {
            result[name] = [...filters[name]];
        }
    }
    if (filters.mine) {
        result.user_ids = [user.userId];
    }
    return result;
}

/**
 * Returns the filters for the address of the page. What is as usual is undefined, which
 * takes it out of the address.
 *
 * @param {Object} filters
 * @returns {Object}
 */
export function toAddress(filters) {
    const usual = makeFilters();
    return {
        window: filters.window === usual.window ? undefined : filters.window,
        mine: filters.mine ? 1 : undefined,
        ...Object.fromEntries(
            RECORDS.map((name) => [name, filters[name].join(",") || undefined])
        ),
    };
}

/**
 * Returns the filters of an address; what is wrong in it is left out.
 *
 * @param {Object} address
 * @returns {Object}
 */
export function fromAddress(address) {
    const filters = makeFilters({mine: Boolean(address.mine)});
    if (WINDOWS.some(([name]) => name === address.window)) {
        filters.window = address.window;
    }
    for (const name of RECORDS) {
        filters[name] = String(address[name] || "")
            .split(",")
            .map(Number)
            .filter((id) => Number.isInteger(id) && id > 0);
    }
    return filters;
}
