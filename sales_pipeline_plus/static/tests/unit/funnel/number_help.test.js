import {contains, mountWithCleanup} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {NumberHelp} from "@sales_pipeline_plus/funnel/number_help";
import {defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";

defineSalesTests();

test("a name, and what it means on demand", async () => {
    await mountWithCleanup(NumberHelp, {
        props: {label: "Entered", definition: "Who came into the stage."},
    });
    expect("span:contains(Entered)").toHaveCount(1);
    expect(".o_figure_help").toHaveCount(0);
    await contains("button[aria-label='What is “Entered”?']").click();
    expect(".o_figure_help").toHaveText(/Who came into the stage\./);
});
