import {defineModels, fields, models, mountView} from "@web/../tests/web_test_helpers";
import {expect, queryAllTexts, test} from "@odoo/hoot";
import {EURO, defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";

class Currency extends models.Model {
    _name = "res.currency";
    name = fields.Char();
    _records = [{id: EURO, name: "EUR"}];
}

class Target extends models.Model {
    _name = "crm.target";
    value = fields.Float();
    unit = fields.Char();
    currency_id = fields.Many2one({relation: "res.currency"});
    _records = [
        {id: 1, value: 20000, unit: "€", currency_id: EURO},
        {id: 2, value: 40, unit: "%", currency_id: false},
        {id: 3, value: 1234.5, unit: false, currency_id: false},
    ];
}

defineSalesTests();
defineModels([Currency, Target]);

test("an amount with its currency, anything else with its unit", async () => {
    await mountView({
        type: "list",
        resModel: "crm.target",
        arch: `
            <list>
                <field name="currency_id" column_invisible="1"/>
                <field name="value" widget="target_value"
                       options="{'currency_field': 'currency_id'}"/>
            </list>`,
    });
    expect(queryAllTexts(".o_data_cell[name=value]")).toEqual([
        "20,000.00 €",
        "40 %",
        "1,234.5",
    ]);
});
