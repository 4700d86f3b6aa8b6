import {contains, mountWithCleanup} from "@web/../tests/web_test_helpers";
import {expect, queryAllTexts, test} from "@odoo/hoot";
import {ChangeFilterBar} from "@sales_pipeline_plus/waterfall/change_filter_bar";
import {defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {makeFilters} from "@sales_pipeline_plus/waterfall/change_filters";

defineSalesTests();

const WEEKS = ["2026-02-16", "2026-02-23", "2026-03-02"];

async function mountBar(filters = {}) {
    const updates = [];
    await mountWithCleanup(ChangeFilterBar, {
        props: {
            filters: makeFilters(filters),
            weeks: WEEKS,
            start: "2026-02-23",
            seesAll: true,
            update: (values) => updates.push(values),
        },
    });
    return updates;
}

test("from a Monday to a later one, or to now", async () => {
    const updates = await mountBar();
    expect(queryAllTexts(".o_change_start option")).toEqual([
        "Feb 16, 2026",
        "Feb 23, 2026",
        "Mar 2, 2026",
    ]);
    expect(".o_change_start").toHaveValue("2026-02-23");
    expect(queryAllTexts(".o_change_end option")).toEqual(["Now", "Mar 2, 2026"]);
    await contains(".o_change_end").select("2026-03-02");
    await contains(".o_change_start").select("2026-02-16");
    expect(updates).toEqual([{end: "2026-03-02"}, {start: "2026-02-16"}]);
});

test("begins before it ends", async () => {
    const updates = await mountBar({end: "2026-03-02"});
    expect(".o_change_start option").toHaveCount(2);
    await contains(".o_change_end").select("");
    expect(updates).toEqual([{end: false}]);
});

test("what is decided when, and what is measured", async () => {
    const updates = await mountBar({measure: "count"});
    expect(".o_change_measure[aria-pressed=true]").toHaveText("Number");
    await contains(".o_change_measure[data-measure=weighted]").click();
    await contains(".o_change_decision").select("next_quarter");
    expect(updates).toEqual([{measure: "weighted"}, {decision: "next_quarter"}]);
});
