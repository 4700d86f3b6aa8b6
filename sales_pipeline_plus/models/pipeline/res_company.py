from odoo import api, fields, models


class ResCompany(models.Model):
    """Where new opportunities of a company go, unless their team says otherwise."""

    _name = "res.company"
    _inherit = ["res.company", "crm.setup.mixin"]
    _setup_fields = frozenset({"pipeline_id"})

    pipeline_id = fields.Many2one(
        "crm.pipeline",
        string="Default Pipeline",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('team_ids', '=', False), ('company_id', 'in', [id, False])]",
        help="New opportunities start in this pipeline, unless their sales team has "
        "another default. Without one they are in no pipeline, as in Odoo.",
    )

    @api.constrains("pipeline_id")
    def _check_pipeline_id(self):
        self.sudo().pipeline_id._check_default()

    @api.model_create_multi
    def create(self, vals_list):
        """Give new companies the shared pipeline that companies have as default."""
        pipeline = (
            self.sudo()
            .search([("pipeline_id", "!=", False)], order="id")
            .pipeline_id.filtered(lambda pipeline: not pipeline.company_id)[:1]
        )
        return super().create(
            [{"pipeline_id": pipeline.id, **vals} for vals in vals_list]
        )
