import {expect, queryAll, test} from "@odoo/hoot";
import {FigureSparkline} from "@sales_pipeline_plus/figures/flash_figures/figure_sparkline";
import {defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {mountWithCleanup} from "@web/../tests/web_test_helpers";

defineSalesTests();

test("a line from the first to the last value, from the bottom to the top", async () => {
    await mountWithCleanup(FigureSparkline, {props: {values: [0, 5, 10]}});
    const [line, last] = queryAll(".o_figure_sparkline path");
    expect(line).toHaveAttribute("d", "M2.0,22.0 L50.0,12.0 L98.0,2.0");
    expect(last).toHaveAttribute("d", "M98,2h0");
});

test("periods without data leave a gap", async () => {
    await mountWithCleanup(FigureSparkline, {props: {values: [4, null, 4, 4, null]}});
    expect(".o_figure_sparkline path:first").toHaveAttribute(
        "d",
        "M2.0,2.0 M50.0,2.0 L74.0,2.0"
    );
    expect(".o_figure_last").toHaveCount(0);
});

test("what is below 0 is below the others", async () => {
    await mountWithCleanup(FigureSparkline, {props: {values: [-10, 10]}});
    expect(".o_figure_sparkline path:first").toHaveAttribute(
        "d",
        "M2.0,22.0 L98.0,2.0"
    );
});
