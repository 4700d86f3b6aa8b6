import {contains, getService, mountWithCleanup} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {ArithmeticDialog} from "@sales_pipeline_plus/target/arithmetic_dialog";
import {defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";

defineSalesTests();

async function openDialog(props = {}) {
    const opened = [];
    await mountWithCleanup("<div/>");
    getService("dialog").add(ArithmeticDialog, {
        title: "Sales Velocity",
        value: "1,200 €",
        words: "10 deals × 20 % ÷ 30 days",
        openRecords: (code) => opened.push(code),
        ...props,
    });
    await contains(".o_dialog .modal-title").click();
    return opened;
}

test("a number in words, and its records", async () => {
    const opened = await openDialog();
    expect(".modal-title").toHaveText("Sales Velocity");
    expect(".modal-body").toHaveText(/1,200 €\s+10 deals × 20 % ÷ 30 days/);
    expect(".o_arithmetic_lever").toHaveCount(0);
    await contains(".o_arithmetic_records").click();
    expect(opened).toEqual([undefined]);
    expect(".o_dialog").toHaveCount(0);
});

test("what would raise it, each with its records", async () => {
    const opened = await openDialog({
        definition: "What comes in each day.",
        levers: [{code: "win_rate", label: "Win rate", words: "1 point more: + 60 €"}],
    });
    expect(".modal-body").toHaveText(/What comes in each day\./);
    expect(".o_arithmetic_lever").toHaveText(/Win rate\s+1 point more: \+ 60 €/);
    await contains(".o_arithmetic_lever button").click();
    expect(opened).toEqual(["win_rate"]);
});
