import "@crm/views/crm_form/crm_form";
import {FormCompiler} from "@web/views/form/form_compiler";
import {FormRenderer} from "@web/views/form/form_renderer";
import {StatusBarButtons} from "@web/views/form/status_bar_buttons/status_bar_buttons";
import {createElement} from "@web/core/utils/xml";
import {registry} from "@web/core/registry";

// The class that a button of the header has where it stays within one tap.
const ONE_TAP = "o_one_tap";

/** On a phone Odoo shows the first button alone: here, those that end the deal. */
export class OneTapButtons extends StatusBarButtons {
    static template = "sales_pipeline_plus.OneTapButtons";

    get shownSlotNames() {
        const names = this.visibleSlotNames;
        const kept = names.filter((name) => this.props.slots[name].isOneTap);
        return kept.length ? kept : names.slice(0, 1);
    }

    get otherSlotNames() {
        const shown = this.shownSlotNames;
        return this.visibleSlotNames.filter((name) => !shown.includes(name));
    }
}

class DealFormCompiler extends FormCompiler {
    compileHeader() {
        const statusBar = super.compileHeader(...arguments);
        const buttons = [...statusBar.children].find(
            ({tagName}) => tagName === "StatusBarButtons"
        );
        const oneTapButtons = createElement("OneTapButtons");
        for (const slot of [...buttons.children]) {
            const className = slot.firstElementChild.getAttribute("className") || "";
            slot.setAttribute("isOneTap", className.includes(ONE_TAP));
            oneTapButtons.append(slot);
        }
        buttons.replaceWith(oneTapButtons);
        return statusBar;
    }
}

const crmFormView = registry.category("views").get("crm_form");

crmFormView.Compiler = DealFormCompiler;
crmFormView.Renderer = class extends crmFormView.Renderer {
    static components = {...FormRenderer.components, OneTapButtons};
};
