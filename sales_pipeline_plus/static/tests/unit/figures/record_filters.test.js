import {contains, mountWithCleanup} from "@web/../tests/web_test_helpers";
import {expect, queryAllTexts, test} from "@odoo/hoot";
import {RecordFilters} from "@sales_pipeline_plus/figures/flash_figures/record_filters";
import {defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";

defineSalesTests();

const NAMES = ["team_ids", "user_ids", "pipeline_ids", "company_ids"];

async function mountFilters(props) {
    const updates = [];
    await mountWithCleanup(RecordFilters, {
        props: {
            names: NAMES,
            filters: {
                mine: false,
                team_ids: [],
                user_ids: [],
                pipeline_ids: [],
                company_ids: [],
            },
            seesAll: true,
            update: (values) => updates.push(values),
            ...props,
        },
    });
    return updates;
}

const getLabels = () =>
    queryAllTexts(".o_figure_selector .o_figure_filter_label", {visible: false});

test("who sees all chooses among everyone", async () => {
    const updates = await mountFilters();
    expect(".o_figure_everyone").toHaveText("Everyone");
    expect(".o_figure_everyone").toHaveAttribute("aria-pressed", "true");
    // Of one company there is nothing to choose.
    expect(getLabels()).toHaveLength(3);
    await contains(".o_figure_mine").click();
    await contains(".o_figure_everyone").click();
    expect(updates).toEqual([{mine: true}, {mine: false}]);
});

test("who sees the own ones only does not choose salespeople", async () => {
    await mountFilters({seesAll: false});
    expect(".o_figure_everyone").toHaveText("All I See");
    expect(".o_figure_selector[data-name=user_ids]").toHaveCount(0);
    expect(".o_figure_selector[data-name=team_ids]").toHaveCount(1);
});

test("nor does who looks at the own ones", async () => {
    await mountFilters({
        filters: {mine: true, team_ids: [], pipeline_ids: [], company_ids: []},
        names: ["team_ids", "user_ids"],
    });
    expect(".o_figure_mine").toHaveAttribute("aria-pressed", "true");
    expect(".o_figure_selector[data-name=user_ids]").toHaveCount(0);
});
