import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {expect, manuallyDispatchProgrammaticEvent, queryFirst, test} from "@odoo/hoot";
import {
    defineSalesTests,
    speakFrench,
} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {getDefaultConfig} from "@web/views/view";
import {readAmount} from "@sales_pipeline_plus/forecast_call/stated_amount";

class Call extends models.Model {
    _name = "crm.forecast.call";
    amount = fields.Monetary({currency_field: "currency_id"});
    currency_id = fields.Many2one({relation: "res.currency", default: 1});
    note = fields.Char();
    _records = [{id: 1, amount: 0, currency_id: 1, note: "Nothing"}];
}

defineSalesTests();
defineModels([Call]);

const INPUT = "[name=amount] input";

/** A form, and what is saved of it. */
async function mountForm(resId, config = getDefaultConfig()) {
    const saved = [];
    onRpc("web_save", ({args}) => {
        saved.push(args[1].amount);
    });
    await mountView({
        type: "form",
        resModel: "crm.forecast.call",
        resId,
        config,
        arch: `<form js_class="statement_form">
            <field name="currency_id" invisible="1"/>
            <field name="amount" widget="stated_amount"/>
            <field name="note"/>
        </form>`,
    });
    return saved;
}

const save = () => contains(".o_form_button_save").click();

test("an amount that was not stated is not 0", async () => {
    const saved = await mountForm();
    expect(INPUT).toHaveValue("");
    await contains("[name=note] input").edit("Two signatures");
    await save();
    expect(saved).toEqual([]);
    expect("[name=amount]").toHaveClass("o_field_invalid");
});

for (const text of ["abc", "", "1.2.3", "12abc", "5e3", "1.234,5"]) {
    test(`“${text}” takes back what was stated`, async () => {
        const saved = await mountForm();
        await contains(INPUT).edit("500");
        await contains(INPUT).edit(text);
        await save();
        expect(saved).toEqual([]);
        expect("[name=amount]").toHaveClass("o_field_invalid");
        await contains(INPUT).edit("700");
        await save();
        expect(saved).toEqual([700]);
    });
}

test("0 can be stated", async () => {
    const saved = await mountForm();
    await contains(INPUT).edit("0");
    expect(INPUT).toHaveValue("0.00");
    await save();
    expect(saved).toEqual([0]);
});

test("0 that was stated before is shown", async () => {
    await mountForm(1);
    expect(INPUT).toHaveValue("0.00");
});

test("nothing but the button saves it", async () => {
    const saved = await mountForm();
    await contains(INPUT).edit("500");
    const [event] = await manuallyDispatchProgrammaticEvent(window, "beforeunload");
    expect(event.defaultPrevented).toBe(true);
    await manuallyDispatchProgrammaticEvent(document, "visibilitychange");
    expect(saved).toEqual([]);
    expect(queryFirst(INPUT)).toHaveValue("500.00");
});

test("a page of its own has the button, and is left once it is stated", async () => {
    const config = {...getDefaultConfig(), historyBack: () => expect.step("left")};
    const saved = await mountForm(undefined, config);
    await save();
    expect.verifySteps([]);
    await contains(INPUT).edit("500");
    await save();
    expect(saved).toEqual([500]);
    expect.verifySteps(["left"]);
});

test("amounts as they are written in French", async () => {
    speakFrench();
    await mountForm();
    for (const [text, amount] of [
        ["1\u202f234,5", 1234.5],
        ["1 234.5 €", 1234.5],
        ["-3", -3],
        ["=3*4", 12],
        ["1.234,5", null],
        ["1,2,3", null],
        ["1e300", null],
    ]) {
        expect(readAmount(text, "€")).toBe(amount, {message: text});
    }
});

test("and in English, in groups of three", async () => {
    await mountForm();
    expect(["1,234.5", "12,5", "12.5"].map((text) => readAmount(text))).toEqual([
        1234.5,
        null,
        12.5,
    ]);
});
