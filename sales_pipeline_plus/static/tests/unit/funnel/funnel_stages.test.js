import {EURO, defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {contains, mountWithCleanup} from "@web/../tests/web_test_helpers";
import {expect, queryAll, queryAllTexts, test} from "@odoo/hoot";
import {FunnelStages} from "@sales_pipeline_plus/funnel/funnel_stages";

defineSalesTests();

const NUMBERS = [
    {code: "entered", label: "Entered", unit: "measure", definition: "Who came."},
    {code: "drop_off", label: "Drop-off", unit: "percentage", definition: "Who went."},
    {code: "days", label: "Days", unit: "days", definition: "How long."},
];
const PIPELINE = {
    id: 3,
    label: "Equipment",
    unknown: 0,
    stages: [
        {
            id: 11,
            label: "Qualified",
            entered: {count: 8, amount: 80000},
            drop_off: 25,
            days: 4,
        },
        {
            id: 12,
            label: "Offer",
            entered: {count: 6, amount: 20000},
            drop_off: null,
            days: null,
        },
        {
            id: false,
            label: "Won",
            entered: {count: 0, amount: 0},
            drop_off: null,
            days: null,
        },
    ],
};

async function mountStages(props = {}) {
    const opened = [];
    await mountWithCleanup(FunnelStages, {
        props: {
            pipeline: PIPELINE,
            numbers: NUMBERS,
            measure: "count",
            currencyId: EURO,
            open: (...params) => opened.push(params),
            ...props,
        },
    });
    return opened;
}

const getWidths = () =>
    queryAll(".o_funnel_fill", {visible: false}).map((bar) => bar.style.width);

test.tags("desktop");
test("each stage beside the first one, and its deals", async () => {
    const opened = await mountStages();
    expect(getWidths()).toEqual(["100%", "75%", "0%"]);
    expect(queryAllTexts(".o_funnel_share")).toEqual(["100%", "75%", "0%"]);
    expect(queryAllTexts("[data-stage='11'] td[data-code]")).toEqual([
        "8",
        "25%",
        "4 days",
    ]);
    // What is not known is said; of the won ones it is not asked.
    expect(queryAllTexts("[data-stage='12'] td[data-code]")).toEqual(["6", "—", "—"]);
    expect("[data-code=entered] .o_funnel_open").toHaveCount(2);
    await contains("button[aria-label='Offer, Entered: 6']").click();
    expect(opened).toEqual([["entered", 3, 12]]);
    expect(".o_funnel_unknown").toHaveCount(0);
});

test.tags("desktop");
test("the amount in the place of the number", async () => {
    await mountStages({measure: "amount"});
    expect(getWidths()).toEqual(["100%", "25%", "0%"]);
    expect("[data-stage='12'] td[data-code=entered]").toHaveText("20,000 €");
});

test.tags("desktop");
test("who spent less than a day is behind 0 days", async () => {
    const [first, ...others] = PIPELINE.stages;
    const stages = [{...first, drop_off: 0, days: 0}, ...others];
    const opened = await mountStages({pipeline: {...PIPELINE, stages}});
    await contains("button[aria-label='Qualified, Days: 0 days']").click();
    expect(opened).toEqual([["days", 3, 11]]);
    // Nobody dropped off.
    expect("[data-code=drop_off] .o_funnel_open").toHaveCount(0);
});

test("whose way nobody knows", async () => {
    const opened = await mountStages({pipeline: {...PIPELINE, unknown: 1}});
    expect("section").toHaveText(/1 opportunity was entered as won or lost/);
    await contains(".o_funnel_unknown").click();
    expect(opened).toEqual([["unknown", 3, undefined]]);
});

test.tags("mobile");
test("below each other on a phone", async () => {
    await mountStages();
    expect("table").toHaveCount(0);
    expect("[data-stage='12'] dl").toHaveText(/Drop-off/);
});
