import {Component, useState} from "@odoo/owl";
import {MultiRecordSelector} from "@web/core/record_selectors/multi_record_selector";
import {_t} from "@web/core/l10n/translation";
import {user} from "@web/core/user";

const SELECTORS = {
    team_ids: {
        model: "crm.team",
        label: _t("Sales Teams"),
        placeholder: _t("All teams"),
    },
    user_ids: {
        model: "res.users",
        label: _t("Salespeople"),
        placeholder: _t("All salespeople"),
        domain: [["share", "=", false]],
    },
    pipeline_ids: {
        model: "crm.pipeline",
        label: _t("Pipelines"),
        placeholder: _t("All pipelines"),
    },
    campaign_ids: {
        model: "utm.campaign",
        label: _t("Campaigns"),
        placeholder: _t("All campaigns"),
    },
    category_ids: {
        model: "product.category",
        label: _t("Product Categories"),
        placeholder: _t("All categories"),
    },
    company_ids: {
        model: "res.company",
        label: _t("Companies"),
        placeholder: _t("All companies"),
    },
};

/** Whose records a page is about, and of which teams, pipelines and others. */
export class RecordFilters extends Component {
    static template = "sales_pipeline_plus.RecordFilters";
    static components = {MultiRecordSelector};
    static props = {
        names: Array,
        filters: Object,
        seesAll: Boolean,
        update: Function,
    };

    setup() {
        this.state = useState({isOpen: false});
    }

    get selectors() {
        return this.props.names
            .filter((name) => this.isOffered(name))
            .map((name) => ({name, ...SELECTORS[name], ...this.getChoice(name)}));
    }

    isOffered(name) {
        const {filters, seesAll} = this.props;
        return name === "user_ids"
            ? seesAll && !filters.mine
            : name !== "company_ids" || user.activeCompanies.length > 1;
    }

    getChoice(name) {
        const ids = user.activeCompanies.map((company) => company.id);
        return name === "company_ids" ? {domain: [["id", "in", ids]]} : {};
    }

    /** How many filters are set behind the button of a phone. */
    get count() {
        return this.selectors.filter(({name}) => this.props.filters[name].length)
            .length;
    }
}
