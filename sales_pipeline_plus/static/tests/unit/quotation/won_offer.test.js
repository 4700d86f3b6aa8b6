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
import {expect, test} from "@odoo/hoot";
import {user} from "@web/core/user";

class Lead extends models.Model {
    _name = "crm.lead";
    name = fields.Char();
    _records = [{id: 7, name: "Lathe"}];
}

class Order extends models.Model {
    _name = "sale.order";
    opportunity_id = fields.Many2one({relation: "crm.lead"});
    won_offer = fields.Char();
    _records = [{id: 1, opportunity_id: 7, won_offer: "The opportunity is open."}];
}

defineSalesTests();
defineModels([Lead, Order]);

async function mountOrder(entry) {
    const calls = answerCalls({
        "crm.lead/get_button_entry": () => entry,
        "crm.lead/get_button_requirements": false,
    });
    const actions = catchActions();
    await mountView({
        type: "form",
        resModel: "sale.order",
        resId: 1,
        arch: `
            <form>
                <field name="opportunity_id" invisible="1"/>
                <field name="won_offer" widget="won_offer"/>
            </form>`,
    });
    return {actions, calls};
}

test("offers to win the opportunity of an order", async () => {
    const {actions, calls} = await mountOrder(false);
    expect(".o_won_offer").toHaveText(/The opportunity is open\./);
    await contains(".o_won_offer button").click();
    expect(calls.map(([method, ids]) => [method, ids])).toEqual([
        ["get_button_entry", [7]],
        ["get_button_requirements", [7]],
    ]);
    expect(actions).toHaveLength(1);
    expect([actions[0].resModel, actions[0].resId]).toEqual(["crm.lead", 7]);
    // What the server writes and refuses is in the user's language.
    expect(actions[0].context).toEqual(user.context);
});

test("who may not is told so, and nothing is won", async () => {
    const {actions} = await mountOrder({can_ask: false, message: "Ask your manager"});
    await contains(".o_won_offer button").click();
    expect(".o_notification").toHaveText(/Ask your manager/);
    expect(actions).toEqual([]);
});
