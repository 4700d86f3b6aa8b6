from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.arguments import check_records
from ..passage.crm_lead_concern_dates import LOSING


class CrmLead(models.Model):
    """A lost opportunity stays where it was lost, as its pipeline says."""

    _inherit = "crm.lead"

    reopening_policy = fields.Selection(
        related="pipeline_id.reopening_policy",
        string="Reopening",
        tracking=False,
        exportable=False,
    )

    # ------------------------------------------------------------
    # Losing
    # ------------------------------------------------------------

    def action_set_lost(self, **additional_values):
        """Write the lost reason first where the pipeline asks for one.

        Odoo archives first, which already loses an opportunity of 0 %.
        """
        check_records(self)
        if additional_values.get("lost_reason_id"):
            layouts = self.env["crm.pipeline"]._get_layout().pipelines
            asked = self.filtered(
                lambda lead: (
                    (layout := layouts.get(lead.pipeline_id.id))
                    and layout.lost_reason_required
                )
            )
            asked.write({"lost_reason_id": additional_values["lost_reason_id"]})
        # Archived is not yet lost: the closing date that it gets there is kept.
        return super(CrmLead, self._internally(LOSING)).action_set_lost(
            **additional_values
        )

    def _check_lost_reason(self):
        """Refuse lost opportunities without a reason where the pipeline asks for one.

        :raise ValidationError: naming each opportunity and its pipeline
        """
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        asking_ids = {
            layout.id for layout in layouts.values() if layout.lost_reason_required
        }
        if not asking_ids:
            return
        missing = self.filtered(
            lambda lead: (
                lead.type == "opportunity"
                and lead.pipeline_id.id in asking_ids
                and lead._get_won_status() == "lost"
                and not lead.lost_reason_id
            )
        )
        if missing:
            raise ValidationError(
                "\n".join(
                    self.env._(
                        "“%(lead)s” cannot be lost in the pipeline “%(pipeline)s” "
                        "without a lost reason. Choose why it was lost.",
                        lead=lead.display_name,
                        pipeline=lead.sudo().pipeline_id.name,
                    )
                    for lead in missing[:20]
                )
            )

    # ------------------------------------------------------------
    # Reopening
    # ------------------------------------------------------------

    def _check_stays_lost(self, places):
        """Refuse that lost opportunities are reopened against their pipeline's policy,
        or moved to another stage while they are lost.

        A sales manager may give a reason (context ``reopen_reason``) where the policy
        leaves it to him.

        :param places: {lead: (pipeline id, stage id)} before the change
        :return: the leads that are reopened with a reason
        :raise UserError: naming each opportunity, its pipeline and what to do instead
        :raise AccessError: if someone else gives a reason
        """
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        reason = self.env.context.get("reopen_reason")
        refusals, reopened = [], self.browse()
        for lead in self:
            pipeline_id = places[lead][0]
            is_reopened = lead.type != "opportunity" or lead._get_won_status() != "lost"
            if not is_reopened and places[lead] == (
                lead.pipeline_id.id,
                lead.stage_id.id,
            ):
                continue
            policy = layouts[pipeline_id].reopening_policy
            if is_reopened and policy == "allowed":
                continue
            if is_reopened and policy == "manager" and reason:
                reopened += lead
                continue
            refusals.append(
                lead._get_refusal_to_reopen(*places[lead], policy, is_reopened)
            )
        if refusals:
            raise UserError("\n".join(refusals[:20]))
        if reopened and not self._can_give_reason_to_reopen():
            raise AccessError(
                self.env._("Only a sales manager can reopen lost opportunities here.")
            )
        return reopened

    def _get_refusal_to_reopen(self, pipeline_id, stage_id, policy, is_reopened):
        self.ensure_one()
        names = {
            "lead": self.display_name,
            **self._get_place_names(pipeline_id, stage_id),
        }
        if not is_reopened:
            return self.env._(
                "“%(lead)s” was lost in the stage “%(stage)s” of “%(pipeline)s” and "
                "stays there. Use “New Attempt” to try again.",
                **names,
            )
        if policy == "forbidden":
            return self.env._(
                "“%(lead)s” is lost, and lost opportunities of the pipeline "
                "“%(pipeline)s” are not reopened. Use “New Attempt” to try again.",
                **names,
            )
        if self._can_give_reason_to_reopen():
            return self.env._(
                "“%(lead)s” is lost, and lost opportunities of the pipeline "
                "“%(pipeline)s” are reopened with a reason only. Use “New Attempt” to "
                "try again, or “Reopen” to give a reason.",
                **names,
            )
        return self.env._(
            "“%(lead)s” is lost, and only a sales manager can reopen lost "
            "opportunities of the pipeline “%(pipeline)s”. Use “New Attempt” to try "
            "again.",
            **names,
        )

    @api.model
    def _can_give_reason_to_reopen(self):
        return self.env.user.has_group("sales_team.group_sale_manager")

    @api.model
    def _get_place_names(self, pipeline_id, stage_id):
        """Return the names of a pipeline and a stage, which everybody may know."""
        return {
            "pipeline": self.env["crm.pipeline"].sudo().browse(pipeline_id).name,
            "stage": self.env["crm.stage"].browse(stage_id).name
            or self.env._("no stage"),
        }

    def _log_reopening(self, reason, places):
        """Log why these were reopened, and from which of these places."""
        self._message_log_batch(
            bodies={
                lead.id: self.env._(
                    "Reopened after it was lost in “%(stage)s” of “%(pipeline)s”. "
                    "Reason: %(reason)s",
                    reason=reason,
                    **self._get_place_names(*places[lead]),
                )
                for lead in self
            }
        )

    def copy_data(self, default=None):
        """A copy of a lost or archived opportunity is an open one."""
        vals_list = super().copy_data(default=default)
        for lead, vals in zip(self, vals_list, strict=True):
            if not lead.active:
                for name, value in (("active", True), ("lost_reason_id", False)):
                    if name not in (default or {}):
                        vals[name] = value
        return vals_list
