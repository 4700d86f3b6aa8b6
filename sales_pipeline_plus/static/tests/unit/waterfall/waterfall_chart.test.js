/* global Chart */
import {EURO, defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {expect, queryOne, test} from "@odoo/hoot";
import {
    contains,
    mountWithCleanup,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import {WaterfallChart} from "@sales_pipeline_plus/waterfall/waterfall_chart";

defineSalesTests();
preloadBundle("web.chartjs_lib");

const BARS = [
    {code: "opening", label: "Monday", side: "state", amount: 1000, count: 5},
    {code: "created", label: "New", side: "in", amount: 400, count: 2},
    {code: "moved", label: "Moved", side: "in", amount: 0, count: 0},
    {code: "won", label: "Won", side: "out", amount: -900, count: -1},
    {code: "closing", label: "Now", side: "state", amount: 500, count: 6},
];

async function mountChart(props = {}) {
    const opened = [];
    await mountWithCleanup(WaterfallChart, {
        props: {
            bars: BARS,
            measure: "amount",
            label: "Amount",
            currencyId: EURO,
            isLying: false,
            open: (code) => opened.push(code),
            ...props,
        },
    });
    return opened;
}

const getChart = () => Chart.getChart(queryOne("canvas"));

test("each bar begins where the one before it ended", async () => {
    const opened = await mountChart();
    const chart = getChart();
    // What did not change is no bar.
    expect(chart.data.labels).toEqual(["Monday", "New", "Won", "Now"]);
    expect(chart.data.datasets[0].data).toEqual([
        [0, 1000],
        [1000, 1400],
        [1400, 500],
        [0, 500],
    ]);
    const bar = chart.getDatasetMeta(0).data[2];
    await contains("canvas").click({
        position: bar.getCenterPoint(),
        relative: true,
    });
    expect(opened).toEqual(["won"]);
});

test("in words, for who does not see it", async () => {
    await mountChart({measure: "count", label: "Number"});
    expect("canvas").toHaveAttribute(
        "aria-label",
        "Number. Monday: 5; New: 2; Won: -1; Now: 6"
    );
    expect("p").toHaveCount(0);
});

test("small changes of much can be seen, and the axis says so", async () => {
    await mountChart({
        bars: [
            {code: "opening", label: "Monday", side: "state", amount: 100000},
            {code: "created", label: "New", side: "in", amount: 300},
            {code: "closing", label: "Now", side: "state", amount: 100300},
        ],
    });
    expect("p").toHaveText("The axis begins at 99,700 €.");
});

test("lies on a phone", async () => {
    await mountChart({isLying: true});
    expect(getChart().options.indexAxis).toBe("y");
    expect(queryOne(".o_waterfall_chart").style.height).toBe("184px");
});
