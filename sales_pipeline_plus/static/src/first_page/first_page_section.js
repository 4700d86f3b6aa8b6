import {Component, useState, useSubEnv} from "@odoo/owl";
import {View} from "@web/views/view";
import {formatInteger} from "@web/views/fields/formatters";
import {useService} from "@web/core/utils/hooks";
import {user} from "@web/core/user";

/** The first opportunities of one section, in Odoo's own list or, on a phone, cards. */
export class FirstPageSection extends Component {
    static template = "sales_pipeline_plus.FirstPageSection";
    static components = {View};
    static props = {openDeals: Function, section: Object, views: Object, whose: String};

    setup() {
        this.action = useService("action");
        this.state = useState({count: null, isLoading: false});
        useSubEnv({
            onSectionLoading: () => (this.state.isLoading = true),
            onSectionLoaded: (count) =>
                Object.assign(this.state, {count, isLoading: false}),
        });
        // Made once: new props would load the view again.
        this.viewProps = this.getViewProps();
    }

    get count() {
        return this.state.count === null ? "" : formatInteger(this.state.count);
    }

    get context() {
        return {
            ...user.context,
            default_type: "opportunity",
            first_page_section: this.props.section.code,
            first_page_team: this.props.whose === "team",
        };
    }

    getViewProps() {
        const type = this.env.isSmall ? "kanban" : "list";
        const viewId = this.props.views[type];
        return {
            resModel: "crm.lead",
            type,
            viewId,
            views: [
                [viewId, type],
                [false, "search"],
            ],
            display: {controlPanel: false, searchPanel: false},
            ...(type === "list" && {allowSelectors: false}),
            domain: this.props.section.domain,
            context: this.context,
            selectRecord: (id) => this.openDeal(id),
        };
    }

    openDeal(id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.lead",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    openAll() {
        const {domain, title} = this.props.section;
        return this.props.openDeals(title, domain);
    }
}
