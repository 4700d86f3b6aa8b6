from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CrmLeadFact(models.AbstractModel):
    """Something that was recorded of an opportunity and that outlives it.

    As long as the opportunity is there, ``lead_id`` leads to it. A fact whose
    opportunity was deleted has no ``lead_id``; it keeps the opportunity's number, name,
    customer and result. When open opportunities are merged, the survivor takes the
    facts over: ``lead_id`` leads to it, number and name are still those of the merged
    one. So ``COALESCE(lead_id, former_lead_id)`` says which facts belong together, and
    ``COALESCE(lead.won_status, former_status)`` what became of it.

    The names are written when a record goes, not with the fact.
    """

    _name = "crm.lead.fact"
    _description = "Fact of an Opportunity"

    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        readonly=True,
        index=True,
        ondelete="set null",
        help="Empty if the opportunity was deleted.",
    )
    former_lead_id = fields.Integer(
        "Number of the Former Opportunity",
        readonly=True,
        aggregator=None,
        help="The opportunity that was deleted or merged.",
    )
    lead_name = fields.Char(
        "Former Opportunity",
        readonly=True,
        help="The name of the opportunity that was deleted or merged.",
    )
    partner_name = fields.Char("Former Customer", readonly=True)
    former_status = fields.Selection(
        [("pending", "Pending"), ("won", "Won"), ("lost", "Lost")],
        string="Outcome of the Deleted Opportunity",
        readonly=True,
    )
    former_date_closed = fields.Datetime("Closing of the Deleted One", readonly=True)
    deal_name = fields.Char(
        "Opportunity Name",
        compute="_compute_deal_name",
        search="_search_deal_name",
        help="Of a deleted or merged opportunity, the name that it had.",
    )
    customer_name = fields.Char(
        compute="_compute_deal_name",
        help="Of a deleted or merged opportunity, the customer that it had.",
    )

    @api.depends("former_lead_id", "lead_name", "partner_name", "lead_id.partner_id")
    @api.depends("lead_id.name")
    def _compute_deal_name(self):
        for fact in self:
            if fact.former_lead_id:
                fact.deal_name = fact.lead_name
                fact.customer_name = fact.partner_name
            else:
                fact.deal_name = fact.lead_id.display_name
                fact.customer_name = fact.lead_id.partner_id.display_name

    @api.model
    def _search_deal_name(self, operator, value):
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        is_former = Domain("former_lead_id", "!=", 0)
        return (is_former & Domain("lead_name", operator, value)) | (
            ~is_former & Domain("lead_id.name", operator, value)
        )

    @api.depends("deal_name")
    def _compute_display_name(self):
        for fact in self:
            fact.display_name = fact.deal_name

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        """For facts with amounts: the opportunity's own currency; without a company,
        that of the present one."""
        for fact in self:
            company = fact.company_id or self.env.company
            fact.currency_id = company.sudo().currency_id

    # ------------------------------------------------------------
    # When records go
    # ------------------------------------------------------------

    @api.model
    def _get_fact_models(self):
        """Return the names of the models of facts."""
        return [
            name
            for name in self.pool.descendants(["crm.lead.fact"], "_inherit")
            if not self.env[name]._abstract
        ]

    @api.model
    def _get_kept_names(self):
        """Return {many2one: field that keeps its name} of users and teams, which may
        go: that of ``held_by_id`` is ``held_by_name``, if there is one."""
        kept = {
            name: f"{name.removesuffix('_id')}_name"
            for name, field in self._fields.items()
            if field.comodel_name in ("res.users", "crm.team")
        }
        return {name: own for name, own in kept.items() if own in self._fields}

    @api.model
    def _get_end_values(self):
        """Return the SQL assignments, besides, on the facts of a deleted opportunity,
        which is ``lead`` there."""
        return []

    @api.model
    def _get_taken_over_sql(self, leads):
        """Return the SQL condition of the facts that the survivor of a merge takes
        over; the others are kept as those of a deleted opportunity."""
        return SQL("lead.won_status = 'pending' AND survivor.won_status = 'pending'")

    @api.model
    def _prepare_lead_update(self):
        """Bring to the database what the statements below read."""
        self.env["crm.lead"].flush_model(
            [
                "company_id",
                "date_closed",
                "name",
                "partner_id",
                "partner_name",
                "user_id",
                "won_status",
            ]
        )
        self.env["res.partner"].flush_model(["complete_name"])
        self.flush_model()

    @api.model
    def _keep_leads(self, leads):
        """Let the facts keep what they say of opportunities that are being deleted."""
        self._prepare_lead_update()
        self.env.cr.execute(
            SQL(
                """UPDATE %(table)s AS fact
                      SET lead_id = NULL,
                          former_lead_id = lead.id,
                          lead_name = COALESCE(fact.lead_name, lead.name, ''),
                          partner_name = COALESCE(
                              fact.partner_name, partner.complete_name,
                              lead.partner_name),
                          former_status = lead.won_status,
                          former_date_closed = lead.date_closed
                          %(more)s
                     FROM crm_lead AS lead
                LEFT JOIN res_partner AS partner ON partner.id = lead.partner_id
                    WHERE fact.lead_id = lead.id
                      AND lead.id = ANY(%(leads)s)""",
                table=SQL.identifier(self._table),
                more=SQL("").join(
                    SQL(", %s", value) for value in self._get_end_values()
                ),
                leads=leads.ids,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _hand_over(self, leads, survivor):
        """Give the facts of opportunities that are merged to the survivor.

        What was won or lost by then is not handed over: it would change what was known
        of a month that is over.
        """
        self._prepare_lead_update()
        self.env.cr.execute(
            SQL(
                """UPDATE %(table)s AS fact
                      SET lead_id = survivor.id,
                          former_lead_id = COALESCE(fact.former_lead_id, lead.id),
                          lead_name = COALESCE(fact.lead_name, lead.name, ''),
                          partner_name = COALESCE(
                              fact.partner_name, partner.complete_name,
                              lead.partner_name)
                     FROM crm_lead AS lead
                LEFT JOIN res_partner AS partner ON partner.id = lead.partner_id
               CROSS JOIN crm_lead AS survivor
                    WHERE fact.lead_id = lead.id
                      AND lead.id = ANY(%(leads)s)
                      AND survivor.id = %(survivor)s
                      AND %(condition)s""",
                table=SQL.identifier(self._table),
                leads=leads.ids,
                survivor=survivor.id,
                condition=self._get_taken_over_sql(leads),
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _forget_links(self, name, records):
        """Empty the field ``name`` where it holds records that are being deleted, and
        keep their names."""
        kept = self._get_kept_names().get(name)
        if not records:
            return
        self.flush_model()
        field = SQL.identifier(name)
        self.env.cr.execute(
            SQL(
                """UPDATE %(table)s AS fact SET %(field)s = NULL %(name)s
                     FROM unnest(%(ids)s, %(names)s) AS gone (id, name)
                    WHERE fact.%(field)s = gone.id""",
                table=SQL.identifier(self._table),
                field=field,
                name=SQL(", %s = gone.name", SQL.identifier(kept)) if kept else SQL(),
                ids=records.ids,
                names=[record.display_name or "" for record in records.sudo()],
            )
        )
        self.invalidate_model(flush=False)


class CrmLead(models.Model):
    """Lets facts outlive the opportunity."""

    _inherit = "crm.lead"

    @api.ondelete(at_uninstall=True)
    def _unlink_keep_facts(self):
        for facts in self._get_facts_about():
            facts._keep_leads(self)

    def _get_facts_about(self):
        """Return the models that hold facts of these opportunities, above the rules.

        One query; most leads that are merged or deleted were never opportunities.
        """
        models_of_facts = [
            self.env[name].sudo()
            for name in self.env["crm.lead.fact"]._get_fact_models()
        ]
        for facts in models_of_facts:
            facts.flush_model()
        [found] = self.env.execute_query(
            SQL(
                "SELECT %s",
                SQL(", ").join(
                    SQL(
                        "EXISTS (SELECT FROM %s WHERE lead_id = ANY(%s))",
                        SQL.identifier(facts._table),
                        list(self.ids),
                    )
                    for facts in models_of_facts
                ),
            )
        )
        return [
            facts
            for facts, is_about in zip(models_of_facts, found, strict=True)
            if is_about
        ]

    def _merge_dependences(self, opportunities):
        """Hand the facts of merged opportunities over, too."""
        result = super()._merge_dependences(opportunities)
        for facts in opportunities._get_facts_about():
            facts._hand_over(opportunities, self)
        return result


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.ondelete(at_uninstall=True)
    def _unlink_keep_facts(self):
        _forget_everywhere(self)


class CrmTeam(models.Model):
    _inherit = "crm.team"

    @api.ondelete(at_uninstall=True)
    def _unlink_keep_facts(self):
        _forget_everywhere(self)


def _forget_everywhere(records):
    """Let all facts keep the names of users or teams that are being deleted."""
    for model_name in records.env["crm.lead.fact"]._get_fact_models():
        facts = records.env[model_name].sudo()
        for name in facts._get_kept_names():
            if facts._fields[name].comodel_name == records._name:
                facts._forget_links(name, records)
