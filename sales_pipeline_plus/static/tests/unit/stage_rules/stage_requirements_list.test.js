import {
    contains,
    defineModels,
    fields,
    getService,
    models,
    mountWithCleanup,
} from "@web/../tests/web_test_helpers";
import {expect, test, waitFor} from "@odoo/hoot";
import {StageRequirementsListDialog} from "@sales_pipeline_plus/stage_rules/stage_requirements/stage_requirements_list";
import {defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";

class Lead extends models.Model {
    _name = "crm.lead";
    name = fields.Char();
    expected_revenue = fields.Float();
    _records = [
        {id: 1, name: "Lathe"},
        {id: 2, name: "Drill"},
        {id: 3, name: "Complete", expected_revenue: 5},
    ];
    _views = {
        list: `
            <list js_class="stage_requirements_list" editable="bottom">
                <field name="name" readonly="1"/>
                <field name="expected_revenue"/>
            </list>`,
        search: "<search/>",
    };
}

defineSalesTests();
defineModels([Lead]);

async function openDialog({canOverride = false, answers}) {
    const done = [];
    await mountWithCleanup("<div/>");
    getService("dialog").add(StageRequirementsListDialog, {
        title: "Before “Offer”",
        incomplete: [
            {id: 1, name: "Lathe", fields: ["expected_revenue"]},
            {id: 2, name: "Drill", fields: ["expected_revenue"]},
        ].map((deal) => ({...deal, can_override: canOverride})),
        load: async () => answers.shift(),
        onComplete: () => done.push("complete"),
        override: () => done.push("override"),
    });
    await waitFor(".o_dialog .o_selected_row");
    return done;
}

test("what is missing is marked, and the first row is open", async () => {
    await openDialog({answers: []});
    expect(".modal-title").toHaveText("Before “Offer”");
    expect(".o_data_row").toHaveCount(2);
    expect(".o_selected_row .o_field_invalid[name=expected_revenue]").toHaveCount(1);
    expect(".o_stage_override").toHaveCount(0);
});

test("until all is there", async () => {
    const done = await openDialog({answers: [[{id: 2, name: "Drill"}], []]});
    await contains(".o_selected_row [name=expected_revenue] input").edit("100", {
        confirm: false,
    });
    await contains(".o_stage_move").click();
    await waitFor(".o_notification:contains(Something is still missing: Drill)");
    expect(done).toEqual([]);
    await contains(".o_stage_move").click();
    expect(done).toEqual(["complete"]);
    expect(".o_dialog").toHaveCount(0);
});

test("who may moves them without, with a reason", async () => {
    const done = await openDialog({canOverride: true, answers: []});
    await contains(".o_stage_override").click();
    expect(done).toEqual(["override"]);
    expect(".o_dialog").toHaveCount(0);
});
