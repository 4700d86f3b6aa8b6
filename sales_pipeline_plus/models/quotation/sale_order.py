from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.arguments import check_records

# What may change which quotation leads, or what it says.
LEADING_FIELDS = frozenset(
    {
        "commitment_date",
        "date_order",
        "name",
        "opportunity_id",
        "state",
        "validity_date",
    }
)


class SaleOrder(models.Model):
    """A quotation that leads its opportunity."""

    _inherit = "sale.order"

    is_main_quotation = fields.Boolean(
        string="Main Quotation",
        compute="_compute_is_main_quotation",
        inverse="_inverse_is_main_quotation",
        help="It leads among the quotations of its opportunity. Alternatives do not "
        "add up.",
    )
    can_be_main_quotation = fields.Boolean(
        compute="_compute_is_main_quotation",
        exportable=False,
        help="Whether another one leads instead of it, as long as that is so.",
    )

    @api.depends(
        "opportunity_id.chosen_quotation_id",
        "opportunity_id.order_ids.state",
        "opportunity_id.pipeline_id.quotation_policy",
        "state",
    )
    def _compute_is_main_quotation(self):
        mains = self.sudo().opportunity_id._origin._filter_led()._get_main_quotations()
        for order in self.sudo():
            main = mains.get(order.opportunity_id._origin)
            order.is_main_quotation = bool(main) and main == order._origin
            order.can_be_main_quotation = (
                bool(main) and main != order._origin and order.state != "cancel"
            )

    def _inverse_is_main_quotation(self):
        """Choose it on its opportunity, or take back the choice.

        :raise UserError: if it is cancelled or of no opportunity
        """
        for order in self:
            lead = order.opportunity_id
            if not order.is_main_quotation:
                if lead.sudo().chosen_quotation_id == order:
                    lead.chosen_quotation_id = False
                continue
            if not lead or order.state == "cancel":
                raise UserError(
                    self.env._(
                        "“%s” cannot lead: it is cancelled or belongs to no "
                        "opportunity. Choose another quotation.",
                        order.display_name,
                    )
                )
            lead.chosen_quotation_id = order

    def action_make_main_quotation(self):
        """Let each lead its opportunity from now on.

        :raise UserError: see :meth:`_inverse_is_main_quotation`
        """
        check_records(self)
        self.check_access("write")
        self.is_main_quotation = True

    def _get_rank(self, lead):
        """Return what sorts it among the quotations of a lead: the lowest one leads."""
        self.ensure_one()
        return (lead.chosen_quotation_id != self, self.state != "sale", self.id)

    # ------------------------------------------------------------
    # What it says
    # ------------------------------------------------------------

    def _get_currency_for(self, lead):
        """Return the currency of a lead's amounts; that of its own company for a lead
        of no company."""
        return lead.company_id.currency_id or self.company_id.currency_id

    def _get_amount_for(self, lead, amount=None):
        """Return an amount of this quotation, by default its untaxed one, in the
        currency of a lead, converted at the order date."""
        self.ensure_one()
        amount = self.amount_untaxed if amount is None else amount
        currency, own = self._get_currency_for(lead), self.company_id.currency_id
        if self.currency_id != currency:
            amount /= self.currency_rate or 1.0
            if own != currency:
                day = (self.date_order or fields.Datetime.now()).date()
                amount = own._convert(
                    amount, currency, self.company_id, day, round=False
                )
        return currency.round(amount)

    def _get_decision_day(self):
        """Return the day by which it is decided: that of the promised delivery, else
        the end of its validity; False for a day that has passed."""
        self.ensure_one()
        company, day = self.company_id, self.validity_date
        if self.commitment_date:
            day = company._get_day(self.commitment_date)
        return day if day and day >= company._get_day(fields.Datetime.now()) else False

    # ------------------------------------------------------------
    # Every way to change it
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders._look_from_quotations()
        return orders

    def write(self, vals):
        if LEADING_FIELDS.isdisjoint(vals):
            return super().write(vals)
        former = self.sudo().opportunity_id if "opportunity_id" in vals else None
        confirmed = vals.get("state") == "sale" and self.sudo().filtered(
            lambda order: order.state != "sale"
        )
        result = super().write(vals)
        self._look_from_quotations(former, confirmed or ())
        return result

    def unlink(self):
        former = self.sudo().opportunity_id
        result = super().unlink()
        if self.env["crm.pipeline"]._get_quotation_policies():
            former._look_at_quotations()
        return result

    def _compute_amounts(self):
        """Lines, taxes and prices end here, whoever writes them."""
        result = super()._compute_amounts()
        self._look_from_quotations()
        return result

    def _look_from_quotations(self, former=None, confirmed=()):
        """Let their opportunities look at their quotations when the transaction ends.

        :param former: the opportunities that they were of
        :param confirmed: those that were just confirmed
        """
        if not self.env["crm.pipeline"]._get_quotation_policies():
            return
        orders = self.sudo().filtered(lambda order: isinstance(order.id, int))
        leads = orders.opportunity_id | (former or self.env["crm.lead"])
        leads._look_at_quotations(confirmed)
