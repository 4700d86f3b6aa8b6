import {contains, getService, mountWithCleanup} from "@web/../tests/web_test_helpers";
import {expect, queryAllTexts, test} from "@odoo/hoot";
import {MissingRecordsDialog} from "@sales_pipeline_plus/history/missing_records/missing_records_dialog";
import {defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";

defineSalesTests();

const COLUMNS = [
    {
        path: "partner_id",
        label: "Customer",
        count: 3,
        names: ["Dupont", "Durand"],
        can_create: true,
    },
    {path: "tag_ids", label: "Tags", count: 1, names: ["Hot"], can_create: true},
    {
        path: "user_id",
        label: "Salesperson",
        count: 1,
        names: ["Zoé"],
        can_create: false,
    },
];

async function openDialog(columns = COLUMNS) {
    const confirmed = [];
    await mountWithCleanup("<div/>");
    getService("dialog").add(MissingRecordsDialog, {
        columns,
        onConfirm: (paths) => confirmed.push(paths),
    });
    await contains(".o_dialog .modal-title").click();
    return confirmed;
}

test("what is missing, ticked where it can be created", async () => {
    const confirmed = await openDialog();
    expect(queryAllTexts(".o_missing_records label")).toEqual([
        "Customer (3)",
        "Tags (1)",
    ]);
    expect("[data-path=partner_id] .o_missing_names").toHaveText("Dupont, Durand…");
    expect("[data-path=partner_id] input").toBeChecked();
    expect("[role=alert]").toHaveText(/Salesperson \(1\)\s+Zoé/);
    await contains("[data-path=tag_ids] input").click();
    await contains(".o_create_missing").click();
    expect(confirmed).toEqual([["partner_id"]]);
    expect(".o_dialog").toHaveCount(0);
});

test("nothing to create", async () => {
    const confirmed = await openDialog([COLUMNS[2]]);
    expect(".o_missing_records").toHaveCount(0);
    expect(".o_create_missing").not.toBeEnabled();
    await contains(".modal-footer button:contains(Close)").click();
    expect(confirmed).toEqual([]);
});
