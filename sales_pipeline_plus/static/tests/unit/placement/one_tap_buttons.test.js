import {patchUiSize} from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
} from "@web/../tests/web_test_helpers";
import {expect, queryAllTexts, test} from "@odoo/hoot";
import {defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";

class Lead extends models.Model {
    _name = "crm.lead";
    name = fields.Char();
    is_lost = fields.Boolean();
    _records = [
        {id: 1, name: "Lathe", is_lost: false},
        {id: 2, name: "Drill", is_lost: true},
    ];
}

defineSalesTests();
defineModels([Lead]);

const mountDeal = (resId) =>
    mountView({
        type: "form",
        resModel: "crm.lead",
        resId,
        arch: `
            <form js_class="crm_form">
                <header>
                    <button name="quote" type="object" string="New Quotation"/>
                    <button name="won" type="object" string="Won" class="o_one_tap" invisible="is_lost"/>
                    <button name="hold" type="object" string="Put on Hold" invisible="is_lost"/>
                    <button name="lost" type="object" string="Lost" class="o_one_tap" invisible="is_lost"/>
                    <button name="restore" type="object" string="Restore" invisible="not is_lost"/>
                </header>
                <field name="name"/>
                <field name="is_lost" invisible="1"/>
            </form>`,
    });

const SHOWN = ".o_statusbar_buttons > button[name]";

test("on a phone, what ends a deal is one tap away", async () => {
    await patchUiSize({width: 390});
    await mountDeal(1);
    expect(queryAllTexts(SHOWN)).toEqual(["Won", "Lost"]);
    await contains(".o_statusbar_buttons button:has(.oi-ellipsis-v)").click();
    expect(queryAllTexts(".o-dropdown-item")).toEqual(["New Quotation", "Put on Hold"]);
});

test("on a phone, without them the first button is shown, as Odoo does", async () => {
    await patchUiSize({width: 390});
    await mountDeal(2);
    expect(queryAllTexts(SHOWN)).toEqual(["New Quotation"]);
    await contains(".o_statusbar_buttons button:has(.oi-ellipsis-v)").click();
    expect(queryAllTexts(".o-dropdown-item")).toEqual(["Restore"]);
});

test("on a large screen all buttons are shown, in their order", async () => {
    await mountDeal(1);
    expect(queryAllTexts(SHOWN)).toEqual([
        "New Quotation",
        "Won",
        "Put on Hold",
        "Lost",
    ]);
});
