import {Component, onWillStart, useState} from "@odoo/owl";
import {KanbanRenderer} from "@web/views/kanban/kanban_renderer";
import {kanbanView} from "@web/views/kanban/kanban_view";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";

/**
 * What a sales manager does first. What is done is ticked off; closed for the company.
 */
export class FirstSteps extends Component {
    static template = "sales_pipeline_plus.FirstSteps";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({steps: []});
        onWillStart(async () => {
            this.state.steps = await this.orm.call("crm.pipeline", "get_first_steps");
        });
    }

    open(step) {
        return this.action.doAction(step.action);
    }

    async close() {
        await this.orm.call("crm.pipeline", "close_first_steps");
        this.state.steps = [];
    }
}

export class PipelineOverviewRenderer extends KanbanRenderer {
    static template = "sales_pipeline_plus.PipelineOverviewRenderer";
    static components = {...KanbanRenderer.components, FirstSteps};
}

registry.category("views").add("pipeline_overview_kanban", {
    ...kanbanView,
    Renderer: PipelineOverviewRenderer,
});
