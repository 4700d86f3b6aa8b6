import {
    EURO,
    defineSalesTests,
    speakFrench,
} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {expect, queryAllTexts, queryOne, test} from "@odoo/hoot";
import {FigureTarget} from "@sales_pipeline_plus/target/figure_target";
import {mountWithCleanup} from "@web/../tests/web_test_helpers";

defineSalesTests();

const TARGET = {
    target: 20000,
    made: 5000,
    expected: 10000,
    gap: -15000,
    state: "behind",
    state_label: "Behind",
    source_label: "Team North",
};

function mountTarget(target = {}, props = {}) {
    return mountWithCleanup(FigureTarget, {
        props: {
            target: {...TARGET, ...target},
            unit: "amount",
            currencyId: EURO,
            value: 5000,
            ...props,
        },
    });
}

const getLines = () => queryAllTexts(".o_figure_target > .text-muted");

test("the target, how far it is, and what is missing", async () => {
    await mountTarget();
    expect(".o_figure_target").toHaveText(/^Target: 20,000 €/);
    expect(".o_figure_target").toHaveAttribute(
        "title",
        /^Target of 20,000\s€: Team North$/
    );
    expect(".o_figure_state.text-bg-warning").toHaveText("Behind");
    expect(queryOne(".o_figure_bar_made").style.width).toBe("25%");
    expect(queryOne(".o_figure_bar_expected").style.insetInlineStart).toBe("50%");
    expect(getLines()).toEqual(["Expected by today: 10,000 €", "Gap: -15,000 €"]);
});

test("more than the target fills the bar", async () => {
    await mountTarget({made: 40000, gap: 20000, state: "reached"}, {value: 40000});
    expect(queryOne(".o_figure_bar_made").style.width).toBe("100%");
    expect(getLines()[1]).toBe("Gap: +20,000 €");
});

test("what one made oneself, where the figure is of all", async () => {
    await mountTarget({is_partial: true}, {value: 90000});
    expect(getLines()).toEqual([
        "Your own: 5,000 €",
        "Expected by today: 10,000 €",
        "Gap: -15,000 €",
        "Some months have no target",
    ]);
});

test("percentages differ by points; no data has no gap", async () => {
    await mountTarget(
        {target: 40, expected: 40, made: 35.5, gap: -4.5},
        {
            unit: "percentage",
            value: 35.5,
        }
    );
    expect(getLines()).toEqual(["Expected by today: 40%", "Gap: -4.5 points"]);
});

test("nothing made yet, nothing known", async () => {
    await mountTarget({made: null, gap: null, state: false, expected: 0});
    expect(".o_figure_state").toHaveCount(0);
    expect(queryOne(".o_figure_bar_made").style.width).toBe("0%");
    expect(getLines()).toEqual(["Expected by today: 0 €"]);
});

test("amounts as they are written in French", async () => {
    speakFrench();
    await mountTarget();
    expect(".o_figure_target").toHaveText(/^Target: 20 000 €/);
});
