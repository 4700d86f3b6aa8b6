import {
    EURO,
    defineSalesTests,
    speakFrench,
} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {contains, mountWithCleanup} from "@web/../tests/web_test_helpers";
import {expect, queryAllTexts, queryFirst, test} from "@odoo/hoot";
import {CohortTable} from "@sales_pipeline_plus/funnel/cohort_table";

defineSalesTests();

const COHORTS = {
    definition: "Of those created in a month.",
    months: 3,
    currency_id: EURO,
    rows: [
        {
            month: "2026-01-01",
            label: "January 2026",
            count: 8,
            amount: 40000,
            cells: [
                {count: 1, count_share: 12.5, amount_share: 50},
                {count: 0, count_share: 12.5, amount_share: 50},
                null,
            ],
        },
        {
            month: "2026-02-01",
            label: "February 2026",
            count: 0,
            amount: 0,
            cells: [{count: 0, count_share: null, amount_share: null}, null, null],
        },
    ],
};

async function mountTable(measure = "count") {
    const opened = [];
    await mountWithCleanup(CohortTable, {
        props: {cohorts: COHORTS, measure, open: (...params) => opened.push(params)},
    });
    return opened;
}

test("the share won by month, and the deals behind it", async () => {
    const opened = await mountTable();
    expect(queryAllTexts("thead th").slice(2)).toEqual([
        "Same month",
        "1 month later",
        "2 months later",
    ]);
    expect(queryAllTexts("[data-month='2026-01-01'] td")).toEqual([
        "8",
        "12.5%",
        "12.5%",
        "",
    ]);
    expect(
        queryFirst("[data-after='0']").style.getPropertyValue("--cohort-shade")
    ).toBe("6%");
    await contains("button[aria-label='January 2026, Same month: 12.5%']").click();
    await contains("[data-month='2026-01-01'] [data-code=created] button").click();
    expect(opened).toEqual([["2026-01-01", 0], ["2026-01-01"]]);
});

test("of nothing there is no share, and nothing to open", async () => {
    await mountTable();
    expect(queryAllTexts("[data-month='2026-02-01'] td")).toEqual(["0", "—", "", ""]);
    expect("[data-month='2026-02-01'] button").toHaveCount(0);
});

test("amounts as they are written in French", async () => {
    speakFrench();
    await mountTable("amount");
    expect("[data-month='2026-01-01'] [data-code=created]").toHaveText("40 000 €");
    expect("[data-month='2026-01-01'] [data-after='0']").toHaveText("50 %");
});
