/* global Chart */
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import {expect, queryOne, test} from "@odoo/hoot";
import {defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";

class Goal extends models.Model {
    _name = "sales.campaign.goal";
    burn_up = fields.Char();
    _records = [
        {
            id: 1,
            burn_up: JSON.stringify({
                days: ["Mar 1", "Mar 2", "Mar 3"],
                actual: [1, 4, null],
                pace: [2, 4, 6],
                is_whole: true,
            }),
        },
        {id: 2, burn_up: false},
    ];
}

defineSalesTests();
defineModels([Goal]);
preloadBundle("web.chartjs_lib");

const mountGoal = () =>
    mountView({
        type: "form",
        resModel: "sales.campaign.goal",
        resId: 1,
        resIds: [1, 2],
        arch: `<form><field name="burn_up" widget="goal_burn_up"/></form>`,
    });

const getData = () => {
    const {labels, datasets} = Chart.getChart(queryOne("canvas")).data;
    return {labels, lines: datasets.map(({label, data}) => [label, data])};
};

test("what was reached each day, beside an even pace", async () => {
    await mountGoal();
    expect("canvas").toHaveAttribute(
        "aria-label",
        "Progress of the goal against an even pace"
    );
    expect(getData()).toEqual({
        labels: ["Mar 1", "Mar 2", "Mar 3"],
        lines: [
            ["Reached", [1, 4, null]],
            ["Even pace", [2, 4, 6]],
        ],
    });
});

test("another goal is another chart; one without days is an empty one", async () => {
    await mountGoal();
    await contains(".o_pager_next").click();
    expect(getData()).toEqual({
        labels: [],
        lines: [
            ["Reached", []],
            ["Even pace", []],
        ],
    });
});
