import {stepUtils} from "@web_tour/tour_utils";

/* The way to a page that several tours take. */

export const openCrm = [
    stepUtils.showAppsMenuItem(),
    {
        trigger: ".o_app[data-menu-xmlid='crm.crm_menu_root']",
        run: "click",
    },
];

// My Pipeline is what the app opens: asking for it in the menu as well would
// replace a page whose pipeline has just been chosen.
export const openPipeline = [
    ...openCrm,
    {
        content: "choose the pipeline",
        trigger: ".o_search_panel_category_value header:contains('Tour equipment')",
        run: "click",
    },
    {
        content: "its stages are shown in its own order",
        trigger:
            ".o_kanban_group:eq(0):contains('Tour study') ~ .o_kanban_group:contains('Tour start')",
    },
];

/**
 * The steps that open a page from the menu of the app.
 *
 * @param {String} section identifier of the menu at the top
 * @param {String} entry identifier of the entry in it
 * @returns {Object[]}
 */
export const openMenu = (section, entry) => [
    {
        trigger: `[data-menu-xmlid='${section}']`,
        run: "click",
    },
    {
        trigger: `[data-menu-xmlid='${entry}']`,
        run: "click",
    },
];
