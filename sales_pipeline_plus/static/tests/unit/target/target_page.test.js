import {
    EURO,
    answerCalls,
    catchActions,
    defineSalesTests,
    failOnce,
    openPage,
} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {expect, queryAllTexts, test} from "@odoo/hoot";
import {TargetPage} from "@sales_pipeline_plus/target/target_page";
import {contains} from "@web/../tests/web_test_helpers";

defineSalesTests();

const PERIOD = {start: "2026-01-01", end: "2026-03-31"};
const TARGETS = {
    period: PERIOD,
    currency_id: EURO,
    keys: [
        {id: 5, label: "Marie"},
        {id: 6, label: "Jean"},
        {id: 7, label: "Nobody"},
    ],
    values: {
        won_amount: [
            {value: 800},
            {
                value: 5000,
                target: {
                    target: 20000,
                    made: 5000,
                    expected: 10000,
                    gap: -15000,
                    state: "behind",
                    state_label: "Behind",
                },
            },
            {value: 0},
        ],
    },
};
const COVERAGE = {
    period: PERIOD,
    currency_id: EURO,
    measures: [
        {code: "coverage", label: "Coverage", unit: "times", definition: "Open ÷ gap."},
        {code: "velocity", label: "Velocity", unit: "amount", definition: "Each day."},
    ],
    keys: [{id: 6, label: "Jean"}],
    rows: [
        {
            coverage: {value: 2.25, words: "45,000 ÷ 20,000"},
            velocity: {value: null, words: "Nothing was won."},
            levers: [],
        },
    ],
};

async function openTargets(targets = TARGETS, coverage = COVERAGE) {
    const calls = answerCalls({
        "crm.kpi/get_target_figures": [
            {code: "won_amount", label: "Amount won", unit: "amount"},
        ],
        "crm.kpi/get_figures": targets,
        "crm.kpi/get_coverage": coverage,
        "crm.kpi/open_records": {name: "Won"},
        "crm.kpi/open_coverage_records": {name: "Open"},
    });
    const actions = catchActions();
    await openPage(TargetPage);
    return {actions, calls};
}

const getCells = (section) => queryAllTexts(`${section} tbody tr:first td`);

test("targets first, then who has none, and what was made", async () => {
    const {actions, calls} = await openTargets();
    expect(queryAllTexts(".o_target_section tbody th")).toEqual(["Jean", "Marie"]);
    expect(getCells(".o_target_section")).toEqual([
        "20,000 €",
        "5,000 €",
        "10,000 €",
        "-15,000 €",
        "Behind",
    ]);
    expect(queryAllTexts(".o_target_section tbody tr:last td").slice(0, 2)).toEqual([
        "—",
        "800 €",
    ]);
    await contains(".o_target_section .o_target_made:first").click();
    expect(calls.at(-1)).toEqual([
        "open_records",
        "won_amount",
        {period: "this_quarter", comparison: "previous"},
        "salesperson",
        6,
    ]);
    expect(actions).toEqual([{name: "Won", useSampleModel: false}]);
});

test("whether the pipeline is enough, and how that comes about", async () => {
    const {actions, calls} = await openTargets();
    expect(getCells(".o_coverage_section")).toEqual(["2.3 ×", "—"]);
    await contains(".o_coverage_number[data-code=coverage]").click();
    expect(".o_arithmetic_words").toHaveText("45,000 ÷ 20,000");
    await contains(".o_arithmetic_records").click();
    expect(calls.at(-1).slice(1, 2)).toEqual(["coverage"]);
    expect(actions).toEqual([{name: "Open"}]);
});

test("by pipeline there is a coverage and no target", async () => {
    const {calls} = await openTargets();
    const before = calls.length;
    await contains(".o_target_breakdown").select("pipeline");
    expect(".o_target_section").toHaveCount(0);
    expect(calls.slice(before).map(([method]) => method)).toEqual(["get_coverage"]);
});

test("no target yet", async () => {
    const {actions} = await openTargets(
        {...TARGETS, keys: [], values: {won_amount: []}},
        {...COVERAGE, keys: [], rows: []}
    );
    expect(".o_target_none").toHaveText(/There is no target of this figure/);
    expect(".o_coverage_section").toHaveText(/no opportunities and no targets here/);
    await contains(".o_target_none button").click();
    expect(actions).toEqual(["sales_pipeline_plus.crm_target_action"]);
});

test("what could not be loaded is tried again", async () => {
    expect.errors(1);
    await openTargets(failOnce(TARGETS));
    expect("[role=status]").toHaveText(/The figures could not be loaded\./);
    expect.verifyErrors([/The server is busy/]);
    await contains(".o_dialog footer .btn").click();
    await contains("[role=status] button").click();
    expect(queryAllTexts(".o_target_section tbody th")).toEqual(["Jean", "Marie"]);
});
