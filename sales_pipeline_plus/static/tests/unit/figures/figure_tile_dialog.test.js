import {contains, getService, mountWithCleanup} from "@web/../tests/web_test_helpers";
import {expect, queryAllTexts, test} from "@odoo/hoot";
import {FigureTileDialog} from "@sales_pipeline_plus/figures/flash_figures/figure_tile_dialog";
import {defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";

defineSalesTests();

const FIGURES = [
    {code: "created", label: "Created", group: "new", group_label: "New"},
    {code: "won", label: "Won", group: "closed", group_label: "Closed"},
    {code: "lost", label: "Lost", group: "closed", group_label: "Closed"},
];

async function openDialog() {
    const saved = [];
    await mountWithCleanup("<div/>");
    getService("dialog").add(FigureTileDialog, {
        figures: FIGURES,
        codes: ["lost", "created"],
        save: async (codes) => saved.push(codes),
    });
    await contains(".o_dialog .o_figure_choice").click();
    return saved;
}

test("the tiles by group, those of the user first, and ticked", async () => {
    await openDialog();
    expect(queryAllTexts("legend")).toEqual(["New", "Closed"]);
    expect(queryAllTexts(".form-check-label")).toEqual(["Created", "Lost", "Won"]);
    expect("[data-code=lost] input").toBeChecked();
    expect("[data-code=won] input").not.toBeChecked();
    expect("[data-code=lost] button[aria-label='Move “Lost” up']").not.toBeEnabled();
});

test("what is ticked and moved is saved in its order", async () => {
    const saved = await openDialog();
    await contains("[data-code=won] input").click();
    await contains("button[aria-label='Move “Won” up']").click();
    expect(queryAllTexts(".form-check-label")).toEqual(["Created", "Won", "Lost"]);
    await contains(".o_figure_save").click();
    expect(saved).toEqual([["created", "won", "lost"]]);
    expect(".o_dialog").toHaveCount(0);
});

test("at least one, or the usual ones", async () => {
    const saved = await openDialog();
    await contains("[data-code=lost] input").click();
    await contains("[data-code=created] input").click();
    expect(".o_figure_save").not.toBeEnabled();
    await contains(".o_figure_reset").click();
    expect(saved).toEqual([false]);
});
