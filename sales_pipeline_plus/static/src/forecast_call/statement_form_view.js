import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";
import {registry} from "@web/core/registry";

/**
 * A form of what is said once and never changed: it is saved by its button alone, not
 * because the page is left, loaded again or hidden behind another.
 */
export class StatementFormController extends FormController {
    async beforeLeave() {
        return true;
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
