from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .cadence import MAX_DAYS, MAX_TRIES, read_cadence


class CrmPipeline(models.Model):
    """When somebody who did not answer is called again."""

    _inherit = "crm.pipeline"

    call_cadence = fields.Char(
        "Calling Again",
        tracking=True,
        help="Days between a call that nobody answered and the next one, for example "
        "1, 3, 7: the next day, then after 3 and after 7 days. After the last call the "
        "salesperson chooses: put the opportunity on hold, lose it, or call somebody "
        "else. Empty: calls without an answer are not recorded.",
    )

    @api.constrains("call_cadence")
    def _check_call_cadence(self):
        for pipeline in self:
            try:
                read_cadence(pipeline.call_cadence)
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "“Calling Again” of the pipeline “%(pipeline)s” must be a list "
                        "of at most %(count)s numbers of days from 1 to %(days)s, such "
                        "as 1, 3, 7, and not “%(text)s”.",
                        pipeline=pipeline.name,
                        count=MAX_TRIES - 1,
                        days=MAX_DAYS,
                        text=pipeline.call_cadence,
                    )
                ) from error

    def _prepare_layout(self):
        return (
            super()
            ._prepare_layout()
            ._replace(call_cadence=read_cadence(self.call_cadence))
        )
