import {
    formatFigure,
    isNoData,
} from "@sales_pipeline_plus/figures/flash_figures/figure_format";
import {Component} from "@odoo/owl";
import {NumberHelp} from "./number_help";
import {_t} from "@web/core/l10n/translation";

/** Of the deals created in a month, the share won after some months, shaded by it. */
export class CohortTable extends Component {
    static template = "sales_pipeline_plus.CohortTable";
    static components = {NumberHelp};
    static props = {
        cohorts: Object,
        measure: String,
        open: Function,
    };

    setup() {
        this.title = _t("Won by Month of Creation");
    }

    get rows() {
        return this.props.cohorts.rows;
    }

    get months() {
        return [...Array(this.props.cohorts.months).keys()];
    }

    monthLabel(after) {
        if (!after) {
            return _t("Same month");
        }
        return after === 1 ? _t("1 month later") : _t("%s months later", after);
    }

    formatCreated(row) {
        const {measure, cohorts} = this.props;
        return formatFigure(row[measure], measure, cohorts.currency_id);
    }

    getShare(cell) {
        return cell[`${this.props.measure}_share`];
    }

    format(cell) {
        return formatFigure(this.getShare(cell), "percentage");
    }

    /** Whether there are deals to open behind a share. */
    opens(cell) {
        return Boolean(cell.count) && !isNoData(this.getShare(cell));
    }

    openLabel(row, cell, after) {
        return `${row.label}, ${this.monthLabel(after)}: ${this.format(cell)}`;
    }

    /** How dark a cell is, in hundredths. */
    getShade(cell) {
        return cell ? Math.round((this.getShare(cell) || 0) / 2) : 0;
    }
}
