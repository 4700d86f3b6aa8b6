from odoo import api, models


class CrmPipeline(models.Model):
    _inherit = "crm.pipeline"

    @api.ondelete(at_uninstall=True)
    def _unlink_from_snapshots(self):
        self.env["crm.forecast.snapshot"]._forget_links("pipeline_id", self)


class CrmStage(models.Model):
    _inherit = "crm.stage"

    @api.ondelete(at_uninstall=True)
    def _unlink_from_snapshots(self):
        self.env["crm.forecast.snapshot"]._forget_links("stage_id", self)


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.ondelete(at_uninstall=True)
    def _unlink_from_snapshots(self):
        self.env["crm.forecast.snapshot"]._forget_links("company_id", self)


class ResCurrency(models.Model):
    _inherit = "res.currency"

    @api.ondelete(at_uninstall=True)
    def _unlink_from_snapshots(self):
        self.env["crm.forecast.snapshot"]._forget_links("currency_id", self)
