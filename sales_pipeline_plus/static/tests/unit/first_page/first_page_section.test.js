import {
    catchActions,
    defineSalesTests,
} from "@sales_pipeline_plus/../tests/unit/unit_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountWithCleanup,
} from "@web/../tests/web_test_helpers";
import {expect, queryAllTexts, test} from "@odoo/hoot";
import {EventBus} from "@odoo/owl";
import {FirstPageSection} from "@sales_pipeline_plus/first_page/first_page_section";
import {getDefaultConfig} from "@web/views/view";

class Lead extends models.Model {
    _name = "crm.lead";
    name = fields.Char();
    is_late = fields.Boolean();
    _records = [
        {id: 1, name: "Lathe", is_late: true},
        {id: 2, name: "Drill", is_late: true},
        {id: 3, name: "Saw", is_late: false},
    ];
    _views = {
        "list,5": `<list js_class="first_page_list"><field name="name"/></list>`,
        "kanban,6": `
            <kanban js_class="first_page_kanban">
                <templates><t t-name="card"><field name="name"/></t></templates>
            </kanban>`,
        search: "<search/>",
    };
}

defineSalesTests();
defineModels([Lead]);

async function mountSection(domain) {
    const opened = [];
    const actions = catchActions();
    await mountWithCleanup(FirstPageSection, {
        props: {
            section: {
                code: "late",
                title: "Late",
                empty: "Nothing is late.",
                domain,
            },
            views: {list: 5, kanban: 6},
            whose: "mine",
            openDeals: (...params) => opened.push(params),
        },
        componentEnv: {config: getDefaultConfig(), firstPageBus: new EventBus()},
    });
    return {actions, opened};
}

test("its deals, their number, and the way to all of them", async () => {
    const domain = [["is_late", "=", true]];
    const {actions, opened} = await mountSection(domain);
    expect(".o_first_page_section").toHaveAttribute("data-count", "2");
    expect(queryAllTexts(".o_data_row")).toEqual(["Lathe", "Drill"]);
    await contains(".o_first_page_all").click();
    expect(opened).toEqual([["Late", domain]]);
    await contains(".o_data_row:first .o_data_cell").click();
    expect(actions[0].res_id).toBe(1);
});

test("says so when there is none", async () => {
    await mountSection([["id", "=", 0]]);
    expect(".o_first_page_section p").toHaveText("Nothing is late.");
    expect(".o_first_page_all").toHaveCount(0);
    expect(".o_first_page_view").not.toBeVisible();
});
