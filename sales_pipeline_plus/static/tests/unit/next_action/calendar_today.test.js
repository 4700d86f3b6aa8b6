import {defineModels, fields, models, mountView} from "@web/../tests/web_test_helpers";
import {expect, mockDate, queryAllTexts, test} from "@odoo/hoot";
import {defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";

class Lead extends models.Model {
    _name = "crm.lead";
    name = fields.Char();
    day = fields.Date();
    _records = [
        {id: 1, name: "Yesterday", day: "2026-03-10"},
        {id: 2, name: "Today", day: "2026-03-11"},
        {id: 3, name: "Tomorrow", day: "2026-03-12"},
    ];
    _views = {search: "<search/>"};

    check_access_rights() {
        return true;
    }
}

defineSalesTests();
defineModels([Lead]);

test("what is to do today is not drawn as over", async () => {
    mockDate("2026-03-11 15:00:00");
    await mountView({
        type: "calendar",
        resModel: "crm.lead",
        arch: `<calendar date_start="day" mode="month"/>`,
    });
    expect(".fc-event").toHaveCount(3);
    expect(queryAllTexts(".o_past_event")).toEqual(["Yesterday"]);
});
