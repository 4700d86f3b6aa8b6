from odoo import api, fields, models
from odoo.exceptions import ValidationError

# What decides who may enter a stage.
ENTRY_FIELDS = {"entry_group_id", "entry_policy", "pipeline_id", "stage_id"}


class CrmPipelineStage(models.Model):
    """Who may move an opportunity into a stage of a pipeline."""

    _inherit = "crm.pipeline.stage"

    entry_policy = fields.Selection(
        [
            ("everybody", "Everybody"),
            ("owner", "The opportunity's salesperson"),
            ("leader", "The leader of its sales team"),
            ("group", "The members of a group"),
        ],
        string="Who May Enter",
        required=True,
        default="everybody",
        help="Who may move an opportunity into this stage of the pipeline, or create "
        "one in it. Administrators are no exception. Without a salesperson it is the "
        "leader of the sales team, and without a leader the sales managers.",
    )
    entry_group_id = fields.Many2one(
        "res.groups",
        string="Group That May Enter",
        ondelete="restrict",
        index="btree_not_null",
    )
    entry_approval = fields.Boolean(
        "Others Ask for Approval",
        help="Who may not move an opportunity into this stage can ask those who may, "
        "with a reason. It stays where it is until they approve.",
    )

    @api.constrains("entry_policy", "entry_group_id")
    def _check_entry_group(self):
        for line in self:
            if line.entry_policy == "group" and not line.entry_group_id:
                raise ValidationError(
                    self.env._(
                        "“%(stage)s” in “%(pipeline)s”: choose the group whose members "
                        "may enter, or let everybody enter.",
                        stage=line.stage_id.name,
                        pipeline=line.pipeline_id.name,
                    )
                )

    def _is_bare(self):
        return super()._is_bare() and self.entry_policy == "everybody"

    def write(self, vals):
        """What waits is asked of those who may now, or of nobody."""
        pipelines = self.pipeline_id
        result = super().write(vals)
        if vals.keys() & ENTRY_FIELDS:
            approvals = self.env["crm.lead.approval"].sudo()
            approvals.search(
                [
                    ("state", "=", "waiting"),
                    ("pipeline_id", "in", (pipelines | self.pipeline_id).ids),
                ]
            )._remind_approvers()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_end_approvals(self):
        """What waits for a stage that leaves the pipeline waits for nothing."""
        places = {(line.pipeline_id, line.stage_id) for line in self}
        waiting = (
            self.env["crm.lead"]
            .sudo()
            .search([("approval_stage_id", "in", self.stage_id.ids)])
        )
        waiting.filtered(
            lambda lead: (lead.pipeline_id, lead.approval_stage_id) in places
        )._end_approvals("lapsed")


class CrmPipeline(models.Model):
    _inherit = "crm.pipeline"

    def _prepare_layout(self):
        layout = super()._prepare_layout()
        rules = {line.id: line for line in self.pipeline_stage_ids}
        return layout._replace(
            lines=tuple(
                line._replace(
                    entry_policy=rules[line.id].entry_policy,
                    entry_group_id=rules[line.id].entry_group_id.id,
                    entry_approval=rules[line.id].entry_approval,
                )
                for line in layout.lines
            )
        )
