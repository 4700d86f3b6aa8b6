import {contains, mountWithCleanup} from "@web/../tests/web_test_helpers";
import {expect, queryAllTexts, test} from "@odoo/hoot";
import {OutlookFilterBar} from "@sales_pipeline_plus/outlook/outlook_filter_bar";
import {defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {makeFilters} from "@sales_pipeline_plus/outlook/outlook_filters";

defineSalesTests();

test("until when, and whose", async () => {
    const updates = [];
    await mountWithCleanup(OutlookFilterBar, {
        props: {
            filters: makeFilters({window: "this_month"}),
            seesAll: true,
            update: (values) => updates.push(values),
        },
    });
    expect(queryAllTexts(".o_outlook_window")).toEqual([
        "This Month",
        "This Quarter",
        "Next 13 Weeks",
    ]);
    expect("[aria-pressed=true].o_outlook_window").toHaveText("This Month");
    await contains("[data-window=next_13_weeks]").click();
    await contains(".o_figure_mine").click();
    expect(updates).toEqual([{window: "next_13_weeks"}, {mine: true}]);
});
