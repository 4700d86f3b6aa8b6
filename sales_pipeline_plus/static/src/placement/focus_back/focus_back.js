import {FormController} from "@web/views/form/form_controller";
import {patch} from "@web/core/utils/patch";
import {useBus, useService} from "@web/core/utils/hooks";

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
