import {
    EURO,
    answerCalls,
    catchActions,
    defineSalesTests,
    failOnce,
    openPage,
} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {expect, test} from "@odoo/hoot";
import {Funnel} from "@sales_pipeline_plus/funnel/funnel";
import {contains} from "@web/../tests/web_test_helpers";
import {user} from "@web/core/user";

defineSalesTests();

const FUNNEL = {
    period: {start: "2026-01-01", end: "2026-12-31"},
    currency_id: EURO,
    numbers: [
        {code: "entered", label: "Entered", unit: "measure", definition: "Who came."},
    ],
    pipelines: [
        {
            id: 3,
            label: "Equipment",
            unknown: 0,
            stages: [
                {id: 11, label: "Qualified", entered: {count: 8, amount: 80000}},
                {id: false, label: "Won", entered: {count: 2, amount: 9000}},
            ],
        },
    ],
};
const COHORTS = {
    definition: "Of those created in a month.",
    months: 1,
    currency_id: EURO,
    rows: [
        {
            month: "2026-01-01",
            label: "January 2026",
            count: 8,
            amount: 40000,
            cells: [{count: 1, count_share: 12.5, amount_share: 50}],
        },
    ],
};

async function openFunnel(funnel = FUNNEL, props = {}) {
    const calls = answerCalls({
        "crm.kpi/get_funnel": funnel,
        "crm.kpi/get_cohorts": COHORTS,
        "crm.kpi/open_funnel": {name: "Entered"},
        "crm.kpi/open_cohort": {name: "Created"},
    });
    const actions = catchActions();
    await openPage(Funnel, props);
    return {actions, calls};
}

test("the funnel of a pipeline and the cohorts, and what is behind them", async () => {
    const {actions, calls} = await openFunnel();
    expect(".o_funnel_pipeline h2").toHaveText("Equipment");
    expect(".o_funnel_days").toHaveText("Jan 1 – Mar 10 (to date)");
    await contains("[data-stage='11'] .o_funnel_open").click();
    expect(calls.at(-1)).toEqual([
        "open_funnel",
        "entered",
        {period: "this_year"},
        3,
        11,
    ]);
    await contains("[data-month='2026-01-01'] [data-after='0'] button").click();
    expect(calls.at(-1)).toEqual([
        "open_cohort",
        "2026-01-01",
        0,
        {period: "this_year"},
    ]);
    expect(actions).toEqual([
        {name: "Entered", useSampleModel: false},
        {name: "Created", useSampleModel: false},
    ]);
});

test("another measure asks for nothing, another period does", async () => {
    const {calls} = await openFunnel();
    const before = calls.length;
    await contains(".o_funnel_measure[data-measure=amount]").click();
    expect("[data-stage='11'] .o_funnel_open").toHaveText("80,000 €");
    expect(calls).toHaveLength(before);
    await contains(".o_figure_period").select("last_year");
    expect(calls.slice(before)).toEqual([
        ["get_funnel", {period: "last_year"}],
        ["get_cohorts", {period: "last_year"}],
    ]);
});

test("begins with the filters of the page that one comes from", async () => {
    const {calls} = await openFunnel(FUNNEL, {
        action: {context: {figure_filters: {period: "last_month", mine: true}}},
    });
    expect(calls[0]).toEqual([
        "get_funnel",
        {period: "last_month", user_ids: [user.userId]},
    ]);
});

test("nothing entered a pipeline", async () => {
    await openFunnel({...FUNNEL, pipelines: []});
    expect(".o_funnel_empty").toHaveText(/No opportunity entered a pipeline/);
});

test("what could not be loaded is tried again", async () => {
    expect.errors(1);
    await openFunnel(failOnce(FUNNEL));
    expect("[role=status]").toHaveText(/The funnel could not be loaded\./);
    expect.verifyErrors([/The server is busy/]);
    await contains(".o_dialog footer .btn").click();
    await contains("[role=status] button").click();
    expect(".o_funnel_pipeline h2").toHaveText("Equipment");
    expect("[role=status]").not.toHaveText(/could not be loaded/);
});
