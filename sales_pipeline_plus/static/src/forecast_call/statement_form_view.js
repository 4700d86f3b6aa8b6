import {ConfirmationDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {FormController} from "@web/views/form/form_controller";
import {_t} from "@web/core/l10n/translation";
import {formView} from "@web/views/form/form_view";
import {registry} from "@web/core/registry";

/**
 * A form of what is said once and never changed: it is saved by its button alone, not
 * because the page is left, loaded again or hidden behind another.
 */
export class StatementFormController extends FormController {
    static template = "sales_pipeline_plus.StatementForm";

    /** What is stated is not edited: its page is left, as a dialog closes. */
    async saveButtonClicked() {
        const saved = await super.saveButtonClicked(...arguments);
        if (saved && !this.env.inDialog) {
            this.env.config.historyBack();
        }
        return saved;
    }

    async beforeLeave({forceLeave} = {}) {
        if (forceLeave || this.env.inDialog || !this.model.root.dirty) {
            return true;
        }
        return new Promise((resolve) =>
            this.dialogService.add(
                ConfirmationDialog,
                {
                    title: _t("Not saved"),
                    body: _t("It is not stated yet. Leave without saving it?"),
                    confirmLabel: _t("Leave"),
                    cancelLabel: _t("Stay"),
                    confirm: () => resolve(true),
                    cancel: () => resolve(false),
                },
                {onClose: () => resolve(false)}
            )
        );
    }

    async beforeVisibilityChange() {
        return true;
    }

    async beforeUnload(ev) {
        if (this.model.root.dirty) {
            ev.preventDefault();
            ev.returnValue = "Unsaved changes";
        }
    }
}

registry.category("views").add("statement_form", {
    ...formView,
    Controller: StatementFormController,
});
