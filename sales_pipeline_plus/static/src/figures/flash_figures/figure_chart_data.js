import {_t} from "@web/core/l10n/translation";
import {formatFigure} from "./figure_format";

const {DateTime} = luxon;
// More months than these are not filled up where they are empty.
const MOST_MONTHS = 36;

/**
 * @typedef {Object} FigureChartData
 * @property {String} id
 * @property {String} title
 * @property {String} kind funnel, bars (lying) or columns (standing)
 * @property {String} breakdown what a row is, for the engine: funnel for a stage of it
 * @property {Array<{code: String, label: String, unit: String}>} series
 * @property {Number[]} drawn the series drawn; all of them are in the table
 * @property {Array<{key: any, label: String, values: Array}>} rows
 * @property {Number} [mean] of the series drawn, as a line
 * @property {String} [caption]
 * @property {Object} [filters] narrower ones than the page's
 */

/** Returns the rows of an answer: one for each key, its values in the order of codes. */
function getRows(answer, codes) {
    return answer.keys.map((key, index) => ({
        key: key.id,
        label: key.label,
        values: codes.map((code) => answer.values[code][index].value),
    }));
}

const isAny = (row) => row.values.some((value) => value);
const descending = (index) => (one, other) => other.values[index] - one.values[index];

/** Returns the rows in the order of the pipeline's stages, the empty ones added. */
function inStageOrder(rows, stages, empty) {
    const ofKey = new Map(rows.map((row) => [row.key, row]));
    const known = stages.map(
        ({id, label}) => ofKey.get(id) || {key: id, label, values: empty}
    );
    const ids = new Set(stages.map((stage) => stage.id));
    return [...known, ...rows.filter((row) => !ids.has(row.key) && isAny(row))];
}

export function getOpenByStage(answer, stages) {
    const codes = ["open_count", "pipeline_amount"];
    const rows = getRows(answer, codes);
    const open = stages.filter((stage) => !stage.isWon);
    return {
        id: "open_by_stage",
        title: _t("Open Amount by Stage"),
        kind: "bars",
        breakdown: "stage",
        series: [
            {code: codes[0], label: _t("Open Opportunities"), unit: "count"},
            {code: codes[1], label: _t("Amount"), unit: "amount"},
        ],
        drawn: [rows.some((row) => row.values[1]) ? 1 : 0],
        rows: rows.some(isAny) ? inStageOrder(rows, open, [0, 0]) : [],
    };
}

/**
 * What became of the opportunities that entered a pipeline in the period, as on the page
 * of the funnel.
 *
 * @param {Object} answer of ``get_funnel`` for one pipeline
 * @returns {FigureChartData}
 */
export function getFunnel(answer) {
    const codes = ["entered", "moved_on", "drop_off"];
    const label = Object.fromEntries(
        answer.numbers.map((each) => [each.code, each.label])
    );
    const stages = answer.pipelines[0]?.stages || [];
    return {
        id: "funnel",
        title: _t("Funnel"),
        caption: _t("Opportunities that entered the pipeline in the period."),
        kind: "funnel",
        breakdown: "funnel",
        series: codes.map((code) => ({
            code,
            label: label[code],
            unit: code === "drop_off" ? "percentage" : "count",
        })),
        drawn: [0],
        rows: stages.map((stage) => ({
            key: stage.id,
            label: stage.label,
            values: [
                stage.entered.count,
                stage.moved_on ? stage.moved_on.count : null,
                stage.drop_off,
            ],
        })),
    };
}

export function getForecast(answer) {
    const codes = ["pipeline_amount", "weighted_amount", "late_amount"];
    return {
        id: "forecast",
        title: _t("Forecast by Month of Expected Closing"),
        kind: "columns",
        breakdown: "month",
        series: [
            {code: codes[0], label: _t("Amount"), unit: "amount"},
            {code: codes[1], label: _t("Weighted"), unit: "amount"},
            {code: codes[2], label: _t("Late"), unit: "amount", isBad: true},
        ],
        drawn: [0, 1, 2],
        rows: fillMonths(getRows(answer, codes).filter(isAny)),
    };
}

/** Adds the months between the first and the last one that have nothing. */
function fillMonths(rows) {
    const dated = rows.filter((row) => row.key);
    if (!dated.length) {
        return rows;
    }
    const ofKey = new Map(dated.map((row) => [row.key, row]));
    const last = DateTime.fromISO(dated.at(-1).key);
    const months = [];
    for (
        let month = DateTime.fromISO(dated[0].key);
        month <= last;
        month = month.plus({months: 1})
    ) {
        const key = month.toISODate();
        const empty = {key, label: month.toFormat("MMM yyyy"), values: [0, 0, 0]};
        months.push(ofKey.get(key) || empty);
    }
    const undated = rows
        .filter((row) => !row.key)
        .map((row) => ({...row, label: _t("No Date")}));
    return [...(months.length > MOST_MONTHS ? dated : months), ...undated];
}

export function getSalespeople(answer) {
    const codes = ["won_amount", "won_count", "win_rate"];
    const rows = getRows(answer, codes).sort(descending(0));
    const people = rows.filter((row) => row.key);
    const amounts = people.map((row) => row.values[0]);
    const data = {
        id: "salespeople",
        title: _t("Amount Won by Salesperson"),
        kind: "bars",
        breakdown: "salesperson",
        series: [
            {code: codes[0], label: _t("Amount Won"), unit: "amount"},
            {code: codes[1], label: _t("Opportunities Won"), unit: "count"},
            {code: codes[2], label: _t("Win Rate"), unit: "percentage"},
        ],
        drawn: [0],
        rows: rows.some((row) => row.values[0] || row.values[1]) ? rows : [],
    };
    if (data.rows.length && amounts.length > 1) {
        const format = (value) => formatFigure(value, "amount", answer.currency_id);
        data.mean = amounts.reduce((sum, amount) => sum + amount, 0) / amounts.length;
        data.caption = _t("Mean %(mean)s, from %(least)s to %(most)s", {
            mean: format(data.mean),
            least: format(Math.min(...amounts)),
            most: format(Math.max(...amounts)),
        });
    }
    return data;
}

export function getLostReasons(answer) {
    const codes = ["lost_count", "lost_amount"];
    return {
        id: "lost_reasons",
        title: _t("Lost Reasons"),
        kind: "bars",
        breakdown: "lost_reason",
        series: [
            {
                code: codes[0],
                label: _t("Opportunities Lost"),
                unit: "count",
                isBad: true,
            },
            {code: codes[1], label: _t("Amount Lost"), unit: "amount"},
        ],
        drawn: [0],
        rows: getRows(answer, codes)
            .filter(isAny)
            .map((row) => (row.key ? row : {...row, label: _t("No Reason Given")}))
            .sort(descending(0)),
    };
}

export function getStageDays(answer, stages) {
    const codes = ["stage_days", "stage_conversion"];
    const rows = getRows(answer, codes).filter((row) => row.values[0] !== null);
    return {
        id: "stage_days",
        title: _t("Days in Stage"),
        kind: "bars",
        breakdown: "stage",
        series: [
            {code: codes[0], label: _t("Days in Stage"), unit: "days"},
            {code: codes[1], label: _t("Stage Conversion"), unit: "percentage"},
        ],
        drawn: [0],
        rows: rows.length
            ? inStageOrder(rows, stages, [null, null]).filter(
                  (row) => row.values[0] !== null
              )
            : [],
    };
}
