import {
    formatFigure,
    isNoData,
} from "@sales_pipeline_plus/figures/flash_figures/figure_format";
import {Component} from "@odoo/owl";
import {NumberHelp} from "./number_help";
import {_t} from "@web/core/l10n/translation";
import {useService} from "@web/core/utils/hooks";

// Below this share of the first stage, a bar can still be seen.
const NARROWEST = 1.5;

/**
 * The funnel of one pipeline: a bar for each stage, as wide as its share of the first
 * one, and its numbers beside it. On a phone they are below it.
 */
export class FunnelStages extends Component {
    static template = "sales_pipeline_plus.FunnelStages";
    static components = {NumberHelp};
    static props = {
        pipeline: Object,
        numbers: Array,
        measure: String,
        currencyId: Number,
        open: Function,
    };

    setup() {
        this.ui = useService("ui");
    }

    get stages() {
        return this.props.pipeline.stages;
    }

    get entered() {
        return this.props.numbers[0];
    }

    /** The numbers besides the one that the bar shows. */
    get others() {
        return this.props.numbers.slice(1);
    }

    /** What a stage has: the won ones at the end have been won, that is all. */
    getOthers(stage) {
        return this.others.filter(({code}) => stage[code] !== null || stage.id);
    }

    get unknownText() {
        const {unknown} = this.props.pipeline;
        return unknown === 1
            ? _t("1 opportunity was entered as won or lost; nobody knows its way.")
            : _t(
                  "%s opportunities were entered as won or lost; nobody knows their way.",
                  unknown
              );
    }

    getValue(stage, number) {
        const found = stage[number.code];
        return number.unit === "measure" ? found?.[this.props.measure] : found;
    }

    format(stage, number) {
        const unit = number.unit === "measure" ? this.props.measure : number.unit;
        return formatFigure(this.getValue(stage, number), unit, this.props.currencyId);
    }

    /** Whether there are deals to open behind a number. */
    opens(stage, number) {
        const value = stage[number.code];
        if (number.unit === "days") {
            // Some spent less than a day.
            return !isNoData(value);
        }
        return Boolean(number.unit === "measure" ? value?.count : value);
    }

    isNoData(stage, number) {
        return isNoData(stage[number.code]);
    }

    openLabel(stage, number) {
        return `${stage.label}, ${number.label}: ${this.format(stage, number)}`;
    }

    getWidth(stage) {
        const of = (each) => this.getValue(each, this.entered);
        const share = of(stage) ? (100 * of(stage)) / of(this.stages[0]) : 0;
        return share ? Math.max(share, NARROWEST) : 0;
    }

    /** Of those who entered the first stage. */
    getShare(stage) {
        const of = (each) => this.getValue(each, this.entered);
        const first = of(this.stages[0]);
        return first
            ? formatFigure((100 * of(stage)) / first, "percentage")
            : formatFigure(null);
    }

    open(code, stage) {
        return this.props.open(code, this.props.pipeline.id, stage?.id);
    }
}
