import {
    RECORDS,
    makeFilters as makeFigureFilters,
    fromAddress as readFigureAddress,
} from "../figures/flash_figures/figure_filters";
import {getAddress, getRecords} from "../figures/flash_figures/filter_address";
import {_t} from "@web/core/l10n/translation";

export const MEASURES = [
    ["count", _t("Number")],
    ["amount", _t("Amount")],
];

/**
 * The filters of the page as it keeps them: those of the flash figures, without a
 * comparison, and what is measured.
 *
 * @param {Object} [values]
 * @returns {Object}
 */
export function makeFilters(values = {}) {
    return makeFigureFilters({
        period: "this_year",
        comparison: "none",
        measure: "count",
        ...values,
    });
}

/**
 * Returns the filters as the engine wants them.
 *
 * @param {Object} filters
 * @returns {Object}
 */
export function toEngine(filters) {
    const {period, start, end} = filters;
    return {
        period: period === "custom" ? {start, end} : period,
        ...getRecords(filters, RECORDS),
    };
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
    const usual = makeFilters();
    const read = readFigureAddress(address);
    const isMeasure = MEASURES.some(([name]) => name === address.measure);
    return {
        ...read,
        period: read.period === address.period ? read.period : usual.period,
        comparison: usual.comparison,
        measure: isMeasure ? address.measure : usual.measure,
    };
}
