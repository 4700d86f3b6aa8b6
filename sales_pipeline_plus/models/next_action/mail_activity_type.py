from odoo import api, fields, models


class MailActivityType(models.Model):
    """How long an activity takes, for the effort in the figures."""

    _name = "mail.activity.type"
    _inherit = ["mail.activity.type", "crm.value.mixin"]

    effort_hours = fields.Float(
        string="Hours of Effort",
        default=0.25,
        help="Hours that a salesperson spends on an activity of this type, counted "
        "when it is marked as done. Leave 0 for meetings of the calendar: their own "
        "duration counts.",
    )

    _effort_hours_positive = models.Constraint(
        "CHECK(effort_hours >= 0)",
        "The hours of effort of an activity type cannot be below zero.",
    )

    @api.model
    def _get_type_of_next_action(self):
        """Return the type that is proposed for the next action of a deal: a call."""
        # No query in a loop over deals: ``env.ref`` looks at each call.
        type_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "mail.mail_activity_data_call", raise_if_not_found=False
        )
        return self.browse(type_id or ()).filtered("active")

    @api.model
    def _get_types_of_system(self):
        """Return the types that are planned by themselves, never by hand."""
        return self.browse()

    @api.model
    def _get_types_within_house(self):
        """Return the types of what is asked within the house: no contact with the
        customer, hence no next action of a deal.

        To be extended by what asks.
        """
        return self.browse()

    @api.model
    def _get_planning_domain(self, model="res_model"):
        """Return the types to choose from, for the domain of a field.

        :param str model: what gives the technical name of the model
        """
        return (
            f"['|', ('res_model', '=', False), ('res_model', '=', {model}),"
            f" ('id', 'not in', {self._get_types_of_system().ids})]"
        )
