import "@crm/js/tours/crm";
import {registry} from "@web/core/registry";

const tour = registry.category("web_tour.tours").get("crm_tour");
const {steps} = tour;

/** Odoo loses a click on a card while the columns are loaded again after a dialog. */
const untilLoaded = {
    isActive: ["auto"],
    trigger: "body:not(:has(.modal)) .o_opportunity_kanban .o_kanban_record",
    run: () => new Promise((resolve) => setTimeout(resolve, 1000)),
};

/**
 * Odoo's onboarding plans an activity through the list of activities. Here the warning
 * on a card opens the planning dialog itself.
 */
tour.steps = () =>
    steps()
        .filter(({trigger}) => !trigger.startsWith(".o-mail-ActivityListPopover"))
        .flatMap((step) =>
            step.trigger === ".o_kanban_record" ? [untilLoaded, step] : [step]
        );
