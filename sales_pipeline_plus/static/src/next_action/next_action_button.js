import {ActivityButton} from "@mail/core/web/activity_button";
import {_t} from "@web/core/l10n/translation";
import {focusBack} from "../placement/focus_back/focus_back";
import {formatDate} from "@web/core/l10n/dates";
import {planNextAction} from "./next_action_policy/ask_next_action";

const STATE_CLASSES = {
    missing: "text-warning fa-exclamation-triangle",
    overdue: "text-danger",
    today: "text-info",
    planned: "text-success",
};

/**
 * The one pictogram of a deal's next action. A deal that has none gets the planning
 * dialog with a click, any other one the list of its activities.
 */
export class NextActionButton extends ActivityButton {
    static template = "sales_pipeline_plus.NextActionButton";
    static props = {
        ...ActivityButton.props,
        showText: {type: Boolean, optional: true},
    };

    get data() {
        return this.props.record.data;
    }

    get state() {
        return this.data.next_action_state;
    }

    get buttonClass() {
        if (!this.state || this.data.activity_exception_decoration) {
            return super.buttonClass;
        }
        if (this.state === "missing") {
            return STATE_CLASSES.missing;
        }
        return `${STATE_CLASSES[this.state]} ${this.data.next_action_icon || "fa-tasks"}`;
    }

    get text() {
        return this.state === "missing"
            ? _t("No next action")
            : this.data.next_action_summary || this.data.activity_summary || "";
    }

    get title() {
        const day =
            this.data.next_action_date && formatDate(this.data.next_action_date);
        const values = {day, summary: this.data.next_action_summary};
        switch (this.state) {
            case "missing":
                return _t("No next action: click to plan one");
            case "overdue":
                return _t("Overdue since %(day)s: %(summary)s", values);
            case "today":
                return _t("Today: %(summary)s", values);
            case "planned":
                return _t("Planned on %(day)s: %(summary)s", values);
        }
        return super.title;
    }

    async onClick() {
        if (this.state !== "missing") {
            return super.onClick();
        }
        const {record} = this.props;
        const selection = this.env.model?.root?.selection ?? [];
        const isSelected = selection.some((other) => other.resId === record.resId);
        const records = isSelected ? selection : [record];
        await planNextAction(
            this.env.services.action,
            records.map((other) => other.resId),
            {plan_for_salesperson: true}
        );
        await Promise.all(records.map((other) => other.load()));
        this.onActivityChanged();
    }

    /** A kanban keeps these keys for its cards, and Odoo's buttons on them get none. */
    onKeydown(ev) {
        if (["Enter", " "].includes(ev.key)) {
            ev.preventDefault();
            ev.stopPropagation();
            this.onClick();
        }
    }

    /** The header of the column counts again, and the keys go on from this card. */
    async onActivityChanged() {
        const {record} = this.props;
        record.model.hooks.onRecordSaved(record);
        await focusBack(this.env.services.ui, () => this.buttonRef.el);
    }
}
