// The group of what is after the periods (models/decision_period.py).
export const LATER = "9999-12-31";
export const GRANULARITIES = ["week", "month", "quarter"];

/**
 * @param {Object} params with the groupBy and the context of a list
 * @returns {String|null} the granularity of its periods of decision, if it has any
 */
export function getGranularity({groupBy, context}) {
    const [fieldName, granularity = "month"] = (groupBy[0] || "").split(":");
    const isDecision = context.decision_periods && fieldName === "date_deadline";
    return isDecision && GRANULARITIES.includes(granularity) ? granularity : null;
}
