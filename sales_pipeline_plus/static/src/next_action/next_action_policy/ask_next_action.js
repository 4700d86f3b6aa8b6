import {_t} from "@web/core/l10n/translation";

// Milliseconds: Odoo's 4 seconds are over before one has read it and pressed.
const TIME_TO_PLAN = 15000;

/**
 * Opens Odoo's planning dialog for these deals.
 *
 * @param {Object} action the action service
 * @param {Number[]} leadIds
 * @param {Object} [context] more context for the dialog
 * @param {String[]} [names] of the deals
 * @returns {Promise} resolved when the dialog is closed, planned or not
 */
export function planNextAction(action, leadIds, context = {}, names = []) {
    return new Promise((resolve) =>
        action.doAction(
            {
                type: "ir.actions.act_window",
                name:
                    leadIds.length === 1 && names.length
                        ? _t("Next Action of “%s”", names[0])
                        : _t("Plan the Next Action"),
                res_model: "mail.activity.schedule",
                views: [[false, "form"]],
                target: "new",
                context: {
                    plan_for_salesperson: true,
                    active_model: "crm.lead",
                    active_id: leadIds[0],
                    active_ids: leadIds,
                    dialog_size: "large",
                    ...context,
                },
            },
            {onClose: resolve}
        )
    );
}

/**
 * Tells, without keeping the user from going on, that deals have no next action.
 *
 * @param {Object} services `action`, `notification` and `reload`, which is called after
 *     the user has planned one
 * @param {Object} request what `_get_next_action_request` returned
 * @param {Function} plan opens the dialog
 */
export function offerNextAction({action, notification, reload}, request, plan) {
    const message =
        request.lead_ids.length === 1
            ? _t("“%s” has no next action.", request.names[0])
            : _t("Opportunities without next action: %s", request.lead_ids.length);
    const close = notification.add(message, {
        type: "warning",
        autocloseDelay: TIME_TO_PLAN,
        className: "o_next_action_offer",
        buttons: [
            {
                name: _t("Plan it"),
                primary: true,
                onClick: async () => {
                    close();
                    await (plan
                        ? plan()
                        : planNextAction(action, request.lead_ids, {}, request.names));
                    await reload?.();
                },
            },
        ],
    });
}

/**
 * Before deals without a next action move, asks for it where their pipeline says so.
 *
 * @param {Object} services `orm`, `action`, `notification` and `reload`
 * @param {Object|Boolean} request what `get_move_requirements` returned as next action
 * @param {Number} stageId
 * @returns {Promise<Boolean>} whether the move can go on; the server has the last word
 */
export async function askNextAction(services, request, stageId) {
    if (!request) {
        return true;
    }
    if (request.planned_by?.length) {
        services.notification.add(
            _t(
                "Planned by the automatic actions of the pipeline: %s",
                request.planned_by.join(", ")
            ),
            {type: "info"}
        );
    }
    if (!request.lead_ids.length) {
        return true;
    }
    if (request.policy !== "block") {
        offerNextAction(services, request);
        return true;
    }
    const context = {
        next_action_stage_id: stageId,
        next_action_can_override: request.can_override,
    };
    await planNextAction(services.action, request.lead_ids, context, request.names);
    const {next_action: missing} = await services.orm.call(
        "crm.lead",
        "get_move_requirements",
        [request.lead_ids, stageId]
    );
    if (missing && missing.lead_ids.length && missing.policy === "block") {
        services.notification.add(
            missing.lead_ids.length === 1
                ? _t("“%s” stays where it is: no action was planned.", missing.names[0])
                : _t(
                      "Nothing was moved. Opportunities without next action: %s",
                      missing.lead_ids.length
                  ),
            {type: "warning"}
        );
        return false;
    }
    return true;
}
