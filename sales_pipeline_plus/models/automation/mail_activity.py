from odoo import fields, models


class MailActivity(models.Model):
    """Which automatic action of a pipeline planned an activity."""

    _inherit = "mail.activity"

    pipeline_rule_id = fields.Many2one(
        "crm.pipeline.rule",
        string="Automatic Action",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
