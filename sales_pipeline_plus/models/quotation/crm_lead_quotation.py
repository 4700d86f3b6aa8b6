from odoo import api, fields, models
from odoo.exceptions import ValidationError

SOURCES = [("own", "Given"), ("quotation", "Main quotation")]
# What follows the main quotation: the field, and the one that tells where it is from.
SOURCE_FIELDS = {
    "expected_revenue": "revenue_source",
    "date_deadline": "deadline_source",
}
# What an opportunity can take over from its main quotation.
TAKE_OVER = "quotation_take_over"


class CrmLead(models.Model):
    """Which quotation of an opportunity leads, and what was taken over from it.

    Alternatives do not add up. A choice counts as long as the chosen one is a quotation
    of the opportunity that is not cancelled; nothing needs to be cleaned up.
    """

    _inherit = "crm.lead"

    chosen_quotation_id = fields.Many2one(
        "sale.order",
        string="Chosen Main Quotation",
        domain="[('opportunity_id', '=', id), ('state', '!=', 'cancel')]",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        tracking=True,
        help="The quotation that somebody chose to lead. Without a choice the "
        "confirmed one leads, else the first that is not cancelled.",
    )
    revenue_source = fields.Selection(
        SOURCES,
        string="Expected Revenue From",
        readonly=True,
        copy=False,
        help="Main quotation: it was taken over from there, and nobody has changed it "
        "since. Empty: nothing was taken over yet.",
    )
    deadline_source = fields.Selection(
        SOURCES,
        string="Expected Closing From",
        readonly=True,
        copy=False,
        help="Main quotation: it was taken over from there, and nobody has changed it "
        "since. Empty: nothing was taken over yet.",
    )
    followed_quotation = fields.Char(
        string="Number of the Quotation Taken Over",
        readonly=True,
        copy=False,
        help="The number of the quotation that led when something was last taken over.",
    )

    @api.constrains("chosen_quotation_id")
    def _check_chosen_quotation(self):
        for lead in self.sudo():
            quotation = lead.chosen_quotation_id
            if quotation and quotation.opportunity_id != lead:
                raise ValidationError(
                    self.env._(
                        "“%(quotation)s” is no quotation of “%(lead)s” and cannot "
                        "lead there. Choose one of its own quotations.",
                        quotation=quotation.name,
                        lead=lead.display_name,
                    )
                )

    @api.model
    def _get_concerns(self):
        return [*super()._get_concerns(), "crm.lead.concern.quotation"]

    @api.model
    def _get_kept_fields(self):
        return super()._get_kept_fields() | {
            "followed_quotation",
            *SOURCE_FIELDS.values(),
        }

    def _get_quotation_policy(self):
        """Return off, offer or follow: what the main quotation does here."""
        self.ensure_one()
        policies = self.env["crm.pipeline"]._get_quotation_policies()
        return policies.get(self.sudo().pipeline_id.id, "off")

    def _filter_led(self):
        """Return the opportunities in whose pipelines main quotations lead."""
        policies = self.env["crm.pipeline"]._get_quotation_policies()
        if not policies:
            return self.browse()
        led = self.sudo().filtered(
            lambda lead: lead.pipeline_id.id in policies and lead.type == "opportunity"
        )
        return led.with_env(self.env)

    def _get_main_quotations(self):
        """Return {lead: its main quotation}, above the rules, in one query.

        The one that somebody chose leads, else the first confirmed one, else the first
        that is not cancelled.
        """
        orders = (
            self.env["sale.order"]
            .sudo()
            .search(
                [("opportunity_id", "in", self.ids), ("state", "!=", "cancel")],
                order="id",
            )
        )
        return {
            lead.with_env(self.env): min(
                group, key=lambda order: order._get_rank(order.opportunity_id)
            )
            for lead, group in orders.grouped("opportunity_id").items()
        }

    def _is_taken_freely(self, name):
        """Tell whether the field is the main quotation's to set: taken over from one
        before, or empty since ever. What somebody gave is his own, be it nothing."""
        self.ensure_one()
        source = self[SOURCE_FIELDS[name]]
        return source == "quotation" or (not source and not self[name])

    def _update_revenues_from_so(self, order):
        """Where main quotations lead, no other way raises the expected revenue."""
        return super(CrmLead, self - self._filter_led())._update_revenues_from_so(order)

    # ------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------

    def _merge_get_fields_specific(self):
        """Take the first choice of the merged deals."""
        getters = super()._merge_get_fields_specific()
        getters["chosen_quotation_id"] = lambda fname, leads: (
            leads.sudo().chosen_quotation_id[:1].id
        )
        return getters

    def _merge_opportunity(
        self, user_id=False, team_id=False, auto_unlink=True, max_length=5
    ):
        """Keep whose the amount and the date are that the survivor gets."""
        leads = self.sudo()._sort_by_confidence_level(reverse=True)
        sources = {"followed_quotation": leads[:1].followed_quotation}
        for name, source in SOURCE_FIELDS.items():
            giver = next((lead for lead in leads if lead[name]), leads[:1])
            sources[source] = giver[source]
            if giver[source] == "quotation":
                sources["followed_quotation"] = giver.followed_quotation
        merged = super()._merge_opportunity(
            user_id=user_id,
            team_id=team_id,
            auto_unlink=auto_unlink,
            max_length=max_length,
        )
        merged._write_facts(sources)
        return merged
