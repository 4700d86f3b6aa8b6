from odoo import api, models

TEMPLATES = "/sales_pipeline_plus/static/import"


class CrmTarget(models.Model):
    """The file to begin with when targets are imported line by line."""

    _inherit = "crm.target"

    @api.model
    def get_import_templates(self):
        """Offer our own file, in the language of the user."""
        lang = "fr" if (self.env.user.lang or "").startswith("fr") else "en"
        return [
            {
                "label": self.env._("Import Template for Targets"),
                "template": f"{TEMPLATES}/targets_{lang}.xlsx",
            }
        ]
