from odoo import fields, models

from ...tools.arguments import check_records


class CrmLead(models.Model):
    """Moving opportunities to another pipeline."""

    _inherit = "crm.lead"

    won_pipeline_id = fields.Many2one(
        related="pipeline_id.won_pipeline_id", tracking=False
    )

    def action_move_to_pipeline(self):
        """Open the preview of a move of these opportunities."""
        check_records(self)
        return self.env["crm.pipeline.move"]._open(self)

    def action_hand_over(self):
        """Open the preview of handing these over to another salesperson."""
        check_records(self)
        return self.env["crm.lead.hand.over"]._open(self)

    def action_continue_won(self):
        """Open the preview of a move to the delivery pipeline."""
        check_records(self)
        self.ensure_one()
        return self.env["crm.pipeline.move"]._open(self, self.won_pipeline_id)

    def _move_to_pipeline(self, pipeline, stage, values=None):
        """Move opportunities to a stage of another pipeline, in one write.

        :param dict values: what changes along with it
        The note comes with the tracked values, as one message on each of them.
        """
        for (source, source_stage), leads in self.grouped(
            lambda lead: (lead.pipeline_id, lead.stage_id)
        ).items():
            leads._track_set_log_message(
                self.env._(
                    "Moved from “%(origin)s” (%(stage)s) to “%(target)s” "
                    "(%(target_stage)s)",
                    origin=source.sudo().name or self.env._("no pipeline"),
                    stage=source_stage.name or self.env._("no stage"),
                    target=pipeline.name,
                    target_stage=stage.name,
                )
            )
        self.write({"pipeline_id": pipeline.id, "stage_id": stage.id, **(values or {})})

    # ------------------------------------------------------------
    # Preview
    # ------------------------------------------------------------

    def _get_missing_in(self, layout, line):
        """Return the labels of what the lead would lack in a stage of a pipeline.

        Another pipeline asks other questions, so its score is worked out there.
        """
        self.ensure_one()
        lead = self
        if line.minimum_score and layout.id != self.pipeline_id.id:
            lead = self.new(
                {"pipeline_id": layout.id, "stage_id": line.stage_id}, origin=self
            )
        return lead._get_missing(line)

    def _get_last_moves_from(self, pipeline):
        """Return {lead id: (stage id there, stage id after it)} for the leads that
        have left ``pipeline`` before, as the chatter has it.
        """
        if not self:
            return {}
        get_field = self.env["ir.model.fields"]._get
        values = (
            self.env["mail.tracking.value"]
            .sudo()
            .search(
                [
                    ("field_id", "=", get_field("crm.lead", "pipeline_id").id),
                    ("old_value_integer", "=", pipeline.id),
                    ("mail_message_id.model", "=", "crm.lead"),
                    ("mail_message_id.res_id", "in", self.ids),
                ],
                order="id",
            )
        )
        # The latest message of each lead.
        messages = {
            value.mail_message_id.res_id: value.mail_message_id.id for value in values
        }
        stages = (
            self.env["mail.tracking.value"]
            .sudo()
            .search(
                [
                    ("field_id", "=", get_field("crm.lead", "stage_id").id),
                    ("mail_message_id", "in", list(messages.values())),
                ]
            )
        )
        return {
            value.mail_message_id.res_id: (
                value.old_value_integer,
                value.new_value_integer,
            )
            for value in stages
        }
