/**
 * Returns an action that shows what is behind a number: behind 0 is nothing, and not
 * Odoo's samples with a sum below them.
 *
 * @param {Object} action of a window
 * @returns {Object}
 */
export const withoutSamples = (action) => ({...action, useSampleModel: false});
