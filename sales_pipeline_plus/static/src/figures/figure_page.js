import {Component, onMounted, onWillStart, useRef, useState} from "@odoo/owl";
import {KeepLast} from "@web/core/utils/concurrency";
import {router} from "@web/core/browser/router";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {useSetupAction} from "@web/search/action_hook";
import {withoutSamples} from "@sales_pipeline_plus/figures/without_samples";

/**
 * A page that asks the engine of the figures for an answer, and again when its filters
 * change. They are kept in the address and when one comes back; what could not be loaded
 * can be tried again.
 *
 * A page has `static filtering`, the functions `makeFilters`, `toEngine`, `toAddress` and
 * `fromAddress` of its filters, and `ask()`, which returns the answer.
 */
export class FigurePage extends Component {
    static props = {...standardActionServiceProps};

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.root = useRef("root");
        this.display = {controlPanel: {}};
        this.keepLast = new KeepLast();
        this.state = useState({
            filters: this.readFilters(),
            isLoading: true,
            hasFailed: false,
            answer: null,
        });
        useSetupAction({
            rootRef: this.root,
            getLocalState: () => ({filters: {...this.state.filters}}),
        });
        onWillStart(() => this.prepare());
        onMounted(() => this.load());
    }

    /** Reads what the page needs before it is shown. */
    async prepare() {
        this.seesAll = await user.hasGroup("sales_team.group_sale_salesman_all_leads");
    }

    /** Whether the address is this page's. */
    get hasAddress() {
        const {id, path, tag} = this.props.action;
        return [id, path, tag].includes(router.current.action);
    }

    /** The filters as they were left, else those of the address. */
    readFilters() {
        const {fromAddress, makeFilters} = this.constructor.filtering;
        if (this.props.state) {
            return makeFilters(this.props.state.filters);
        }
        return this.hasAddress ? fromAddress(router.current) : makeFilters();
    }

    /** The filters as the engine wants them. */
    get asked() {
        return this.constructor.filtering.toEngine(this.state.filters);
    }

    call(method, ...args) {
        return this.orm.call("crm.kpi", method, args);
    }

    async load() {
        this.writeAddress();
        this.state.isLoading = true;
        this.state.hasFailed = false;
        try {
            this.state.answer = await this.keepLast.add(this.ask());
        } catch (error) {
            this.state.hasFailed = true;
            // Odoo tells the user.
            throw error;
        } finally {
            this.state.isLoading = false;
        }
    }

    writeAddress() {
        const {toAddress} = this.constructor.filtering;
        this.props.updateActionState?.(toAddress(this.state.filters));
    }

    /** Takes other filters. What is measured is only another look at the same answer. */
    updateFilters(values) {
        this.state.filters = {...this.state.filters, ...values};
        if ("measure" in values) {
            this.writeAddress();
            return;
        }
        return this.load();
    }

    get whoseText() {
        return this.state.filters.mine ? user.name : user.activeCompany?.name;
    }

    /** Opens what a method of the engine says is behind a number. */
    async openAction(method, ...args) {
        this.action.doAction(withoutSamples(await this.call(method, ...args)));
    }

    print() {
        window.print();
    }
}
