import {RottingKanbanHeader} from "@mail/js/rotting_mixin/rotting_kanban_header";
import {_t} from "@web/core/l10n/translation";
import {patch} from "@web/core/utils/patch";

/**
 * The tooltip of a stage tells what it means in the pipeline that is shown.
 */
patch(RottingKanbanHeader.prototype, {
    setup() {
        super.setup();
        const loadOdooTooltip = this.loadTooltip;
        this.loadTooltip = async () => [
            ...(await this.loadPipelineTooltip()),
            ...(await loadOdooTooltip()),
        ];
    },

    async loadPipelineTooltip() {
        const {list} = this.props;
        const pipelineId = list.context.default_pipeline_id;
        if (
            list.resModel !== "crm.lead" ||
            this.group.groupByField.name !== "stage_id" ||
            !pipelineId
        ) {
            return [];
        }
        const [line] = await this.orm.silent.searchRead(
            "crm.pipeline.stage",
            [
                ["pipeline_id", "=", pipelineId],
                ["stage_id", "=", this.group.value],
            ],
            ["definition", "entry_criteria"]
        );
        return [
            {title: _t("Definition"), value: line?.definition},
            {title: _t("Before entering"), value: line?.entry_criteria},
        ].filter((part) => part.value);
    },
});
