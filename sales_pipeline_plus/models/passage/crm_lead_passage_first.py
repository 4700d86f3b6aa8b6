from odoo import api, fields, models
from odoo.fields import Domain


class CrmLeadPassage(models.Model):
    """The stays of one pipeline: stages of several do not belong on one axis."""

    _inherit = "crm.lead.passage"

    is_of_first_pipeline = fields.Boolean(
        compute="_compute_is_of_first_pipeline",
        search="_search_is_of_first_pipeline",
        help="Of the pipeline that comes first in your list of pipelines.",
    )

    @api.depends("pipeline_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_of_first_pipeline(self):
        first = self.env["crm.pipeline"].search([], limit=1)
        for passage in self:
            passage.is_of_first_pipeline = passage.pipeline_id == first

    @api.model
    def _search_is_of_first_pipeline(self, operator, value):
        if operator != "in":
            return NotImplemented
        first = self.env["crm.pipeline"].search([], limit=1)
        return Domain("pipeline_id", "in", first.ids)
