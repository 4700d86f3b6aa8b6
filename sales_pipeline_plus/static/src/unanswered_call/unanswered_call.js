import {Activity} from "@mail/core/web/activity";
import {ActivityListPopoverItem} from "@mail/core/web/activity_list_popover_item";
import {patch} from "@web/core/utils/patch";

/**
 * Records that nobody answered a call; after the last one a dialog asks what becomes of
 * the deal.
 *
 * @param {Object} env
 * @param {Object} activity
 * @param {HTMLButtonElement} button cannot be clicked meanwhile
 */
async function logUnansweredCall(env, activity, button) {
    const {action, orm} = env.services;
    button.disabled = true;
    try {
        const dialog = await orm.call("mail.activity", "action_log_unanswered_call", [
            [activity.id],
        ]);
        if (dialog) {
            await new Promise((resolve) => action.doAction(dialog, {onClose: resolve}));
        }
    } finally {
        button.disabled = false;
    }
}

patch(Activity.prototype, {
    async onClickUnansweredCall(ev) {
        const {activity, onActivityChanged} = this.props;
        const {thread} = this;
        await logUnansweredCall(this.env, activity, ev.currentTarget);
        onActivityChanged(thread);
    },
});

patch(ActivityListPopoverItem.prototype, {
    async onClickUnansweredCall(ev) {
        const {activity, onActivityChanged} = this.props;
        await logUnansweredCall(this.env, activity, ev.currentTarget);
        onActivityChanged?.();
    },
});
