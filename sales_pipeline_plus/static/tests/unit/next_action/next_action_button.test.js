import {expect, press, queryFirst, test} from "@odoo/hoot";
import {mountWithCleanup, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {NextActionButton} from "@sales_pipeline_plus/next_action/next_action_button";
import {defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {useHotkey} from "@web/core/hotkeys/hotkey_hook";
import {Component, xml} from "@odoo/owl";

defineSalesTests();

/** As a kanban does, it takes the keys for itself. */
class Card extends Component {
    static components = {NextActionButton};
    static template = xml`<NextActionButton record="props.record"/>`;
    static props = ["record"];

    setup() {
        useHotkey("Enter", () => expect.step("the card's"));
        useHotkey("space", () => expect.step("the card's"));
    }
}

test("Enter and the space bar open what is planned, on a card too", async () => {
    patchWithCleanup(NextActionButton.prototype, {
        onClick() {
            expect.step("opened");
        },
    });
    const data = {
        next_action_state: "planned",
        next_action_icon: "fa-phone",
        next_action_summary: "Call back",
    };
    await mountWithCleanup(Card, {props: {record: {data}}});
    queryFirst(".o_next_action").focus();
    await press("Enter");
    await press("Space");
    await press("ArrowDown");
    expect.verifySteps(["opened", "opened"]);
});
