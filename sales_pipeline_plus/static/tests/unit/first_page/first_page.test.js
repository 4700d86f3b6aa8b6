import {
    EURO,
    answerCalls,
    catchActions,
    defineSalesTests,
    openPage,
} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {expect, queryAllTexts, test} from "@odoo/hoot";
import {FirstPage} from "@sales_pipeline_plus/first_page/first_page";
import {contains} from "@web/../tests/web_test_helpers";

defineSalesTests();

const PAGE = {
    whose: "team",
    sees_team: true,
    is_home: false,
    sections: [],
    views: {all: 1, list: 2, kanban: 3},
    salespeople: [
        {
            id: 5,
            name: "Marie",
            missing: 1200,
            late: 0,
            out_of_standard: 2,
            open: 1300,
            domain: [["user_id", "=", 5]],
        },
    ],
    targets: {
        currency_id: EURO,
        filters: {period: "this_month"},
        figures: [
            {
                code: "won_amount",
                label: "Amount won",
                unit: "amount",
                value: 8000,
                target: {
                    target: 10000,
                    made: 8000,
                    expected: 5000,
                    gap: -2000,
                    state: "ahead",
                    state_label: "Ahead",
                    source_label: "Marie",
                },
            },
        ],
    },
    changes: {
        currency_id: EURO,
        start: "2026-03-09",
        filters: {start: "2026-03-09"},
        bars: [
            {
                code: "won",
                label: "Won",
                definition: "Won since",
                deals: 2,
                amount: -900,
            },
            {code: "moved", label: "Moved", definition: "Moved", deals: 1, amount: 0},
        ],
    },
};

async function openDay(page = {}) {
    const calls = answerCalls({
        "crm.first.page/get_first_page": (whose) => ({
            ...PAGE,
            ...page,
            whose: whose || "team",
        }),
        "crm.first.page/set_home": true,
        "crm.kpi/open_changes": {name: "Changed"},
        "crm.kpi/open_records": {name: "Won"},
    });
    const actions = catchActions();
    await openPage(FirstPage);
    return {actions, calls};
}

test("who needs help first, and each number opens its deals", async () => {
    const {actions} = await openDay();
    expect(queryAllTexts(".o_first_page_salespeople tbody td")).toEqual([
        "1,200",
        "0",
        "2",
        "1,300",
    ]);
    // What is not there opens nothing.
    expect(".o_first_page_salespeople tbody button").toHaveCount(3);
    await contains(".o_first_page_salespeople tbody button:first").click();
    expect(actions[0].name).toBe("Marie: No action");
    expect(actions[0].domain).toEqual([
        ["user_id", "=", 5],
        ["review_state", "=", "missing"],
    ]);
});

test("the month's targets", async () => {
    const {actions, calls} = await openDay();
    expect(".o_first_page_targets").toHaveText(/8,000 €/);
    expect(".o_first_page_targets .o_figure_state").toHaveText("Ahead");
    await contains(".o_first_page_targets button[aria-label='Amount won']").click();
    expect(calls.at(-1)).toEqual([
        "open_records",
        "won_amount",
        {period: "this_month"},
    ]);
    await contains(".o_first_page_targets button:contains(See all)").click();
    expect(actions).toEqual([
        {name: "Won", useSampleModel: false},
        "sales_pipeline_plus.crm_kpi_action_targets",
    ]);
});

test("what changed since Monday, with its sign", async () => {
    const {actions, calls} = await openDay();
    expect(".o_first_page_changes h2").toHaveText("Changed since 03/09/2026");
    expect(queryAllTexts(".o_first_page_changes td")).toEqual(["2", "-900 €", "1", ""]);
    await contains(".o_first_page_changes td button:first").click();
    expect(calls.at(-1)).toEqual(["open_changes", "won", {start: "2026-03-09"}]);
    expect(actions).toEqual([{name: "Changed", useSampleModel: false}]);
});

test("the own day or the team's, and what a day begins with", async () => {
    const {calls} = await openDay();
    expect(".o_first_page_team").toHaveAttribute("aria-pressed", "true");
    await contains(".o_first_page_mine").click();
    expect(calls.at(-1)).toEqual(["get_first_page", "mine"]);
    expect(".o_first_page_sections").toHaveAttribute("data-whose", "mine");
    await contains(".o_first_page_home").click();
    expect(calls.at(-1)).toEqual(["set_home", true]);
    expect(".o_first_page_home").toHaveAttribute("aria-pressed", "true");
});

test("a salesperson without a team, targets and changes", async () => {
    await openDay({
        sees_team: false,
        salespeople: [],
        targets: {...PAGE.targets, figures: []},
        changes: {...PAGE.changes, bars: []},
    });
    expect(".o_first_page_team, .o_first_page_sections section").toHaveCount(0);
});
