import {deserializeDate, deserializeDateTime} from "@web/core/l10n/dates";
import {onMounted} from "@odoo/owl";
import {FormController} from "@web/views/form/form_controller";
import {formView} from "@web/views/form/form_view";
import {registry} from "@web/core/registry";

const NUMBERS = ["float", "integer", "monetary"];
const INPUTS = "input, textarea, [contenteditable=true]";

/**
 * The form of the missing fields: starts in the first one, proposes what the stage
 * suggests, and marks the numbers of 0, which Odoo takes for given.
 */
export class StageRequirementsFormController extends FormController {
    static props = {
        ...FormController.props,
        requirements: {type: Object, optional: true},
    };

    setup() {
        super.setup();
        onMounted(() => this.start());
    }

    async start() {
        const {fields = [], values = {}} = this.props.requirements || {};
        const {root} = this.model;
        const changes = {};
        for (const [name, value] of Object.entries(values)) {
            const {type} = root.fields[name];
            changes[name] = (type === "date" ? deserializeDate : deserializeDateTime)(
                value
            );
        }
        if (Object.keys(changes).length) {
            await root.update(changes);
        }
        for (const name of fields) {
            if (NUMBERS.includes(root.fields[name]?.type) && !root.data[name]) {
                await root.setInvalidField(name);
            }
        }
        this.focusField(fields.find((name) => !(name in changes)) || fields[0]);
    }

    focusField(name) {
        this.rootRef.el?.querySelector(`[name="${name}"] :is(${INPUTS})`)?.focus();
    }

    /**
     * Who saves too early goes on in the first field that is still missing.
     *
     * @override
     */
    async saveButtonClicked() {
        const saved = await super.saveButtonClicked(...arguments);
        if (!saved) {
            const {root} = this.model;
            const {fields = []} = this.props.requirements || {};
            this.focusField(fields.find((name) => root.isFieldInvalid(name)));
        }
        return saved;
    }
}

registry.category("views").add("stage_requirements_form", {
    ...formView,
    Controller: StageRequirementsFormController,
});
