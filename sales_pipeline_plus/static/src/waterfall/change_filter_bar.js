import {DECISIONS, MEASURES} from "./change_filters";
import {Component, useState} from "@odoo/owl";
import {MultiRecordSelector} from "@web/core/record_selectors/multi_record_selector";
import {_t} from "@web/core/l10n/translation";
import {user} from "@web/core/user";

const {DateTime} = luxon;

/** Which weeks are compared, what is measured, and whose deals they are. */
export class ChangeFilterBar extends Component {
    static template = "sales_pipeline_plus.ChangeFilterBar";
    static components = {MultiRecordSelector};
    static props = {
        filters: Object,
        weeks: Array,
        start: [String, Boolean],
        seesAll: Boolean,
        update: Function,
    };

    setup() {
        this.decisions = DECISIONS;
        this.measures = MEASURES;
        this.state = useState({isOpen: false});
    }

    /** The weeks that can be the closing: those after the opening. */
    get laterWeeks() {
        return this.props.weeks.filter((week) => week > this.props.start);
    }

    /** The weeks that can be the opening: those before the closing. */
    get earlierWeeks() {
        const {end} = this.props.filters;
        return this.props.weeks.filter((week) => !end || week < end);
    }

    get selectors() {
        const selectors = [
            {
                name: "team_ids",
                model: "crm.team",
                label: _t("Sales Teams"),
                placeholder: _t("All teams"),
            },
            {
                name: "pipeline_ids",
                model: "crm.pipeline",
                label: _t("Pipelines"),
                placeholder: _t("All pipelines"),
            },
        ];
        if (this.props.seesAll && !this.props.filters.mine) {
            selectors.splice(1, 0, {
                name: "user_ids",
                model: "res.users",
                label: _t("Salespeople"),
                placeholder: _t("All salespeople"),
                domain: [["share", "=", false]],
            });
        }
        const companies = user.activeCompanies;
        if (companies.length > 1) {
            selectors.push({
                name: "company_ids",
                model: "res.company",
                label: _t("Companies"),
                placeholder: _t("All companies"),
                domain: [["id", "in", companies.map((company) => company.id)]],
            });
        }
        return selectors;
    }

    get count() {
        return this.selectors.filter(({name}) => this.props.filters[name].length)
            .length;
    }

    formatWeek(week) {
        return DateTime.fromISO(week).toLocaleString(DateTime.DATE_MED);
    }
}
