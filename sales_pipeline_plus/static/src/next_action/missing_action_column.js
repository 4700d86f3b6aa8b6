import {CrmColumnProgress} from "@crm/views/crm_kanban/crm_column_progress";
import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";

/**
 * The header of a column tells how many of its deals have no next action; the number is
 * that of the progress bar, which one grouped query counts for all columns.
 */
patch(CrmColumnProgress.prototype, {
    get missingActionBar() {
        const {bars} = this.props.progressBar;
        return bars.find((bar) => bar.value === "missing" && bar.count);
    },

    get missingActionTitle() {
        return _t("Without next action: %s", this.missingActionBar.count);
    },
});
