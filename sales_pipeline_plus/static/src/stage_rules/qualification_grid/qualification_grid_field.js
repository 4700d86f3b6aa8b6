import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {standardFieldProps} from "@web/views/fields/standard_field_props";
import {useBus} from "@web/core/utils/hooks";

const CHOICES = {
    yes_no: [
        {value: "yes", label: _t("Yes")},
        {value: "no", label: _t("No")},
    ],
    scale: ["0", "1", "2", "3", "4", "5"].map((value) => ({value, label: value})),
};

/**
 * Shows all questions of the deal's pipeline with their answers. An answer that is
 * missing needs no line before it is given: the line is added with it.
 */
export class QualificationGridField extends Component {
    static template = "sales_pipeline_plus.QualificationGridField";
    static props = {...standardFieldProps};

    setup() {
        // Answers are given one after the other, so that none is added twice.
        this.lastAnswer = Promise.resolve();
        // The comment being typed, as a function that takes it over.
        this.commitComment = null;
        // Saving waits for what was just chosen or typed.
        useBus(this.props.record.model.bus, "NEED_LOCAL_CHANGES", ({detail}) => {
            this.commitComment?.();
            detail.proms.push(this.lastAnswer);
        });
    }

    get list() {
        return this.props.record.data[this.props.name];
    }

    get rows() {
        const questions = this.props.record.data.qualification_questions || [];
        return questions.map((question) => {
            const answer = this.findAnswer(question.id)?.data || {};
            return {
                ...question,
                choices: CHOICES[question.answer_type],
                value: answer[question.answer_type] || false,
                comment: answer.comment || "",
            };
        });
    }

    get progress() {
        const rows = this.rows;
        return _t("%(answered)s of %(total)s answered", {
            answered: rows.filter((row) => row.value).length,
            total: rows.length,
        });
    }

    commentLabel(row) {
        return _t("Comment on “%s”", row.name);
    }

    findAnswer(questionId) {
        return this.list.records.find(
            (record) => record.data.question_id?.id === questionId
        );
    }

    /**
     * Chooses an answer, or takes it back when it was chosen already.
     *
     * @param {Object} row
     * @param {String} value
     */
    choose(row, value) {
        this.setAnswer(row, {[row.answer_type]: row.value === value ? false : value});
    }

    typeComment(row, comment) {
        this.commitComment = () => this.setComment(row, comment);
    }

    setComment(row, comment) {
        this.commitComment = null;
        this.setAnswer(row, {comment: comment.trim() || false});
    }

    setAnswer(row, values) {
        this.lastAnswer = this.lastAnswer.then(() => {
            const answer = this.findAnswer(row.id);
            if (answer) {
                return answer.update(values);
            }
            const context = {default_question_id: row.id};
            for (const [name, value] of Object.entries(values)) {
                context[`default_${name}`] = value;
            }
            return this.list.addNewRecord({
                context,
                mode: "readonly",
                position: "bottom",
            });
        });
        return this.lastAnswer;
    }
}

registry.category("fields").add("qualification_grid", {
    component: QualificationGridField,
    displayName: _t("Qualification Grid"),
    supportedTypes: ["one2many"],
    fieldDependencies: [{name: "qualification_questions", type: "json"}],
});
