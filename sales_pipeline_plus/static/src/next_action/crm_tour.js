import "@crm/js/tours/crm";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

const tour = registry.category("web_tour.tours").get("crm_tour");
const {steps} = tour;

/** Odoo loses a click on a card while the columns are loaded again after a dialog. */
const untilLoaded = {
    isActive: ["auto"],
    trigger: "body:not(:has(.modal)) .o_opportunity_kanban .o_kanban_record",
    run: () => new Promise((resolve) => setTimeout(resolve, 1000)),
};

const SCHEDULE = '.modal-footer button[name="action_schedule_activities"]';

/** Planning an action for an opportunity asks what is to be done. */
const sayWhat = {
    trigger: ".modal .o_field_widget[name=summary] input",
    content: _t("What is to be done?"),
    tooltipPosition: "bottom",
    run: "edit Call them",
};

/**
 * Odoo's onboarding plans an activity through the list of activities. Here the warning
 * on a card opens the planning dialog itself.
 */
tour.steps = () =>
    steps()
        .filter(({trigger}) => !trigger.startsWith(".o-mail-ActivityListPopover"))
        .flatMap((step) => {
            switch (step.trigger) {
                case ".o_kanban_record":
                    return [untilLoaded, step];
                case SCHEDULE:
                    return [sayWhat, step];
                default:
                    return [step];
            }
        });
