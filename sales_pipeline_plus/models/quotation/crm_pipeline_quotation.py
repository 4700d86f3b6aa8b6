from odoo import api, fields, models


class CrmPipeline(models.Model):
    """What the main quotation of an opportunity does in a pipeline."""

    _inherit = "crm.pipeline"

    quotation_policy = fields.Selection(
        [
            ("off", "Nothing happens"),
            ("offer", "Offer its amount and date"),
            ("follow", "Amount and date follow it"),
        ],
        string="Main Quotation",
        required=True,
        default="off",
        tracking=True,
        help="One of the quotations of an opportunity leads: the one that somebody "
        "chose, else the confirmed one, else the first that is not cancelled. Offer: "
        "the opportunity shows where its expected revenue and expected closing differ "
        "from it, and takes them over with a click. Follow: they follow by themselves "
        "from the next change of a quotation on, unless somebody gave others. Both: "
        "Quoted counts the main quotation alone, and who confirms one is offered to "
        "mark the opportunity as won. Nothing happens: as in Odoo, where a confirmed "
        "order raises the expected revenue.",
    )

    def _prepare_layout(self):
        return (
            super()._prepare_layout()._replace(quotation_policy=self.quotation_policy)
        )

    @api.model
    def _get_quotation_policies(self):
        """Return {pipeline id: policy} of those where main quotations lead, without a
        query."""
        return {
            layout.id: layout.quotation_policy
            for layout in self._get_layout().pipelines.values()
            if layout.quotation_policy != "off"
        }
