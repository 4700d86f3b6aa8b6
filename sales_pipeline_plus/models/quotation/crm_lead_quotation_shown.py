from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.arguments import check_records
from .crm_lead_quotation import TAKE_OVER


class CrmLead(models.Model):
    """What the user sees of the main quotation, and takes over with a click.

    Which quotation leads is the same for everybody; who may not read it sees nothing
    of it, and not the next one instead.
    """

    _inherit = "crm.lead"

    main_quotation_id = fields.Many2one(
        "sale.order",
        compute="_compute_main_quotation",
        exportable=False,
    )
    main_quotation_amount = fields.Monetary(
        string="Amount of the Main Quotation",
        compute="_compute_main_quotation",
        currency_field="company_currency",
        exportable=False,
        help="Untaxed, converted at the order date.",
    )
    main_quotation_date = fields.Date(
        string="Date of the Main Quotation",
        compute="_compute_main_quotation",
        exportable=False,
        help="The promised delivery, else the end of the validity.",
    )
    can_use_quotation_amount = fields.Boolean(
        compute="_compute_main_quotation", exportable=False
    )
    can_use_quotation_date = fields.Boolean(
        compute="_compute_main_quotation", exportable=False
    )
    quotation_difference = fields.Char(
        string="Products That Differ",
        compute="_compute_main_quotation",
        exportable=False,
    )
    quotations_lead = fields.Boolean(
        compute="_compute_quotations_lead", exportable=False
    )

    @api.depends("pipeline_id.quotation_policy", "type")
    def _compute_quotations_lead(self):
        led = self._filter_led()
        for lead in self:
            lead.quotations_lead = lead in led

    @api.depends_context("uid", "allowed_company_ids", "lang")
    @api.depends(
        "active",
        "chosen_quotation_id",
        "date_deadline",
        "expected_revenue",
        "order_ids.amount_untaxed",
        "order_ids.commitment_date",
        "order_ids.currency_rate",
        "order_ids.order_line.price_subtotal",
        "order_ids.order_line.product_uom_qty",
        "order_ids.state",
        "order_ids.validity_date",
        "pipeline_id.quotation_policy",
        "product_line_ids.price_subtotal",
        "revenue_from_products",
        "won_status",
    )
    def _compute_main_quotation(self):
        quotations = self._get_readable_main_quotations()
        writable = self._origin.browse(lead.id for lead in quotations)._filtered_access(
            "write"
        )
        for lead in self:
            quotation = quotations.get(lead._origin, self.env["sale.order"])
            offered = lead._get_shown_offer(quotation) if quotation else {}
            is_writable = lead._origin in writable
            lead.main_quotation_id = quotation
            lead.main_quotation_amount = (
                quotation.sudo()._get_amount_for(lead.sudo()) if quotation else 0.0
            )
            lead.main_quotation_date = (
                quotation.sudo()._get_decision_day() if quotation else False
            )
            lead.can_use_quotation_amount = is_writable and (
                "expected_revenue" in offered
            )
            lead.can_use_quotation_date = is_writable and "date_deadline" in offered
            lead.quotation_difference = (
                lead._get_difference_text(quotation) if quotation else False
            )

    def _get_readable_main_quotations(self):
        """Return {lead: its main quotation} where quotations lead, of those that the
        user may read."""
        quotations = self._origin._filter_led()._get_main_quotations()
        found = self.env["sale.order"].browse(
            quotation.id for quotation in quotations.values()
        )
        readable = found._filtered_access("read") if found else found
        return {
            lead: quotation.with_env(self.env)
            for lead, quotation in quotations.items()
            if quotation.with_env(self.env) in readable
        }

    def _get_shown_offer(self, quotation):
        """Return what can be taken over from it: on an open opportunity amount and
        date, on a won one the amount, on another nothing."""
        self.ensure_one()
        if not self.active or self.won_status == "lost":
            return {}
        offered = self.sudo()._get_offered(quotation.sudo())
        if self.won_status == "won":
            offered.pop("date_deadline", None)
        return offered

    def _get_made_revenue(self):
        """Where quotations lead, alternatives do not add up: quoted is the main one."""
        result = super()._get_made_revenue()
        led = self._origin._filter_led()
        quotations = led._get_readable_main_quotations() if led else {}
        for lead in led & self._origin.browse(result):
            quotation = quotations.get(lead)
            result[lead.id]["quoted"] = (
                quotation.sudo()._get_amount_for(lead.sudo())
                if quotation and quotation.state != "sale"
                else 0.0
            )
        return result

    @api.depends("chosen_quotation_id", "pipeline_id.quotation_policy")
    def _compute_made_revenue(self):
        return super()._compute_made_revenue()

    # ------------------------------------------------------------
    # What a click does
    # ------------------------------------------------------------

    def action_use_quotation_amount(self):
        """Take over the amount of the main quotation, also on a won opportunity.

        :raise UserError: if there is nothing to take over
        """
        self._use_quotation("expected_revenue")

    def action_use_quotation_date(self):
        """Take over the date of the main quotation as the expected closing.

        :raise UserError: if there is nothing to take over
        """
        self._use_quotation("date_deadline")

    def _use_quotation(self, name):
        check_records(self)
        self.check_access("write")
        quotations = self._get_readable_main_quotations()
        for lead in self:
            quotation = quotations.get(lead)
            offered = lead._get_shown_offer(quotation) if quotation else {}
            if name not in offered:
                raise UserError(
                    self.env._(
                        "“%(lead)s”: its main quotation says nothing else about the "
                        "field “%(field)s” any more. Reload the page.",
                        lead=lead.display_name,
                        field=lead._get_field_labels([name])[0],
                    )
                )
            lead._internally(TAKE_OVER).write({name: offered[name]})
            lead._write_facts({"followed_quotation": quotation.name})

    def action_open_main_quotation(self):
        """Open the main quotation.

        :raise UserError: if there is none that the user may see
        """
        check_records(self)
        self.ensure_one()
        self.check_access("read")
        if not self.main_quotation_id:
            raise UserError(
                self.env._(
                    "“%s” has no main quotation that you may see.", self.display_name
                )
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.main_quotation_id.id,
            "views": [(False, "form")],
        }

    def action_open_products(self):
        """Open the products of the opportunity beside each other."""
        check_records(self)
        self.ensure_one()
        self.check_access("read")
        name = self.env._("Products")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "crm.lead.product",
            "domain": [("lead_id", "=", self.id)],
            "context": {"default_lead_id": self.id, "create": False},
            "views": [(False, "list"), (False, "form")],
        }
