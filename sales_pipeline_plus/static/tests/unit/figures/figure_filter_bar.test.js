import {contains, mountWithCleanup} from "@web/../tests/web_test_helpers";
import {expect, queryAllValues, test} from "@odoo/hoot";
import {FigureFilterBar} from "@sales_pipeline_plus/figures/flash_figures/figure_filter_bar";
import {defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {makeFilters} from "@sales_pipeline_plus/figures/flash_figures/figure_filters";

defineSalesTests();

async function mountBar(filters = {}, props = {}) {
    const updates = [];
    await mountWithCleanup(FigureFilterBar, {
        props: {
            filters: makeFilters(filters),
            period: {start: "2026-03-01", end: "2026-03-31"},
            seesAll: true,
            update: (values) => updates.push(values),
            ...props,
        },
    });
    return updates;
}

test("period and comparison", async () => {
    const updates = await mountBar({period: "last_month", comparison: "last_year"});
    expect(".o_figure_period").toHaveValue("last_month");
    expect(".o_figure_comparison").toHaveValue("last_year");
    expect(".o_figure_days").toHaveCount(0);
    await contains(".o_figure_period").select("this_year");
    await contains(".o_figure_comparison").select("none");
    expect(updates).toEqual([
        {period: "this_year", start: false, end: false},
        {comparison: "none"},
    ]);
});

test("own dates begin with the days that are shown", async () => {
    const updates = await mountBar();
    await contains(".o_figure_period").select("custom");
    expect(updates).toEqual([
        {period: "custom", start: "2026-03-01", end: "2026-03-31"},
    ]);
});

test("both days are kept in order", async () => {
    const updates = await mountBar({
        period: "custom",
        start: "2026-03-01",
        end: "2026-03-31",
    });
    expect(queryAllValues(".o_figure_days input")).toEqual([
        "03/01/2026",
        "03/31/2026",
    ]);
    await contains(".o_figure_days input:first").edit("04/15/2026");
    expect(updates).toEqual([{start: "2026-04-15", end: "2026-04-15"}]);
});

test("without a comparison", async () => {
    await mountBar({}, {hasComparison: false});
    expect(".o_figure_comparison").toHaveCount(0);
});
