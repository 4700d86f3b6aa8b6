import {
    clickSave,
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {expect, queryAllTexts, test} from "@odoo/hoot";
import {defineSalesTests} from "@sales_pipeline_plus/../tests/unit/unit_helpers";

const QUESTIONS = [
    {id: 1, name: "Is there a budget?", answer_type: "yes_no", share: 60, help: "Ask."},
    {id: 2, name: "How urgent is it?", answer_type: "scale", share: 40, help: false},
];

class Question extends models.Model {
    _name = "crm.qualification.question";
    name = fields.Char();
    _records = QUESTIONS.map(({id, name}) => ({id, name}));
}

class Answer extends models.Model {
    _name = "crm.lead.answer";
    question_id = fields.Many2one({relation: "crm.qualification.question"});
    yes_no = fields.Selection({
        selection: [
            ["yes", "Yes"],
            ["no", "No"],
        ],
    });
    scale = fields.Selection({
        selection: ["0", "1", "2", "3", "4", "5"].map((value) => [value, value]),
    });
    comment = fields.Char();
    _records = [{id: 5, question_id: 2, scale: "3", comment: "By summer"}];
}

class Lead extends models.Model {
    _name = "crm.lead";
    qualification_questions = fields.Json();
    answer_ids = fields.One2many({relation: "crm.lead.answer"});
    _records = [
        {id: 1, qualification_questions: QUESTIONS, answer_ids: [5]},
        {id: 2, qualification_questions: QUESTIONS, answer_ids: []},
    ];
}

defineSalesTests();
defineModels([Answer, Lead, Question]);

async function mountGrid(attributes = "") {
    await mountView({
        type: "form",
        resModel: "crm.lead",
        resId: 1,
        resIds: [1, 2],
        arch: `
            <form>
                <field name="answer_ids" widget="qualification_grid" ${attributes}>
                    <list>
                        <field name="question_id"/>
                        <field name="yes_no"/>
                        <field name="scale"/>
                        <field name="comment"/>
                    </list>
                </field>
            </form>`,
    });
}

test("all questions, answered or not", async () => {
    await mountGrid();
    expect(".o_qualification_grid > p").toHaveText("1 of 2 answered");
    expect(queryAllTexts("[data-question-id='1'] button")).toEqual(["Yes", "No"]);
    expect(queryAllTexts("[data-question-id='2'] button")).toHaveLength(6);
    expect("[data-question-id='2'] [aria-pressed=true]").toHaveText("3");
    expect("[data-question-id='2'] input").toHaveValue("By summer");
    expect("[data-question-id='1']").toHaveText(/60 %/);
});

test("an answer is given, changed, taken back and saved", async () => {
    onRpc("crm.lead", "web_save", ({args}) => {
        const commands = args[1].answer_ids;
        expect.step(commands.map(([command, , values]) => [command, values]));
    });
    await mountGrid();
    await contains("[data-question-id='1'] [data-value=yes]").click();
    expect(".o_qualification_grid > p").toHaveText("2 of 2 answered");
    await contains("[data-question-id='1'] [data-value=no]").click();
    expect("[data-question-id='1'] [aria-pressed=true]").toHaveText("No");
    await contains("[data-question-id='2'] [data-value='3']").click();
    expect(".o_qualification_grid > p").toHaveText("1 of 2 answered");
    await clickSave();
    expect.verifySteps([
        [
            [0, {question_id: 1, yes_no: "no", scale: false, comment: false}],
            [1, {scale: false}],
        ],
    ]);
});

test("a comment that is being typed is saved as well", async () => {
    onRpc("crm.lead", "web_save", ({args}) => {
        expect.step(args[1].answer_ids[0][2]);
    });
    await mountGrid();
    await contains("[data-question-id='2'] input").edit("By autumn", {confirm: false});
    await contains(".o_pager_next").click();
    expect.verifySteps([{comment: "By autumn"}]);
});

test("who only reads answers nothing", async () => {
    await mountGrid(`readonly="1"`);
    expect("[data-question-id='1'] [data-value=yes]").not.toBeEnabled();
    expect("[data-question-id='2'] input").not.toBeEnabled();
});
