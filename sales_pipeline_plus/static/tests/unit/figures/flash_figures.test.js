import {
    EURO,
    answerCalls,
    catchActions,
    defineSalesTests,
    failOnce,
    openPage,
} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {contains, onRpc, preloadBundle} from "@web/../tests/web_test_helpers";
import {expect, queryAllTexts, test} from "@odoo/hoot";
import {FlashFigures} from "@sales_pipeline_plus/figures/flash_figures/flash_figures";

defineSalesTests();
preloadBundle("web.chartjs_lib");

const CATALOGUE = [
    ["won_amount", "Amount won", "closed", "Closed", "amount"],
    ["lost_count", "Lost", "closed", "Closed", "count"],
    ["created_count", "Created", "new", "New", "count"],
].map(([code, label, group, group_label, unit]) => ({
    code,
    label,
    group,
    group_label,
    unit,
    better: "higher",
    definition: `All about ${label}`,
}));

/** What the engine answers, with these values where there is one row only. */
function getFigures(_filters, codes, breakdown) {
    const keys = breakdown ? [] : [{id: false, label: "Total"}];
    const values = {won_amount: 12500, lost_count: 2, created_count: 7};
    return {
        keys,
        currency_id: EURO,
        period: {start: "2026-03-01", end: "2026-03-31"},
        comparison: {start: "2026-02-01", end: "2026-02-10"},
        values: Object.fromEntries(
            codes.map((code) => [
                code,
                keys.map(() => ({value: values[code], comparison: 1, change: 5})),
            ])
        ),
        trend: {values: Object.fromEntries(codes.map((code) => [code, [1, 2]]))},
    };
}

async function openFigures({deals = 3, ...answers} = {}) {
    onRpc("crm.lead", "search_count", () => deals);
    onRpc("crm.pipeline", "web_search_read", () => ({records: [], length: 0}));
    onRpc("crm.pipeline", "search_read", () => []);
    onRpc("crm.pipeline.stage", "search_read", () => []);
    const calls = answerCalls({
        "crm.kpi/get_catalogue": CATALOGUE,
        "crm.kpi/get_figures": getFigures,
        "crm.kpi/get_funnel": {numbers: [], pipelines: []},
        "crm.kpi/open_records": {type: "ir.actions.act_window", name: "Behind it"},
        "crm.workbook/action_export": {type: "ir.actions.act_url", url: "/book"},
        ...answers,
    });
    const actions = catchActions();
    await openPage(FlashFigures);
    return {actions, calls};
}

test("tiles by group, with the days that they are about", async () => {
    await openFigures();
    expect(queryAllTexts(".o_figure_group h2")).toEqual(["Closed", "New"]);
    expect("[data-code=won_amount] .o_figure_value").toHaveText("12,500 €");
    expect(".o_figure_days_shown").toHaveText("Mar 1 – 10 (to date) vs Feb 1 – 10", {
        inline: true,
    });
    expect(".o_figure_body").toHaveAttribute("aria-busy", "false");
});

test("a tile opens its records", async () => {
    const {actions, calls} = await openFigures();
    await contains("[data-code=lost_count] .o_figure_open").click();
    expect(calls.at(-1)).toEqual([
        "open_records",
        "lost_count",
        {period: "this_month", comparison: "previous"},
        null,
        false,
    ]);
    expect(actions).toEqual([
        {type: "ir.actions.act_window", name: "Behind it", useSampleModel: false},
    ]);
});

test("the workbook and the targets have the same filters", async () => {
    const {actions, calls} = await openFigures();
    await contains(".o_figure_period").select("last_month");
    await contains(".o_figure_export").click();
    expect(calls.at(-1)).toEqual([
        "action_export",
        {period: "last_month", comparison: "previous"},
    ]);
    await contains(".o_figure_targets").click();
    expect(actions[0]).toEqual({type: "ir.actions.act_url", url: "/book"});
    const {id, additionalContext} = actions[1];
    expect(id).toBe("sales_pipeline_plus.crm_kpi_action_targets");
    expect(additionalContext.figure_filters.period).toBe("last_month");
});

test("nothing to count yet", async () => {
    const {actions} = await openFigures({deals: 0});
    expect(".o_nocontent_help").toHaveText(/There are no opportunities to count yet/);
    expect(".o_figure_filters, .o_figure_export").toHaveCount(0);
    await contains(".o_figure_create").click();
    expect(actions[0].res_model).toBe("crm.lead");
});

test("what could not be loaded is tried again", async () => {
    expect.errors(1);
    await openFigures({"crm.kpi/get_funnel": failOnce({numbers: [], pipelines: []})});
    expect(".o_figure_body").toHaveText(/The figures could not be loaded\./);
    expect.verifyErrors([/The server is busy/]);
    await contains(
        ".o_error_dialog footer .btn-primary, .o_dialog footer .btn"
    ).click();
    await contains(".o_figure_body [role=status] button").click();
    await contains("[data-code=won_amount] .o_figure_value").hover();
    expect(".o_figure_body").not.toHaveText(/could not be loaded/);
});
