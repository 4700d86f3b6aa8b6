import {
    EURO,
    answerCalls,
    catchActions,
    defineSalesTests,
    failOnce,
    openPage,
} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {contains, preloadBundle} from "@web/../tests/web_test_helpers";
import {expect, queryAllTexts, test} from "@odoo/hoot";
import {WhatChanged} from "@sales_pipeline_plus/waterfall/what_changed";

defineSalesTests();
preloadBundle("web.chartjs_lib");

const KNOWN = {weeks: ["2026-03-02", "2026-03-09"], start: "2026-03-09", next: false};
const ANSWER = {
    start: "2026-03-09",
    end: false,
    decision: false,
    currency_id: EURO,
    bars: [
        ["opening", "Monday", "state", 5, 5, 1000, 100],
        ["created", "New", "in", 2, 2, 400, 40],
        ["reduced", "Less", "out", 1, 0, -300, -30],
        ["closing", "Now", "state", 7, 7, 1100, 110],
    ].map(([code, label, side, deals, count, amount, weighted]) => ({
        code,
        label,
        side,
        deals,
        count,
        amount,
        weighted,
        definition: `All about ${label}`,
    })),
};

async function openChanges({known = KNOWN, answer = ANSWER} = {}) {
    const calls = answerCalls({
        "crm.kpi/get_change_weeks": known,
        "crm.kpi/get_changes": answer,
        "crm.kpi/open_changes": {name: "New"},
    });
    const actions = catchActions();
    await openPage(WhatChanged);
    return {actions, calls};
}

const getRow = (code) =>
    queryAllTexts(`.o_change_table tr[data-code=${code}] td`, {visible: false});

test("what changed since Monday, with its signs and its deals", async () => {
    const {actions, calls} = await openChanges();
    expect(".o_change_days").toHaveText("Mar 9 – 10 (now)");
    expect(getRow("opening")).toEqual(["5", "5", "1,000 €", "100 €"]);
    expect(getRow("created")).toEqual(["2", "+2", "+400 €", "+40.00 €"]);
    expect(getRow("reduced").slice(1, 3)).toEqual(["–", "-300 €"]);
    expect("tr[data-code=created] .text-success.o_change_amount").toHaveCount(1);
    expect("tr[data-code=reduced] .text-danger.o_change_amount").toHaveCount(1);
    await contains("tr[data-code=created] .o_change_open").click();
    expect(calls.at(-1)).toEqual(["open_changes", "created", {}]);
    expect(actions).toEqual([{name: "New", useSampleModel: false}]);
});

test("another measure asks for nothing, another week does", async () => {
    const {calls} = await openChanges();
    const before = calls.length;
    await contains(".o_change_measure[data-measure=count]").click();
    expect("canvas").toHaveAttribute("aria-label", /^Number\./);
    expect(calls).toHaveLength(before);
    await contains(".o_change_start").select("2026-03-02");
    expect(calls.slice(before)).toEqual([["get_changes", {start: "2026-03-02"}]]);
});

test("nothing to compare with yet", async () => {
    await openChanges({known: {weeks: [], start: false, next: "2026-03-16 05:00:00"}});
    expect(".o_nocontent_help").toHaveText(/There is nothing to compare with yet/);
    expect(".o_change_next").toHaveText(/is taken on Mar 16, 2026/);
    expect(".o_figure_filters").toHaveCount(0);
});

test("what could not be loaded is tried again", async () => {
    expect.errors(1);
    await openChanges({answer: failOnce(ANSWER)});
    expect("[role=status]").toHaveText(/The changes could not be loaded\./);
    expect.verifyErrors([/The server is busy/]);
    await contains(".o_dialog footer .btn").click();
    await contains("[role=status] button").click();
    expect(getRow("opening")[0]).toBe("5");
});
