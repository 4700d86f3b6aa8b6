import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {expect, press, queryFirst, test} from "@odoo/hoot";
import {EventBus} from "@odoo/owl";
import {animationFrame} from "@odoo/hoot-mock";
import {defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {focusBack} from "@sales_pipeline_plus/placement/focus_back/focus_back";

class Lead extends models.Model {
    _name = "crm.lead";
    name = fields.Char();
    _records = [{id: 1, name: "Lathe"}];
    _views = {form: `<form><field name="name"/></form>`};
}

defineSalesTests();
defineModels([Lead]);

test("who closes a dialog is again on the button that opened it", async () => {
    onRpc("crm.lead", "plan", () => ({
        type: "ir.actions.act_window",
        name: "Next Action",
        res_model: "crm.lead",
        target: "new",
        views: [[false, "form"]],
    }));
    await mountView({
        type: "form",
        resModel: "crm.lead",
        resId: 1,
        arch: `
            <form js_class="crm_form">
                <header><button name="plan" type="object" string="Plan"/></header>
                <field name="name"/>
            </form>`,
    });
    await contains("button[name=plan]").focus();
    await press("Enter");
    await contains(".modal input").click();
    await press("Escape");
    await animationFrame();
    expect(".modal").toHaveCount(0);
    expect("button[name=plan]").toBeFocused();
});

test("the focus waits until the dialog has left the page", async () => {
    await mountWithCleanup(`<button class="opener">Plan</button>`);
    const ui = {activeElement: null, bus: new EventBus()};
    const isBack = focusBack(ui, () => queryFirst(".opener"));
    await animationFrame();
    expect(".opener").not.toBeFocused();
    ui.bus.trigger("active-element-changed");
    await animationFrame();
    await isBack;
    expect(".opener").toBeFocused();
});
