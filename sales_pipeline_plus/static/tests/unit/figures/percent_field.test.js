import {defineModels, fields, models, mountView} from "@web/../tests/web_test_helpers";
import {
    defineSalesTests,
    speakFrench,
} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {expect, test} from "@odoo/hoot";

class Line extends models.Model {
    _name = "crm.pipeline.stage";
    probability = fields.Float({digits: [16, 2]});
    _records = [{id: 1, probability: 12.5}];
}

defineSalesTests();
defineModels([Line]);

const mountLine = (readonly) =>
    mountView({
        type: "form",
        resModel: "crm.pipeline.stage",
        resId: 1,
        arch: `
            <form>
                <field name="probability" widget="percent_of_hundred" digits="[16, 1]"
                       readonly="${readonly}"/>
            </form>`,
    });

test("12.5 is 12.5%, not 1250%", async () => {
    await mountLine(1);
    expect("[name=probability] span").toHaveText("12.5%");
});

test("without the sign while it is written", async () => {
    await mountLine(0);
    expect("[name=probability] input").toHaveValue("12.5");
});

test("as it is written in French", async () => {
    speakFrench();
    await mountLine(1);
    expect("[name=probability] span").toHaveText("12,5 %");
});
