import {
    clickSave,
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {expect, press, queryAllTexts, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";

class Reason extends models.Model {
    _name = "crm.lost.reason";
    name = fields.Char();
    icon = fields.Char();
    _records = [
        {id: 1, name: "Too expensive", icon: "fa-money"},
        {id: 2, name: "No budget", icon: false},
    ];
}

class Lost extends models.Model {
    _name = "crm.lead.lost";
    reason_id = fields.Many2one({relation: "crm.lost.reason", string: "Lost Reason"});
    note = fields.Char();
    _records = [{id: 1, reason_id: 2, note: "Next year"}];
}

defineSalesTests();
defineModels([Lost, Reason]);

const mountLost = (attributes, params = {}) =>
    mountView({
        type: "form",
        resModel: "crm.lead.lost",
        arch: `
            <form>
                <field name="reason_id" default_focus="1" ${attributes}/>
                <field name="note"/>
            </form>`,
        ...params,
    });

test("keys reach each choice, and choose it", async () => {
    onRpc("crm.lead.lost", "web_save", ({args}) => {
        expect.step(args[1].reason_id);
    });
    await mountLost(`widget="choice_badges"`);
    expect("button.o_selection_badge:contains('Too expensive')").toBeFocused();
    expect("[name=reason_id] [role=group]").toHaveAttribute(
        "aria-label",
        "Lost Reason"
    );
    await press("Tab");
    expect("button.o_selection_badge:contains('No budget')").toBeFocused();
    await press("Enter");
    await animationFrame();
    expect("[name=reason_id] [aria-pressed=true]").toHaveText("No budget");
    await press("Tab");
    expect("[name=note] input").toBeFocused();
    await clickSave();
    expect.verifySteps([2]);
});

test("the choice that was made comes first, and is read without buttons", async () => {
    await mountLost(`widget="choice_badges"`, {resId: 1});
    expect("button.active").toHaveText("No budget");
    await contains("button:contains('Too expensive')").click();
    expect(queryAllTexts("[aria-pressed=true]")).toEqual(["Too expensive"]);
});

test("read only, it is a word", async () => {
    await mountLost(`widget="choice_badges" readonly="1"`, {resId: 1});
    expect("[name=reason_id]").toHaveText("No budget");
    expect("[name=reason_id] button").toHaveCount(0);
});

test("icons, as Odoo's", async () => {
    await mountLost(
        `widget="choice_badges_icons" iconField="icon" defaultIcon="fa-check"`
    );
    expect("button:contains('Too expensive') .fa-money").toHaveCount(1);
    expect("button:contains('No budget') .fa-check").toHaveCount(1);
});
