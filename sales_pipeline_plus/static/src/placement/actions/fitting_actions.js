import {ActionMenus} from "@web/search/action_menus/action_menus";
import {CogMenu} from "@web/search/cog_menu/cog_menu";
import {patch} from "@web/core/utils/patch";

/**
 * The Actions menu offers for deals what can do something with them: asked for when it
 * opens, as a selection changes with each click.
 */
patch(ActionMenus.prototype, {
    async loadFittingItems() {
        const items = await this.getFittingItems();
        // In place: the menu, which is about to be drawn, has this very list.
        this.actionItems.splice(0, this.actionItems.length, ...items);
    },

    async getFittingItems() {
        const {getActiveIds, isDomainSelected, resModel} = this.props;
        const items = await this.getActionItems(this.props);
        const isDeals = resModel === "crm.lead" && getActiveIds;
        const ids = isDeals ? getActiveIds().filter(Boolean) : [];
        if (!ids.length || isDomainSelected) {
            return items;
        }
        const {actions, entries} = await this.orm.silent.call(
            "crm.lead",
            "get_unfit_actions",
            [ids]
        );
        return items.filter(
            ({action, key}) => !actions.includes(action?.id) && !entries.includes(key)
        );
    },
});

patch(CogMenu.prototype, {
    async loadPrintItems() {
        await Promise.all([
            super.loadPrintItems(...arguments),
            this.loadFittingItems(),
        ]);
    },
});
