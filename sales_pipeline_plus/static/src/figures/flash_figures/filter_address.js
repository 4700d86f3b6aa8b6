import {user} from "@web/core/user";

/* Filters of a page: what the engine wants of them, and how its address has them. */

/**
 * Returns the chosen records as the engine wants them.
 *
 * @param {Object} filters
 * @param {String[]} names the filters that are lists of ids
 * @returns {Object}
 */
export function getRecords(filters, names) {
    const chosen = names.filter((name) => filters[name].length);
    const result = Object.fromEntries(chosen.map((name) => [name, [...filters[name]]]));
    return filters.mine ? {...result, user_ids: [user.userId]} : result;
}

/**
 * Returns the filters for the address. What is as usual is undefined, which takes it out
 * of the address.
 *
 * @param {Object} filters
 * @param {Object} usual the filters that a page begins with
 * @returns {Object}
 */
export function getAddress(filters, usual) {
    return Object.fromEntries(
        Object.keys(usual).map((key) => {
            const value = Array.isArray(usual[key])
                ? filters[key].join(",")
                : filters[key];
            const isUsual = !value || value === usual[key];
            return [key, isUsual ? undefined : value === true ? 1 : value];
        })
    );
}

/**
 * Returns the lists of ids of an address; what is wrong in it is left out.
 *
 * @param {Object} address
 * @param {String[]} names
 * @returns {Object}
 */
export function readRecords(address, names) {
    return Object.fromEntries(
        names.map((name) => [
            name,
            String(address[name] || "")
                .split(",")
                .map(Number)
                .filter((id) => Number.isInteger(id) && id > 0),
        ])
    );
}
