import {
    EURO,
    defineSalesTests,
    speakFrench,
} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {contains, mountWithCleanup} from "@web/../tests/web_test_helpers";
import {expect, test} from "@odoo/hoot";
import {FigureTile} from "@sales_pipeline_plus/figures/flash_figures/figure_tile";

defineSalesTests();

const WON = {
    code: "won_amount",
    label: "Amount won",
    unit: "amount",
    better: "higher",
    definition: "What was won in the period.",
};

async function mountTile({figure = WON, ...props}) {
    const opened = [];
    await mountWithCleanup(FigureTile, {
        props: {
            figure,
            isCompared: true,
            currencyId: EURO,
            open: (code) => opened.push(code),
            ...props,
        },
    });
    return opened;
}

test("a figure, what it was before, and its change", async () => {
    const opened = await mountTile({
        cell: {value: 12500, comparison: 10000, change: 25},
        trend: [1, null, 3],
    });
    expect(".o_figure_label").toHaveText("Amount won");
    expect(".o_figure_value").toHaveText("12,500 €");
    expect(".o_figure_before").toHaveText("Before: 10,000 €");
    expect(".o_figure_change").toHaveText(/\+25%/);
    expect(".o_figure_change.text-success .fa-arrow-up").toHaveCount(1);
    expect(".o_figure_change .visually-hidden").toHaveText("better");
    expect(".o_figure_sparkline").toHaveCount(1);
    await contains(".o_figure_open").click();
    expect(opened).toEqual(["won_amount"]);
});

test("less of what should be less is better", async () => {
    await mountTile({
        figure: {...WON, code: "sales_cycle", unit: "days", better: "lower"},
        cell: {value: 1, comparison: 31.26, change: -96.8},
    });
    expect(".o_figure_value").toHaveText("1 day");
    expect(".o_figure_before").toHaveText("Before: 31.3 days");
    expect(".o_figure_change.text-success .fa-arrow-down").toHaveCount(1);
    expect(".o_figure_sparkline").toHaveCount(0);
});

test("no data is not 0", async () => {
    await mountTile({cell: {value: null, comparison: null, change: null}, trend: [0]});
    expect(".o_figure_value").toHaveText(/^—/);
    expect(".o_figure_value").toHaveAttribute("title", "No data for these filters");
    expect(".o_figure_before").toHaveText("Before: —");
    expect(".o_figure_change").toHaveCount(0);
    expect(".o_figure_sparkline").toHaveCount(0);
});

test("0 is a number, and no change is neither better nor worse", async () => {
    await mountTile({cell: {value: 0, comparison: 0, change: 0}});
    expect(".o_figure_value").toHaveText("0 €");
    expect(".o_figure_change.text-muted .fa-minus").toHaveCount(1);
    expect(".o_figure_change .visually-hidden").toHaveText("");
});

test("what it means, on demand", async () => {
    await mountTile({cell: {value: 3, comparison: 0, change: null}, isCompared: false});
    expect(".o_figure_before").toHaveCount(0);
    expect(".o_figure_question").toHaveAttribute("aria-label", "What is “Amount won”?");
    await contains(".o_figure_question").click();
    expect(".o_figure_help").toHaveText(/What was won in the period\./);
});

test("numbers as they are written in French", async () => {
    speakFrench();
    await mountTile({cell: {value: 12500.4, comparison: 99.5, change: 25.5}});
    expect(".o_figure_value").toHaveText("12 500 €");
    expect(".o_figure_before").toHaveText("Before: 99,50 €");
    expect(".o_figure_change").toHaveText(/\+25,5 %/);
});
