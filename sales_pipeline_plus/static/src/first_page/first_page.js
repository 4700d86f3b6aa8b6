import {Component, EventBus, onWillStart, useState, useSubEnv} from "@odoo/owl";
import {FigureTarget} from "../target/figure_target";
import {FirstPageSection} from "./first_page_section";
import {Layout} from "@web/search/layout";
import {_t} from "@web/core/l10n/translation";
import {deserializeDate, formatDate} from "@web/core/l10n/dates";
import {formatDifference, formatFigure} from "../figures/flash_figures/figure_format";
import {formatInteger} from "@web/views/fields/formatters";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useBus, useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {withoutSamples} from "@sales_pipeline_plus/figures/without_samples";

/** What a day begins with: short lists, each opportunity one click from being done. */
export class FirstPage extends Component {
    static template = "sales_pipeline_plus.FirstPage";
    static components = {FigureTarget, FirstPageSection, Layout};
    static props = {...standardActionServiceProps};
    static displayName = _t("My Day");

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.display = {controlPanel: {}};
        this.state = useState({page: null});
        this.openDeals = this.openDeals.bind(this);
        this.reviewStates = [
            ["missing", _t("No action")],
            ["late", _t("Late")],
            ["out_of_standard", _t("Out of standard")],
        ];
        const bus = new EventBus();
        useSubEnv({firstPageBus: bus});
        useBus(bus, "CHANGED", () => this.refreshTeam());
        useSetupAction({getLocalState: () => ({whose: this.state.page.whose})});
        onWillStart(() => this.load(this.props.state?.whose || null));
    }

    fetch(whose) {
        return this.orm.call("crm.first.page", "get_first_page", [whose]);
    }

    async load(whose) {
        this.state.page = await this.fetch(whose);
    }

    async refreshTeam() {
        if (this.state.page.whose === "team") {
            const {salespeople} = await this.fetch("team");
            this.state.page.salespeople = salespeople;
        }
    }

    async toggleHome() {
        const {page} = this.state;
        await this.orm.call("crm.first.page", "set_home", [!page.is_home]);
        page.is_home = !page.is_home;
    }

    format(number) {
        return formatInteger(number);
    }

    formatAmount(amount) {
        return formatDifference(amount, "amount", this.state.page.changes.currency_id);
    }

    get changesTitle() {
        return _t(
            "Changed since %s",
            formatDate(deserializeDate(this.state.page.changes.start))
        );
    }

    async openBar({code}) {
        this.action.doAction(
            withoutSamples(
                await this.orm.call("crm.kpi", "open_changes", [
                    code,
                    this.state.page.changes.filters,
                ])
            )
        );
    }

    formatValue({unit, value}) {
        return formatFigure(value, unit, this.state.page.targets.currency_id);
    }

    async openFigure({code}) {
        this.action.doAction(
            withoutSamples(
                await this.orm.call("crm.kpi", "open_records", [
                    code,
                    this.state.page.targets.filters,
                ])
            )
        );
    }

    openTargetsPage() {
        return this.action.doAction("sales_pipeline_plus.crm_kpi_action_targets");
    }

    openChangesPage() {
        return this.action.doAction("sales_pipeline_plus.crm_kpi_action_what_changed");
    }

    openDeals(name, domain) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: "crm.lead",
            domain,
            views: [
                [this.state.page.views.all, "list"],
                [false, "kanban"],
                [false, "form"],
            ],
            context: {default_type: "opportunity"},
        });
    }

    openSalesperson(person, state, label) {
        const domain = state
            ? [...person.domain, ["review_state", "=", state]]
            : person.domain;
        return this.openDeals(label ? `${person.name}: ${label}` : person.name, domain);
    }
}

registry.category("actions").add("sales_pipeline_plus.first_page", FirstPage);
