import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {animationFrame} from "@odoo/hoot-mock";
import {defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";

class Lead extends models.Model {
    _name = "crm.lead";
    phone = fields.Char();
    expected_revenue = fields.Float();
    _records = [{id: 1}];
}

defineSalesTests();
defineModels([Lead]);

test("who saves too early goes on in the first field that is missing", async () => {
    await mountView({
        type: "form",
        resModel: "crm.lead",
        resId: 1,
        requirements: {fields: ["phone", "expected_revenue"]},
        arch: `
            <form js_class="stage_requirements_form">
                <field name="phone" required="1"/>
                <field name="expected_revenue" required="1"/>
            </form>`,
    });
    await animationFrame();
    expect("[name=phone] input").toBeFocused();
    await contains("[name=expected_revenue] input").edit("5");
    await contains(".o_form_button_save").click();
    await animationFrame();
    expect("[name=phone].o_field_invalid").toHaveCount(1);
    expect("[name=phone] input").toBeFocused();
});
