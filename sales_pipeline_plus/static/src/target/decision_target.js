import {_t} from "@web/core/l10n/translation";
import {DecisionKanbanHeader} from "../decision/decision_kanban_header";
import {formatFigure} from "../figures/flash_figures/figure_format";
import {getStateLook} from "./figure_target";
import {patch} from "@web/core/utils/patch";

/** The target of the amount won, in the head of the current period. */
patch(DecisionKanbanHeader.prototype, {
    get target() {
        const {made} = this.props.list.model;
        return (made?.start === this.group.serverValue && made.target) || null;
    },

    get targetLook() {
        return getStateLook(this.target.state);
    },

    get targetTitle() {
        const {currency_id: currencyId} = this.props.list.model.made;
        const format = (value) => formatFigure(value, "amount", currencyId);
        return [
            _t("Expected by today: %s", format(this.target.expected)),
            _t("Gap: %s", format(this.target.gap)),
        ].join("\n");
    },
});
