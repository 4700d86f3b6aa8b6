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

class Lead extends models.Model {
    _name = "crm.lead";
    name = fields.Char();
    won_status = fields.Selection({
        selection: [
            ["pending", "Pending"],
            ["won", "Won"],
        ],
    });
    _records = [{id: 7, name: "Lathe", won_status: "pending"}];
}

defineSalesTests();
defineModels([Lead]);

async function mountList(entry) {
    const calls = answerCalls({
        "crm.lead/get_button_entry": () => entry,
        "crm.lead/get_button_requirements": false,
    });
    const actions = catchActions();
    await mountView({
        type: "list",
        resModel: "crm.lead",
        arch: `
            <list>
                <field name="name"/>
                <field name="won_status" widget="deal_won_button"/>
            </list>`,
    });
    await contains(".o_deal_won").click();
    return {actions, calls};
}

test("wins the deal of the row, once it lacks nothing", async () => {
    const {actions, calls} = await mountList(false);
    expect(calls[0]).toEqual(["get_button_entry", [7], "action_set_won_rainbowman"]);
    expect(actions).toHaveLength(1);
    expect(actions[0].name).toBe("action_set_won_rainbowman");
    expect(actions[0].resId).toBe(7);
    expect(actions[0].resModel).toBe("crm.lead");
});

test("who may not, and may not ask, is told so", async () => {
    const {actions} = await mountList({
        can_ask: false,
        message: "Only the manager may",
    });
    expect(".o_notification").toHaveText(/Only the manager may/);
    expect(actions).toEqual([]);
});
