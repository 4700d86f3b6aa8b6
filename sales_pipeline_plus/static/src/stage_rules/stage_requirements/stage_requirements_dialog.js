import {FormViewDialog} from "@web/views/view_dialogs/form_view_dialog";
import {StageRequirementsListDialog} from "./stage_requirements_list";
import {_t} from "@web/core/l10n/translation";
import {askApproval} from "../../approval/ask_approval";
import {askNextAction} from "../../next_action/next_action_policy/ask_next_action";
import {useService} from "@web/core/utils/hooks";

/**
 * Asks for just the fields that a stage of the pipeline requires and the deal lacks.
 */
export class StageRequirementsDialog extends FormViewDialog {
    static template = "sales_pipeline_plus.StageRequirementsDialog";
    static props = {
        ...FormViewDialog.props,
        requirements: Object,
    };

    setup() {
        super.setup();
        this.actionService = useService("action");
        this.viewProps.requirements = this.props.requirements;
    }

    override() {
        this.props.close();
        const {requirements, resId} = this.props;
        overrideStage(this.actionService, [resId], requirements.stage_id);
    }
}

/**
 * Opens the dialog that moves deals without what the stage asks for, with a reason.
 *
 * @param {Object} action the action service
 * @param {Number[]} leadIds
 * @param {Number} stageId
 * @returns {Promise}
 */
function overrideStage(action, leadIds, stageId) {
    return action.doAction("sales_pipeline_plus.crm_lead_stage_override_action", {
        additionalContext: {
            active_model: "crm.lead",
            active_id: leadIds[0],
            active_ids: leadIds,
            default_stage_id: stageId,
        },
        onClose: () => action.loadState(),
    });
}

/**
 * Asks for the fields that a deal lacks, until it has them.
 *
 * @param {Object} dialog the dialog service
 * @param {Number} leadId
 * @param {Function} load tells what the deal lacks, as `get_stage_requirements` does
 * @param {Function} [getTitle] of the dialog, for these requirements
 * @returns {Promise<Boolean>} whether it has them now
 */
async function askFields(dialog, leadId, load, getTitle) {
    const requirements = await load();
    if (!requirements || !requirements.fields.length) {
        return true;
    }
    return new Promise((resolve) => {
        let saved = false;
        dialog.add(
            StageRequirementsDialog,
            {
                resModel: "crm.lead",
                resId: leadId,
                requirements,
                title: getTitle
                    ? getTitle(requirements)
                    : _t("Before “%s”", requirements.stage),
                size: "md",
                canExpand: false,
                context: {
                    form_view_ref:
                        "sales_pipeline_plus.crm_lead_view_form_missing_fields",
                    // Only keys that end like this reach the server with the view.
                    missing_fields_view_ref: requirements.fields.join(","),
                },
                onRecordSaved: () => {
                    saved = true;
                },
            },
            {
                onClose: () =>
                    resolve(saved && askFields(dialog, leadId, load, getTitle)),
            }
        );
    });
}

/**
 * Before a deal moves to a stage, asks for what it lacks there: an approval, required
 * fields, then a next action.
 *
 * @param {Object} services `orm`, `dialog`, `action`, `notification` and `reload`
 * @param {Number} leadId
 * @param {Number} stageId
 * @returns {Promise<Boolean>} whether the move can go on; the server has the last word
 */
export async function askStageRequirements(services, leadId, stageId) {
    const {orm, dialog} = services;
    let nextAction = false;
    const ask = () =>
        orm.call("crm.lead", "get_move_requirements", [[leadId], stageId]);
    let first = await ask();
    if (!(await askApproval(services, first.entry))) {
        return false;
    }
    const load = async () => {
        const result = first || (await ask());
        first = null;
        nextAction = result.next_action;
        return result.requirements;
    };
    return (
        (await askFields(dialog, leadId, load)) &&
        askNextAction(services, nextAction, stageId)
    );
}

/**
 * Asks in one table for the fields that several deals lack, until they have them.
 *
 * @param {Object} services `dialog` and `action`
 * @param {Object[]} incomplete what `_get_incomplete` returned
 * @param {Object} move `leadIds`, `stageId` and `load`, which asks again
 * @returns {Promise<Boolean>} whether they have them now
 */
function askTable({dialog, action}, incomplete, {leadIds, stageId, load}) {
    return new Promise((resolve) => {
        let complete = false;
        dialog.add(
            StageRequirementsListDialog,
            {
                incomplete,
                load,
                title: _t("Before “%s”", incomplete[0].stage),
                onComplete: () => {
                    complete = true;
                },
                override: () => overrideStage(action, leadIds, stageId),
            },
            {onClose: () => resolve(complete)}
        );
    });
}

/**
 * The same before several deals move: what they lack is asked for in one table, then
 * the next actions of all of them.
 *
 * @param {Object} services `orm`, `dialog`, `action`, `notification` and `reload`
 * @param {Number[]} leadIds
 * @param {Number} stageId
 * @returns {Promise<Boolean>} whether the move can go on
 */
export async function askRequirementsOfAll(services, leadIds, stageId) {
    const {orm, dialog} = services;
    const ask = (ids) => orm.call("crm.lead", "get_move_requirements", [ids, stageId]);
    if (leadIds.length === 1) {
        return askStageRequirements(services, leadIds[0], stageId);
    }
    const {entry, incomplete} = await ask(leadIds);
    if (!(await askApproval(services, entry))) {
        return false;
    }
    const load = async () => (await ask(leadIds)).incomplete;
    if (incomplete.length > 1 && incomplete.every((deal) => deal.in_table)) {
        if (!(await askTable(services, incomplete, {leadIds, stageId, load}))) {
            return false;
        }
    } else {
        for (const {id, name} of incomplete) {
            const loadOne = async () => (await ask([id])).requirements;
            const getTitle = ({stage}) =>
                _t("“%(deal)s” before “%(stage)s”", {deal: name, stage});
            if (!(await askFields(dialog, id, loadOne, getTitle))) {
                return false;
            }
        }
    }
    const {next_action: nextAction} = await ask(leadIds);
    return askNextAction(services, nextAction, stageId);
}

/**
 * Before a button of the form wins, restores or approves a deal, asks for the approval
 * and the fields that it lacks in the stage where it will be.
 *
 * @param {Object} services `orm`, `dialog`, `action`, `notification` and `reload`
 * @param {Number} leadId
 * @param {String} button the method that it calls
 * @returns {Promise<Boolean>} whether the button can go on
 */
export async function askButtonRequirements(services, leadId, button) {
    const {orm, dialog} = services;
    const entry = await orm.call("crm.lead", "get_button_entry", [[leadId], button]);
    if (!(await askApproval(services, entry))) {
        return false;
    }
    return askFields(dialog, leadId, () =>
        orm.call("crm.lead", "get_button_requirements", [[leadId], button])
    );
}
