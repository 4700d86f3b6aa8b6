from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

# What can lose an opportunity, reopen it or move it.
CLOSING_FIELDS = {
    "active",
    "automated_probability",
    "company_id",
    "lost_reason_id",
    "partner_id",
    "pipeline_id",
    "probability",
    "stage_id",
    "team_id",
    "type",
    "user_id",
}


class CrmLead(models.Model):
    """A lost opportunity stays where it was lost, as its pipeline says."""

    _inherit = "crm.lead"

    reopening_policy = fields.Selection(
        related="pipeline_id.reopening_policy",
        string="Reopening",
        exportable=False,
    )

    @api.model_create_multi
    def create(self, vals_list):
        leads = super().create(vals_list)
        leads._check_lost_reason()
        return leads

    def write(self, vals):
        """Check what loses an opportunity, reopens it or moves it when it is lost.

        The states before and after are compared, so that no way to write is forgotten.
        """
        if not CLOSING_FIELDS & vals.keys():
            return super().write(vals)
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        strict_ids = {
            layout.id
            for layout in layouts.values()
            if layout.reopening_policy != "allowed" or not layout.follow_odoo_stages
        }
        lost = self.browse()
        if strict_ids:
            lost = self.filtered(
                lambda lead: (
                    lead.type == "opportunity"
                    and lead.won_status == "lost"
                    and lead.pipeline_id.id in strict_ids
                )
            )
        places = {lead: (lead.pipeline_id, lead.stage_id) for lead in lost}
        asks_reason = any(layout.lost_reason_required for layout in layouts.values())
        emptied = "lost_reason_id" in vals and not vals["lost_reason_id"]
        still_open = self.browse()
        if asks_reason:
            still_open = self.filtered(
                lambda lead: emptied or lead.won_status != "lost"
            )
        result = super().write(vals)
        still_open._check_lost_reason()
        if lost:
            lost._check_stays_lost(places)
        return result

    # ------------------------------------------------------------
    # Losing
    # ------------------------------------------------------------

    def action_set_lost(self, **additional_values):
        """Write the lost reason first where the pipeline asks for one.

        Odoo archives first, which already loses an opportunity of 0 %.
        """
        if additional_values.get("lost_reason_id"):
            layouts = self.env["crm.pipeline"]._get_layout().pipelines
            asked = self.filtered(
                lambda lead: (
                    (layout := layouts.get(lead.pipeline_id.id))
                    and layout.lost_reason_required
                )
            )
            asked.write({"lost_reason_id": additional_values["lost_reason_id"]})
        return super().action_set_lost(**additional_values)

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
                and lead.won_status == "lost"
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
        leaves it to him; it is logged.

        :param places: {lead: (pipeline, stage)} before the change
        :raise UserError: naming each opportunity, its pipeline and what to do instead
        :raise AccessError: if someone else gives a reason
        """
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        reason = self.env.context.get("reopen_reason")
        refusals, reopened = [], self.browse()
        for lead in self:
            pipeline, stage = places[lead]
            is_reopened = lead.type != "opportunity" or lead.won_status != "lost"
            if not is_reopened and places[lead] == (lead.pipeline_id, lead.stage_id):
                continue
            policy = layouts[pipeline.id].reopening_policy
            if is_reopened and policy == "allowed":
                continue
            if is_reopened and policy == "manager" and reason:
                reopened += lead
                continue
            refusals.append(
                lead._get_refusal_to_reopen(pipeline, stage, policy, is_reopened)
            )
        if refusals:
            raise UserError("\n".join(refusals[:20]))
        if reopened:
            reopened._log_reopening(reason, places)

    def _get_refusal_to_reopen(self, pipeline, stage, policy, is_reopened):
        self.ensure_one()
        names = {
            "lead": self.display_name,
            "pipeline": pipeline.sudo().name,
            "stage": stage.name or self.env._("no stage"),
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

    def _log_reopening(self, reason, places):
        if not self._can_give_reason_to_reopen():
            raise AccessError(
                self.env._("Only a sales manager can reopen lost opportunities here.")
            )
        self._message_log_batch(
            bodies={
                lead.id: self.env._(
                    "Reopened after it was lost in “%(stage)s” of “%(pipeline)s”. "
                    "Reason: %(reason)s",
                    stage=places[lead][1].name or self.env._("no stage"),
                    pipeline=places[lead][0].sudo().name,
                    reason=reason,
                )
                for lead in self
            }
        )
