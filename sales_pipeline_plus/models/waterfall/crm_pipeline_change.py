from datetime import date

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...kpi.changes import KINDS
from ...tools.arguments import check_mapping, check_records
from .crm_kpi_change_question import ChangeQuestion

# Without any snapshot nothing is known to have changed.
NOTHING = ChangeQuestion(date.max, None, None, {}, Domain.FALSE)
# What the list has of a deal, then and now.
COLUMNS = (
    "date_deadline",
    "probability",
    "stage_id",
    "user_id",
    "team_id",
    "pipeline_id",
)


class CrmPipelineChange(models.Model):
    """A part of what became of a deal between two weeks, with its values then and now.

    One row for each deal and bar of "What Changed", so that the list behind a bar is as
    long, and adds up to as much, as the bar says. Which weeks and deals it is about is
    in the context, as ``change_filters``: see ``crm.kpi.get_changes``. Amounts are in
    the currency of the user's company.
    """

    _name = "crm.pipeline.change"
    _description = "Change in the Pipeline"
    _auto = False
    _order = "size desc, id"
    _rec_name = "deal_name"
    _depends = {
        "crm.forecast.snapshot": [
            "amount",
            "company_id",
            "date",
            "date_deadline",
            "former_date_closed",
            "former_lead_id",
            "former_status",
            "lead_id",
            "lead_name",
            "partner_name",
            "pipeline_id",
            "probability",
            "stage_id",
            "team_id",
            "user_id",
            "weighted_amount",
        ],
        "crm.lead": [
            "active",
            "company_id",
            "date_closed",
            "date_deadline",
            "date_hold",
            "date_start",
            "expected_revenue",
            "name",
            "partner_id",
            "pipeline_id",
            "probability",
            "prorated_revenue",
            "stage_id",
            "team_id",
            "type",
            "user_id",
            "won_status",
        ],
        "crm.lead.hold": ["date_end", "date_start", "former_lead_id", "lead_id"],
        "crm.lead.passage": ["date_in", "date_out", "lead_id", "outcome", "stage_id"],
        "crm.stage": ["is_won"],
        "res.company": ["currency_id"],
        "res.currency.rate": ["company_id", "currency_id", "name", "rate"],
    }

    kind = fields.Selection(
        selection="_get_kinds", string="What Changed", readonly=True
    )
    deal_name = fields.Char("Opportunity", readonly=True)
    customer_name = fields.Char("Customer", readonly=True)
    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity Now",
        readonly=True,
        help="Of a merged opportunity, the one that it was merged into. Empty if it "
        "was deleted, or is one that you may not open.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    count_change = fields.Integer(
        "Number",
        readonly=True,
        help="1 if the opportunity comes in, -1 if it leaves, 0 if it stays.",
    )
    amount_change = fields.Monetary(
        "Amount", readonly=True, help="What it adds to the amount."
    )
    weighted_change = fields.Monetary(
        "Weighted", readonly=True, help="What it adds to the weighted amount."
    )
    size = fields.Monetary(readonly=True, aggregator=None)
    old_amount = fields.Monetary(
        "Amount Then",
        readonly=True,
        aggregator=None,
        help="At the exchange rate of then.",
    )
    new_amount = fields.Monetary(
        "Amount Now",
        readonly=True,
        aggregator=None,
        help="At the exchange rate of the end, or of the closing date.",
    )
    old_date_deadline = fields.Date("Expected Closing Then", readonly=True)
    new_date_deadline = fields.Date("Expected Closing Now", readonly=True)
    old_probability = fields.Float(
        "Probability Then (%)", readonly=True, digits=(16, 1), aggregator=None
    )
    new_probability = fields.Float(
        "Present Probability (%)", readonly=True, digits=(16, 1), aggregator=None
    )
    old_stage_id = fields.Many2one("crm.stage", string="Stage Then", readonly=True)
    new_stage_id = fields.Many2one("crm.stage", string="Stage Now", readonly=True)
    has_old = fields.Boolean("Open Then", readonly=True)
    has_new = fields.Boolean("Known Now", readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        readonly=True,
        help="Now; of what is no more, then.",
    )
    old_user_id = fields.Many2one("res.users", string="Salesperson Then", readonly=True)
    new_user_id = fields.Many2one("res.users", string="Salesperson Now", readonly=True)
    old_team_id = fields.Many2one("crm.team", string="Sales Team Then", readonly=True)
    new_team_id = fields.Many2one("crm.team", string="Sales Team Now", readonly=True)
    old_pipeline_id = fields.Many2one(
        "crm.pipeline", string="Pipeline Then", readonly=True
    )
    new_pipeline_id = fields.Many2one(
        "crm.pipeline", string="Pipeline Now", readonly=True
    )

    @api.model
    def _get_kinds(self):
        return [(kind.code, self.env._(kind.label)) for kind in KINDS]

    @api.model
    def _search(self, domain, *args, **kwargs):
        """The same row tells something else for another question: what was read for
        the one before is forgotten."""
        filters = repr(self.env.context.get("change_filters"))
        asked = self.env.cr.cache.setdefault(self._name, filters)
        if asked != filters:
            self.env.cr.cache[self._name] = filters
            self.invalidate_model(flush=False)
        return super()._search(domain, *args, **kwargs)

    @property
    def _table_query(self):
        kpi = self.env["crm.kpi"]
        filters = check_mapping(
            self.env, "change_filters", self.env.context.get("change_filters")
        )
        question = kpi._read_change_filters(filters)
        leads = self.env["crm.lead"].with_context(active_test=False)._search([])
        columns = SQL(", ").join(
            SQL("part.%s", SQL.identifier(f"{side}_{name}"))
            for name in COLUMNS
            for side in ("old", "new")
        )
        return SQL(
            """SELECT part.id, part.kind, lead.id AS lead_id,
                      COALESCE(part.lead_name, lead.name) AS deal_name,
                      CASE WHEN part.lead_name IS NOT NULL THEN part.partner_name
                           ELSE COALESCE(partner.complete_name, lead.partner_name)
                           END AS customer_name,
                      part.count_change, part.amount_change, part.weighted_change,
                      GREATEST(abs(part.amount_change), abs(part.weighted_change))
                          AS size,
                      part.has_old, part.has_new,
                      CASE WHEN part.has_new THEN part.new_user_id
                           ELSE part.old_user_id END AS user_id,
                      part.old_converted AS old_amount,
                      part.new_converted AS new_amount,
                      %(currency)s AS currency_id, %(columns)s
                 FROM (%(parts)s) AS part
            LEFT JOIN (%(leads)s) AS lead ON lead.id = part.lead_id
            LEFT JOIN res_partner AS partner ON partner.id = lead.partner_id""",
            currency=self.env.company.currency_id.id,
            columns=columns,
            leads=leads.select(
                *(
                    SQL.identifier(leads.table, name)
                    for name in ("id", "name", "partner_id", "partner_name")
                )
            ),
            parts=kpi._get_change_parts_sql(question or NOTHING),
        )

    def action_open_deal(self):
        """Open the opportunity, the survivor of a merged one."""
        check_records(self)
        self.ensure_one()
        self.check_access("read")
        return self.lead_id and {
            "type": "ir.actions.act_window",
            "res_model": "crm.lead",
            "res_id": self.lead_id.id,
            "views": [[False, "form"]],
            "context": {"active_test": False},
        }
