import {
    answerCalls,
    catchActions,
    defineSalesTests,
} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {contains, mountWithCleanup} from "@web/../tests/web_test_helpers";
import {expect, queryAllTexts, test} from "@odoo/hoot";
import {FirstSteps} from "@sales_pipeline_plus/pipeline/first_steps/first_steps";

defineSalesTests();

const STEPS = [
    {
        code: "stages",
        title: "Your stages",
        text: "Name them.",
        button: "Set Up",
        is_done: true,
        action: "stages_action",
    },
    {
        code: "import",
        title: "Your deals",
        text: "Bring them.",
        button: "Import",
        is_done: false,
        action: "import_action",
    },
];

async function mountSteps(steps) {
    const calls = answerCalls({
        "crm.pipeline/get_first_steps": steps,
        "crm.pipeline/close_first_steps": true,
    });
    const actions = catchActions();
    await mountWithCleanup(FirstSteps);
    return {actions, calls};
}

test("what is done is ticked off, what is not is offered", async () => {
    const {actions} = await mountSteps(STEPS);
    expect(queryAllTexts("h2")).toEqual(["Your stages", "Your deals"]);
    expect("[data-step=stages] i").toHaveAttribute("aria-label", "Done");
    expect("[data-step=import] i").toHaveAttribute("aria-label", "To do");
    await contains("[data-step=import] .btn-primary").click();
    expect(actions).toEqual(["import_action"]);
});

test("closed, for the company", async () => {
    const {calls} = await mountSteps(STEPS);
    await contains("button[aria-label='Close the first steps']").click();
    expect(calls.at(-1)).toEqual(["close_first_steps"]);
    expect(".o_pipeline_first_steps").toHaveCount(0);
});

test("no step, no box", async () => {
    await mountSteps([]);
    expect(".o_pipeline_first_steps").toHaveCount(0);
});
