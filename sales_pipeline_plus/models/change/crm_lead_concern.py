from odoo import api, models


class CrmLeadConcern(models.AbstractModel):
    """One concern of changing opportunities, such as what their stage asks for.

    ``crm.lead`` sees every change once and asks its concerns, in the order of
    :meth:`crm.lead._get_concerns`. Another addon adds one::

        class CrmLeadConcernGreeting(models.AbstractModel):
            _name = "crm.lead.concern.greeting"
            _inherit = "crm.lead.concern"
            _description = "Greets New Customers"

            def _get_watched_fields(self):
                return {"won_status"}

            def _record(self, change):
                for lead in change.get_changed("won_status"):
                    ...

    All methods are called for the whole batch, and with the rights of who changes it.
    """

    _name = "crm.lead.concern"
    _description = "Concern of Changing Opportunities"

    @api.model
    def _get_watched_fields(self):
        """Return the names of the fields of which a change concerns it.

        Also fields that are computed from what is written. The answer is cached: it
        follows from the code and the set-up of the pipelines alone.
        """
        return set()

    @api.model
    def _get_known_fields(self, affected):
        """Return the names of the stored fields that it needs as they were before.

        By default those that it watches, as far as the change can affect them; what it
        cannot is the same afterwards. Cached as the former.

        :param affected: names of the fields that the change can affect
        """
        return affected & self._get_watched_fields()

    @api.model
    def _complete_create(self, change, vals_list):
        """Return the values of new opportunities, completed."""
        return vals_list

    @api.model
    def _complete_write(self, change, vals):
        """Return the values that are written on ``change.leads``, completed."""
        return vals

    @api.model
    def _complete(self, change):
        """Bring in line what the written values have brought about."""

    @api.model
    def _check(self, change):
        """Refuse what may not be, comparing the state before with the one after.

        :raise UserError: naming each opportunity and what to do
        """

    @api.model
    def _record(self, change):
        """Write down the facts and tell whom they concern."""
