from odoo import fields, models
from odoo.tools import SQL

from ..tools.arguments import check_records


class CrmLeadProductReport(models.Model):
    """The products of all opportunities with what is known of the opportunities now.

    A query of its own, so that no write of an opportunity has to update its products.
    """

    _name = "crm.lead.product.report"
    _description = "Analysis of the Products of Opportunities"
    _auto = False
    _order = "date_deadline, lead_id, id"
    _rec_name = "product_id"

    lead_id = fields.Many2one("crm.lead", string="Opportunity", readonly=True)
    product_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one(
        "product.category", string="Product Category", readonly=True
    )
    product_uom_qty = fields.Float(
        string="Quantity", digits="Product Unit", readonly=True
    )
    price_subtotal = fields.Monetary(
        string="Amount", readonly=True, currency_field="currency_id"
    )
    weighted_amount = fields.Monetary(
        string="Weighted Revenue",
        readonly=True,
        currency_field="currency_id",
        help="The amount times the probability of the opportunity: all of it when won, "
        "nothing when lost.",
    )
    probability = fields.Float(
        string="Probability (%)", readonly=True, aggregator="avg"
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Contact", readonly=True)
    pipeline_id = fields.Many2one("crm.pipeline", readonly=True)
    stage_id = fields.Many2one("crm.stage", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    date_deadline = fields.Date(string="Expected Closing", readonly=True)
    date_closed = fields.Datetime(string="Closed Date", readonly=True)
    lead_create_date = fields.Datetime(string="Opportunity Created on", readonly=True)
    lost_reason_id = fields.Many2one("crm.lost.reason", readonly=True)
    won_status = fields.Selection(
        [("pending", "Open"), ("won", "Won"), ("lost", "Lost")],
        string="Status",
        readonly=True,
    )

    @property
    def _table_query(self):
        """Odoo gives an opportunity of no company the present company's currency."""
        return SQL(
            """SELECT line.id,
                      line.lead_id,
                      line.product_id,
                      line.categ_id,
                      line.product_uom_qty,
                      line.price_subtotal,
                      line.price_subtotal * COALESCE(lead.probability, 0) / 100
                          AS weighted_amount,
                      lead.probability,
                      COALESCE(company.currency_id, %s) AS currency_id,
                      lead.company_id,
                      lead.partner_id,
                      lead.pipeline_id,
                      lead.stage_id,
                      lead.team_id,
                      lead.user_id,
                      lead.date_deadline,
                      lead.date_closed,
                      lead.create_date AS lead_create_date,
                      lead.lost_reason_id,
                      lead.won_status
                 FROM crm_lead_product AS line
                 JOIN crm_lead AS lead ON lead.id = line.lead_id
            LEFT JOIN res_company AS company ON company.id = lead.company_id
                WHERE lead.type = 'opportunity'
                  AND (%s OR lead.won_status IN ('won', 'lost'))""",
            self.env.company.currency_id.id,
            self.env["crm.lead"]._get_open_sql("lead"),
        )

    def action_open_lead(self):
        """Open the opportunity of this product."""
        check_records(self)
        self.ensure_one()
        return self.lead_id.get_formview_action()
