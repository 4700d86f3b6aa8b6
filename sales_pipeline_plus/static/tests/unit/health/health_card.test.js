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
} from "@web/../tests/web_test_helpers";
import {expect, queryAllTexts, test} from "@odoo/hoot";

const LAMPS = [
    {code: "age", label: "Age", state: "weak", reason: "Older than 9 of 10 that won."},
    {code: "action", label: "Next action", state: "good", reason: "Planned tomorrow."},
    {code: "contact", label: "Contacts", state: "unknown", reason: "Too few deals."},
];

class Lead extends models.Model {
    _name = "crm.lead";
    name = fields.Char();
    health = fields.Json();
    _records = [
        {id: 1, name: "Lathe", health: LAMPS},
        {id: 2, name: "Drill", health: [LAMPS[1]]},
        {id: 3, name: "Won", health: false},
    ];
}

defineSalesTests();
defineModels([Lead]);

const OUTCOMES = {
    age: {
        good: {label: "Good", share: 61.6, count: 50},
        weak: {label: "Weak", share: 20, count: 10},
    },
    action: {remark: "Too few closed deals to tell."},
    contact: {remark: "Too few closed deals to tell."},
};

async function mountCard(resId) {
    const calls = answerCalls({
        "crm.lead/get_health_outcomes": OUTCOMES,
        "crm.lead/open_health_outcomes": {name: "Such deals"},
    });
    const actions = catchActions();
    await mountView({
        type: "form",
        resModel: "crm.lead",
        resId,
        arch: `<form><field name="health" widget="health_card"/></form>`,
    });
    return {actions, calls};
}

test("the weak lamps with their word, counted", async () => {
    await mountCard(1);
    expect(".o_health_summary").toHaveText("1 weak lamp");
    expect(queryAllTexts(".o_health_lamp")).toEqual(["Age"]);
    expect("[data-code=age] i").toHaveAttribute("aria-label", "Weak");
    expect("[data-code=age]").toHaveAttribute("title", LAMPS[0].reason);
    expect(".o_health_toggle").toHaveAttribute("aria-expanded", "false");
});

test("why, and what became of such deals", async () => {
    const {actions, calls} = await mountCard(1);
    await contains(".o_health_toggle").click();
    expect(".o_health_lamp").toHaveCount(0);
    expect(queryAllTexts(".o_health_reason .fw-bolder")).toEqual([
        "Age",
        "Next action",
        "Contacts",
    ]);
    expect(".o_health_reason[data-code=age]").toHaveText(/Older than 9 of 10/);
    expect(queryAllTexts("[data-code=age] .o_health_outcomes button")).toEqual([
        "Good: 62% of 50 won",
        "Weak: 20% of 10 won",
    ]);
    expect("[data-code=action] .o_health_outcomes").toHaveText(
        "Too few closed deals to tell."
    );
    await contains("[data-code=age] .o_health_outcomes [data-state=weak]").click();
    expect(calls.at(-1)).toEqual(["open_health_outcomes", [1], "age", "weak"]);
    expect(actions).toEqual([{name: "Such deals", useSampleModel: false}]);
    await contains(".o_health_toggle").click();
    expect(".o_health_reason").toHaveCount(0);
});

test("no weak one", async () => {
    await mountCard(2);
    expect(".o_health_summary").toHaveText("No weak lamp");
});

test("a closed deal has no lamps", async () => {
    await mountCard(3);
    expect(".o_health_card").toHaveCount(0);
});
