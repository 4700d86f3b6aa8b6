import {KanbanActivity} from "@mail/views/web/fields/kanban_activity/kanban_activity";
import {NextActionButton} from "./next_action_button";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

const fieldDependencies = [
    ...KanbanActivity.fieldDependencies,
    {name: "next_action_date", type: "date"},
    {name: "next_action_icon", type: "char"},
    {name: "next_action_state", type: "selection", selection: []},
    {name: "next_action_summary", type: "char"},
];

/** On a card, in the place of Odoo's activity pictogram. */
export class KanbanNextAction extends KanbanActivity {
    static components = {ActivityButton: NextActionButton};
}

registry.category("fields").add("next_action", {
    component: KanbanNextAction,
    displayName: _t("Next Action"),
    fieldDependencies,
    supportedTypes: ["one2many"],
});

/** In a list, on the state, so that the column sorts; with the text. */
export class ListNextAction extends KanbanNextAction {
    static template = "sales_pipeline_plus.ListNextAction";
}

registry.category("fields").add("list.next_action", {
    component: ListNextAction,
    displayName: _t("Next Action"),
    listViewWidth: [140],
    fieldDependencies: [
        ...fieldDependencies,
        {name: "activity_ids", type: "one2many", relation: "mail.activity"},
    ],
    supportedTypes: ["selection"],
});
