/**
 * Before deals move into a stage that not everybody may enter, offers to ask for an
 * approval: for all of them at once.
 *
 * @param {Object} services `action`, `notification` and `reload`, which is called after
 *     something was asked
 * @param {Object|Boolean} request what `_get_entry_request` returned
 * @returns {Promise<Boolean>} whether the user may move them; the server has the last
 *     word
 */
export async function askApproval({action, notification, reload}, request) {
    if (!request) {
        return true;
    }
    if (!request.can_ask) {
        notification.add(request.message, {type: "warning"});
        return false;
    }
    const answer = await new Promise((resolve) => {
        action.doAction("sales_pipeline_plus.crm_lead_approval_request_action", {
            additionalContext: {
                active_model: "crm.lead",
                active_id: request.lead_ids[0],
                active_ids: request.lead_ids,
                approval_stage_id: request.stage_id,
            },
            onClose: resolve,
        });
    });
    if (answer?.asked) {
        await reload?.();
    }
    return false;
}
