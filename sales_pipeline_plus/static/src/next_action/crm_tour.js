import "@crm/js/tours/crm";
import {registry} from "@web/core/registry";

/**
 * Odoo's onboarding plans an activity through the list of activities. Here the warning
 * on a card opens the planning dialog itself.
 */
const tour = registry.category("web_tour.tours").get("crm_tour");
const {steps} = tour;
tour.steps = () =>
    steps().filter(({trigger}) => !trigger.startsWith(".o-mail-ActivityListPopover"));
