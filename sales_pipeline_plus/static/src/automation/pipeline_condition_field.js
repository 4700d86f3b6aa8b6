import {DomainField, domainField} from "@web/views/fields/domain/domain_field";
import {Domain} from "@web/core/domain";
import {registry} from "@web/core/registry";

/**
 * The condition of an automatic action: counts, and shows, the opportunities of its
 * pipeline, not those of all pipelines.
 */
export class PipelineConditionField extends DomainField {
    getEvaluatedDomain(props = this.props) {
        const domain = super.getEvaluatedDomain(...arguments);
        const {pipeline_id: pipeline, stage_id: stage} = props.record.data;
        if (domain.isInvalid) {
            return domain;
        }
        const scope = [["type", "=", "opportunity"]];
        if (pipeline) {
            scope.push(["pipeline_id", "=", pipeline.id]);
        }
        if (stage) {
            scope.push(["stage_id", "=", stage.id]);
        }
        return Domain.and([scope, domain]).toList();
    }
}

registry.category("fields").add("pipeline_condition", {
    ...domainField,
    component: PipelineConditionField,
    fieldDependencies: [
        {name: "pipeline_id", type: "many2one"},
        {name: "stage_id", type: "many2one"},
    ],
});
