import {SearchModel} from "@web/search/search_model";
import {patch} from "@web/core/utils/patch";

const OTHER = {on_hold: "not_on_hold", not_on_hold: "on_hold"};

/**
 * My Pipeline opens with "Not on Hold": who asks for what is on hold asks for that
 * alone, and not for both.
 */
patch(SearchModel.prototype, {
    toggleSearchItem(searchItemId) {
        const other =
            this.resModel === "crm.lead" && OTHER[this.searchItems[searchItemId].name];
        if (other) {
            this.query = this.query.filter(
                (part) => this.searchItems[part.searchItemId].name !== other
            );
        }
        super.toggleSearchItem(...arguments);
    },
});
