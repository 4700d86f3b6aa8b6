import {
    EURO,
    answerCalls,
    catchActions,
    defineSalesTests,
    failOnce,
    openPage,
    speakFrench,
} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {expect, queryAllTexts, test} from "@odoo/hoot";
import {Outlook} from "@sales_pipeline_plus/outlook/outlook";
import {contains} from "@web/../tests/web_test_helpers";

defineSalesTests();

const METHOD = {
    code: "shares",
    label: "Shares by stage",
    definition: "What became of such deals.",
    records: "open",
    is_best: true,
    value: 42000,
    low: 30000,
    high: 55000,
    error: 12.34,
    bias: 3,
    held: 8,
    ranges: 10,
    windows: 10,
};
const ANSWER = {
    period: {start: "2026-01-01", end: "2026-03-31"},
    currency_id: EURO,
    won: {count: 1, amount: 9000},
    open: {count: 12, amount: 120000},
    commit: {count: 2, amount: 20000},
    best_case: {count: 3, amount: 35000},
    call: {count: 1, amount: 50000, won: 8000},
    words: ["Ten quarters were looked at."],
    stages: [
        {
            pipeline_id: 3,
            stage_id: 11,
            label: "Offer",
            count: 4,
            past_count: 20,
            past_won: 8,
            chance: 40,
            value: 16000,
            low: null,
            high: null,
            words: "8 of 20 were won.",
        },
    ],
    methods: [
        METHOD,
        {
            ...METHOD,
            code: "calls",
            label: "What people called",
            records: "calls",
            is_best: false,
            low: null,
            bias: -20,
            ranges: 0,
        },
    ],
};

async function openOutlook(answer = ANSWER) {
    const calls = answerCalls({
        "crm.kpi/get_outlook": answer,
        "crm.kpi/open_outlook_records": (code) => ({name: code}),
    });
    const actions = catchActions();
    await openPage(Outlook);
    return {actions, calls};
}

test("what will come, between what and what", async () => {
    const {actions, calls} = await openOutlook();
    expect(".o_outlook_sum").toHaveText("42,000 €");
    expect(".o_outlook_range").toHaveText("30,000 € to 55,000 €");
    expect(".o_outlook_days").toHaveText("Mar 10 – 31");
    expect("[data-code=won]").toHaveText("9,000 €");
    expect(".o_outlook_remark").toHaveText("won of it: 8,000 €");
    await contains("[data-code=commit]").click();
    expect(calls.at(-1)).toEqual([
        "open_outlook_records",
        "commit",
        {window: "this_quarter"},
        null,
        null,
        null,
    ]);
    expect(actions).toEqual([{name: "commit", useSampleModel: false}]);
});

test("by stage, with the past deals that it comes from", async () => {
    const {calls} = await openOutlook();
    expect(".o_outlook_stage th").toHaveText("Offer");
    expect(queryAllTexts(".o_outlook_stage button", {visible: false})).toEqual([
        "4",
        "20",
        "8",
    ]);
    expect(".o_outlook_stage").toHaveText(/40%/);
    await contains(".o_outlook_stage [data-code=open]").click();
    expect(calls.at(-1).slice(3)).toEqual([3, 11, null]);
});

test("the methods held against the past", async () => {
    const {calls} = await openOutlook();
    expect("tr[data-code=shares] .o_outlook_best").toHaveText("Used");
    expect("tr[data-code=calls] .o_outlook_best").toHaveCount(0);
    expect("tr[data-code=shares]").toHaveText(/12\.3%\s+\+3%/);
    expect("tr[data-code=calls]").toHaveText(/-20%/);
    await contains("tr[data-code=calls] button[data-code=calls]").click();
    expect(calls.at(-1)[1]).toBe("calls");
});

test("who may states a call", async () => {
    const {actions} = await openOutlook();
    await contains(".o_outlook_state_call").click();
    const [{id, additionalContext}] = actions;
    expect(id).toBe("sales_pipeline_plus.crm_forecast_call_action_state");
    expect(additionalContext).toEqual({default_period_type: "quarter"});
});

test("without a call, and with nothing won in the period", async () => {
    await openOutlook({...ANSWER, call: false, won: false, stages: []});
    expect(".o_outlook_state_call, [data-code=won], .o_outlook_stages").toHaveCount(0);
});

test("amounts as they are written in French", async () => {
    speakFrench();
    await openOutlook();
    expect(".o_outlook_sum").toHaveText("42 000 €");
    expect("tr[data-code=shares]").toHaveText(/12,3 %/);
});

test("what could not be loaded is tried again", async () => {
    expect.errors(1);
    await openOutlook(failOnce(ANSWER));
    expect("[role=status]").toHaveText(/The outlook could not be loaded\./);
    expect.verifyErrors([/The server is busy/]);
    await contains(".o_dialog footer .btn").click();
    await contains("[role=status] button").click();
    expect(".o_outlook_sum").toHaveText("42,000 €");
});
