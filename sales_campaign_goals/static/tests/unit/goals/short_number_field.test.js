import {defineModels, fields, models, mountView} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";

class Share extends models.Model {
    _name = "sales.campaign.goal.share.line";
    target = fields.Float({digits: [16, 2]});
    _records = [
        {id: 1, target: 7},
        {id: 2, target: 5.5},
    ];
}

defineSalesTests();
defineModels([Share]);

test("neither a share nor the total has zeros at its end", async () => {
    await mountView({
        type: "list",
        resModel: "sales.campaign.goal.share.line",
        arch: `<list><field name="target" widget="short_number" sum="Total"/></list>`,
    });
    expect(".o_data_row [name=target]:first").toHaveText("7");
    expect(".o_list_footer .o_list_number").toHaveText("12.5");
});
