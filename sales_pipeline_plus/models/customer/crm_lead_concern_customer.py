from odoo import api, models
from odoo.fields import Command


class CrmLeadConcernCustomer(models.AbstractModel):
    """Whose first opportunity is won becomes a customer: by the tag of the company."""

    _name = "crm.lead.concern.customer"
    _inherit = "crm.lead.concern"
    _description = "New Customers of Won Opportunities"

    def _get_watched_fields(self):
        return {"partner_id", "type", "won_status"}

    def _record(self, change):
        # Whether it is won is asked last: it computes the percentage.
        if not self.env["crm.pipeline"]._get_layout().marks_customers or not (
            change.above.filtered(
                lambda lead: lead._get_customer_tag() and lead.partner_id
            )
        ):
            return
        changed = change.get_changed("type", "partner_id", "won_status").sudo()
        changed.filtered(
            lambda lead: (
                lead.type == "opportunity"
                and lead.partner_id
                and lead.won_status == "won"
            )
        )._mark_customers()


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model
    def _get_concerns(self):
        return [*super()._get_concerns(), "crm.lead.concern.customer"]

    def _get_customer_tag(self):
        """Return the tag of customers of the opportunity's company."""
        return (self.company_id or self.env.company).customer_category_id

    def _mark_customers(self):
        """Tag the customers of these won opportunities who had won none before.

        As in the figure of new customers, the people of a company are one customer. It
        is the mark of the opportunity's company, or of the one in which it was won. Who
        wins may have no right to change the customer.
        """
        for company, leads in self.grouped(
            lambda lead: lead.company_id or lead.env.company
        ).items():
            tag = company.customer_category_id
            if not tag:
                continue
            customers = leads.partner_id.commercial_partner_id
            earlier = self.with_context(active_test=False)._read_group(
                [
                    ("id", "not in", leads.ids),
                    ("type", "=", "opportunity"),
                    ("won_status", "=", "won"),
                    ("partner_id", "child_of", customers.ids),
                    ("company_id", "in", [company.id, False]),
                ],
                ["partner_id"],
            )
            known = leads.partner_id.browse(partner.id for [partner] in earlier)
            new = customers - known.commercial_partner_id
            new -= new.filtered_domain([("category_id", "in", tag.ids)])
            if new:
                new.write({"category_id": [Command.link(tag.id)]})
                new._message_log_batch(
                    bodies={
                        partner.id: self.env._(
                            "The first opportunity is won: marked as “%s”.", tag.name
                        )
                        for partner in new
                    },
                    author_id=self.env.ref("base.partner_root").id,
                )
