/* global Chart */
import {
    answerCalls,
    catchActions,
    defineSalesTests,
} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import {expect, queryAllTexts, queryOne, test} from "@odoo/hoot";

class Calibration extends models.Model {
    _name = "crm.forecast.calibration";
    bin = fields.Integer();
    _records = [];
}

defineSalesTests();
defineModels([Calibration]);
preloadBundle("web.chartjs_lib");

const BINS = [
    {bin: 0, label: "0 – 10 %", count: 0, announced: null, obtained: null},
    {bin: 5, label: "50 – 60 %", count: 12, announced: 54.4, obtained: 75},
    {bin: 8, label: "80 – 90 %", count: 3, announced: 85, obtained: 33.3},
];

async function mountCalibration(answer) {
    answerCalls({"crm.forecast.calibration/get_calibration": answer});
    const actions = catchActions();
    await mountView({
        type: "graph",
        resModel: "crm.forecast.calibration",
        arch: `<graph js_class="forecast_calibration"><field name="bin"/></graph>`,
        domain: [["bin", ">", 1]],
    });
    return actions;
}

test("announced against obtained, and the opportunities behind", async () => {
    const actions = await mountCalibration({
        bins: BINS,
        brier_score: 0.2345,
        count: 15,
    });
    expect(".o_forecast_calibration .fs-3:first").toHaveText("15");
    expect(".o_forecast_calibration .fs-3:last").toHaveText("0.235");
    expect(queryAllTexts("tbody tr:eq(0) td")).toEqual([
        "0 – 10 %",
        "–",
        "–",
        "–",
        "–",
    ]);
    expect(queryAllTexts("tbody tr:eq(1) td")).toEqual([
        "50 – 60 %",
        "12",
        "54",
        "75",
        "+21",
    ]);
    expect("tbody tr:eq(2) td:last").toHaveText("-52");
    const points = Chart.getChart(queryOne("canvas")).data.datasets[0].data;
    expect(points.map(({x, y}) => [x, y])).toEqual([
        [54.4, 75],
        [85, 33.3],
    ]);
    // What is empty opens nothing.
    await contains("tbody tr:eq(0)").click();
    expect(actions).toEqual([]);
    await contains("tbody tr:eq(1)").click();
    expect(actions[0].name).toBe("50 – 60 %");
    expect(actions[0].domain).toEqual([
        ["bin", ">", 1],
        ["bin", "=", 5],
    ]);
});

test("nothing was closed yet", async () => {
    await mountCalibration({bins: [BINS[0]], brier_score: null, count: 0});
    expect(".o_forecast_calibration table, canvas").toHaveCount(0);
});
