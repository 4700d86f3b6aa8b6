import {FormViewDialog} from "@web/views/view_dialogs/form_view_dialog";
import {_t} from "@web/core/l10n/translation";
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
        stageId: Number,
    };

    setup() {
        super.setup();
        this.actionService = useService("action");
    }

    override() {
        this.props.close();
        this.actionService.doAction(
            "sales_pipeline_plus.crm_lead_stage_override_action",
            {
                additionalContext: {
                    active_model: "crm.lead",
                    active_id: this.props.resId,
                    active_ids: [this.props.resId],
                    default_stage_id: this.props.stageId,
                },
                onClose: () => this.actionService.loadState(),
            }
        );
    }
}

/**
 * Before a deal moves to a stage, asks for what it lacks there: required fields, then a
 * next action.
 *
 * @param {Object} services `orm`, `dialog`, `action`, `notification` and `reload`
 * @param {Number} leadId
 * @param {Number} stageId
 * @returns {Promise<Boolean>} whether the move can go on; the server has the last word
 */
export async function askStageRequirements(services, leadId, stageId) {
    const {orm, dialog} = services;
    const {requirements, next_action: nextAction} = await orm.call(
        "crm.lead",
        "get_move_requirements",
        [[leadId], stageId]
    );
    if (!requirements || !requirements.fields.length) {
        return askNextAction(services, nextAction, stageId);
    }
    return new Promise((resolve) => {
        let saved = false;
        dialog.add(
            StageRequirementsDialog,
            {
                resModel: "crm.lead",
                resId: leadId,
                stageId,
                requirements,
                title: _t("Before “%s”", requirements.stage),
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
                // An amount of 0 can be saved, but is still missing: ask again.
                onClose: () =>
                    resolve(saved && askStageRequirements(services, leadId, stageId)),
            }
        );
    });
}
