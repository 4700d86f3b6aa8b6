/* global Chart */
import {EURO, defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {expect, queryAllTexts, queryOne, test} from "@odoo/hoot";
import {
    contains,
    mountWithCleanup,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import {FigureChart} from "@sales_pipeline_plus/figures/flash_figures/figure_chart";

defineSalesTests();
preloadBundle("web.chartjs_lib");

const DATA = {
    id: "reasons",
    kind: "bars",
    title: "Why deals are lost",
    caption: "Number and amount",
    breakdown: "lost_reason",
    filters: {period: "this_month"},
    drawn: [0],
    series: [
        {code: "lost_count", label: "Lost", unit: "count"},
        {code: "lost_amount", label: "Amount lost", unit: "amount"},
    ],
    rows: [
        {key: 4, label: "Too expensive", values: [3, 45000]},
        {key: 5, label: "No answer", values: [1, null]},
    ],
};

async function mountChart(data = {}) {
    const opened = [];
    await mountWithCleanup(FigureChart, {
        props: {
            data: {...DATA, ...data},
            currencyId: EURO,
            open: (...params) => opened.push(params),
        },
    });
    return opened;
}

test("a bar opens its records, and words say what it shows", async () => {
    const opened = await mountChart();
    expect("h3").toHaveText("Why deals are lost");
    const words = queryOne("canvas").getAttribute("aria-label").replace(/\s/g, " ");
    expect(words).toBe(
        "Why deals are lost. Too expensive: Lost 3, Amount lost 45,000 €; " +
            "No answer: Lost 1, Amount lost —"
    );
    const bar = Chart.getChart(queryOne("canvas")).getDatasetMeta(0).data[0];
    await contains("canvas").click({
        position: bar.getCenterPoint(),
        relative: true,
    });
    expect(opened).toEqual([["lost_count", "lost_reason", 4, {period: "this_month"}]]);
});

test("the same numbers as a table, for the keyboard", async () => {
    const opened = await mountChart();
    expect(".o_figure_as_table").toHaveAttribute(
        "aria-label",
        "Show “Why deals are lost” as a table"
    );
    await contains(".o_figure_as_table").click();
    expect("canvas").toHaveCount(0);
    expect(queryAllTexts("tbody tr")).toHaveLength(2);
    expect(queryAllTexts("tbody td")).toEqual(["3", "45,000 €", "1", "—"]);
    // What is not known opens nothing.
    expect("tbody button").toHaveCount(3);
    await contains("tbody tr:first td:last button").click();
    expect(opened).toEqual([["lost_amount", "lost_reason", 4, {period: "this_month"}]]);
    await contains(".o_figure_as_table").click();
    expect("canvas").toHaveCount(1);
});

test("nothing to draw", async () => {
    await mountChart({rows: []});
    expect(".card-body").toHaveText(/No data for these filters\./);
    expect("canvas, .o_figure_as_table").toHaveCount(0);
});
