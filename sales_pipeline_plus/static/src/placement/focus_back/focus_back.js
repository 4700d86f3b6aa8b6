import {FormController} from "@web/views/form/form_controller";
import {patch} from "@web/core/utils/patch";
import {useBus, useService} from "@web/core/utils/hooks";

/**
 * After a dialog, the keys go on from what opened it, unless they are elsewhere by now.
 *
 * @param {Object} ui the ui service
 * @param {Function} getElement what opened it
 */
export async function focusBack(ui, getElement) {
    // A dialog leaves the page a moment after it is closed.
    if (ui.activeElement !== document) {
        await new Promise((resolve) =>
            ui.bus.addEventListener("active-element-changed", resolve, {once: true})
        );
    }
    await new Promise((resolve) => requestAnimationFrame(resolve));
    if (document.activeElement === document.body) {
        getElement()?.focus();
    }
}

/**
 * Who closes a dialog of a deal is again on the button that opened it. Odoo disables the
 * button meanwhile, and so loses the place.
 */
patch(FormController.prototype, {
    setup() {
        super.setup();
        this.pressedButton = null;
        const ui = useService("ui");
        useBus(ui.bus, "active-element-changed", ({detail: activeElement}) => {
            const button = this.pressedButton;
            if (activeElement !== document || !button) {
                return;
            }
            this.pressedButton = null;
            if (button.isConnected && document.activeElement === document.body) {
                button.focus();
            }
        });
    },

    async beforeExecuteActionButton() {
        const {activeElement} = document;
        if (this.props.resModel === "crm.lead" && !this.env.inDialog) {
            this.pressedButton = activeElement.closest("button");
        }
        return super.beforeExecuteActionButton(...arguments);
    },
});
