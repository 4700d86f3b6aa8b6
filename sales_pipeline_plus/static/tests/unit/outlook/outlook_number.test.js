import {expect, test} from "@odoo/hoot";
import {OutlookNumber} from "@sales_pipeline_plus/outlook/outlook_number";
import {contains, mountWithCleanup} from "@web/../tests/web_test_helpers";
import {defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";

defineSalesTests();

function mountNumber(props) {
    return mountWithCleanup(OutlookNumber, {
        props: {code: "past", open: (code) => expect.step(code), ...props},
    });
}

test("a number opens what is behind it", async () => {
    await mountNumber({text: "12", isEmpty: false});
    await contains("button[data-code=past]").click();
    expect.verifySteps(["past"]);
});

test("behind nothing there is nothing to open", async () => {
    await mountNumber({text: "0", isEmpty: true, className: "fs-4"});
    expect("button").toHaveCount(0);
    expect("span.fs-4").toHaveText("0");
});
