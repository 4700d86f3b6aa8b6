import {offerNextAction} from "./ask_next_action";
import {Activity} from "@mail/core/web/activity";
import {ActivityListPopoverItem} from "@mail/core/web/activity_list_popover_item";
import {ActivityMarkAsDone} from "@mail/core/web/activity_markasdone_popover";
import {patch} from "@web/core/utils/patch";

/**
 * When the last action of a deal has been done, asks for the next one, of the type that
 * Odoo suggests.
 *
 * @param {Object} env
 * @param {Object} activity
 * @param {Function} onPlanned called when the user has closed the dialog
 */
async function askAfterDone(env, activity, onPlanned) {
    if (activity.res_model !== "crm.lead") {
        return;
    }
    const {action, notification, orm} = env.services;
    const request = await orm.call("mail.activity", "get_next_action_request", [
        [activity.id],
    ]);
    if (!request) {
        return;
    }
    const plan = () =>
        new Promise((resolve) => action.doAction(request.action, {onClose: resolve}));
    if (request.policy === "block") {
        await plan();
        await onPlanned();
    } else {
        offerNextAction({action, notification, reload: onPlanned}, request, plan);
    }
}

patch(ActivityMarkAsDone.prototype, {
    async onClickDone() {
        const {activity, close, onActivityChanged} = this.props;
        const {id, res_id, res_model} = activity;
        const thread = this.env.services["mail.store"].Thread.insert({
            model: res_model,
            id: res_id,
        });
        const {env} = this;
        await super.onClickDone(...arguments);
        close?.();
        await askAfterDone(env, {id, res_model}, () => onActivityChanged(thread));
    },
});

patch(Activity.prototype, {
    async onFileUploaded() {
        const {activity, onActivityChanged} = this.props;
        const {id, res_model} = activity;
        const {env, thread} = this;
        await super.onFileUploaded(...arguments);
        await askAfterDone(env, {id, res_model}, () => onActivityChanged(thread));
    },
});

patch(ActivityListPopoverItem.prototype, {
    async onFileUploaded() {
        const {activity, onActivityChanged} = this.props;
        const {id, res_model} = activity;
        const {env} = this;
        await super.onFileUploaded(...arguments);
        await askAfterDone(env, {id, res_model}, () => onActivityChanged?.());
    },
});
