from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.sales_pipeline_plus.tools.arguments import check_ids, check_records


class SalesCampaignLink(models.TransientModel):
    """Add many records to campaigns at once, or remove them from there."""

    _name = "sales.campaign.link"
    _inherit = ["crm.dialog.access.mixin"]
    _description = "Add to Campaigns"

    res_model = fields.Char(required=True, readonly=True)
    res_ids = fields.Json(string="Selected Records", readonly=True)
    record_count = fields.Integer(
        string="Number of Records", compute="_compute_record_count"
    )
    campaign_ids = fields.Many2many(
        "sales.campaign",
        "sales_campaign_link_add_rel",
        "link_id",
        "campaign_id",
        string="Add to",
    )
    removed_campaign_ids = fields.Many2many(
        "sales.campaign",
        "sales_campaign_link_remove_rel",
        "link_id",
        "campaign_id",
        string="Remove from",
    )
    linked_campaign_ids = fields.Many2many(
        "sales.campaign",
        string="Present Campaigns",
        compute="_compute_linked_campaign_ids",
        help="The campaigns that at least one of the records belongs to.",
    )

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        context = self.env.context
        values.setdefault("res_model", context.get("active_model"))
        active_id = context.get("active_id")
        values.setdefault(
            "res_ids",
            context.get("active_ids") or ([active_id] if active_id else []),
        )
        return values

    @api.model
    def _check_given(self, values):
        # The database would refuse what is no JSON, in words of its own.
        check_ids(self.env, "res_ids", values.get("res_ids"))
        return super()._check_given(values)

    @api.depends("res_ids")
    def _compute_record_count(self):
        for link in self:
            link.record_count = len(link.res_ids or [])

    @api.depends("res_model", "res_ids")
    def _compute_linked_campaign_ids(self):
        for link in self:
            records = link._get_records().exists()._filtered_access("read")
            pairs = records.sudo()._get_campaign_links()
            campaigns = {campaign_id for _record_id, campaign_id in pairs}
            link.linked_campaign_ids = [
                Command.set(
                    self.env["sales.campaign"]
                    .with_context(active_test=False)
                    .search([("id", "in", list(campaigns))])
                    .ids
                )
            ]

    def _get_records(self):
        self.ensure_one()
        if (
            self.res_model
            not in self.env["sales.campaign.mixin"]._get_campaign_models()
        ):
            raise UserError(
                self.env._("These records cannot be linked to sales campaigns.")
            )
        ids = check_ids(self.env, "res_ids", self.res_ids)
        return self.env[self.res_model].browse(ids)

    def action_apply(self):
        """Add and remove, and tell how many links that made."""
        check_records(self)
        self.ensure_one()
        if not self.campaign_ids and not self.removed_campaign_ids:
            raise UserError(
                self.env._("Choose the campaigns to add the records to, in “Add to”.")
            )
        if both := self.campaign_ids & self.removed_campaign_ids:
            raise UserError(
                self.env._(
                    "“%s” is in “Add to” and in “Remove from”. Take it out of one of "
                    "them.",
                    both[0].title,
                )
            )
        records = self._get_records().exists()
        removed = records._unlink_campaigns(self.removed_campaign_ids)
        added = records._link_campaigns(self.campaign_ids)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self._get_summary(added, removed),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _get_summary(self, added, removed):
        if not added and not removed:
            return self.env._("Nothing to change: it was so already.")
        parts = []
        if added:
            parts.append(self.env._("Links added: %s.", added))
        if removed:
            parts.append(self.env._("Links removed: %s.", removed))
        return " ".join(parts)
