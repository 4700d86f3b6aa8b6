from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL, format_date

# Breakdowns by a record of the opportunity.
FIELD_OF = {
    "salesperson": "user_id",
    "team": "team_id",
    "pipeline": "pipeline_id",
    "stage": "stage_id",
    "origin": "source_id",
    "country": "country_id",
    "lost_reason": "lost_reason_id",
}
MODEL_OF = {
    "customer_type": "res.partner.category",
    "customer": "res.partner",
    "product_category": "product.category",
    "product": "product.product",
}
# Breakdowns by a record of the deal's product lines.
PRODUCT_FIELD_OF = {"product_category": "categ_id", "product": "product_id"}
NO_BREAKDOWN = False


class CrmKpi(models.AbstractModel):
    """What figures are broken down by: the SQL of the keys, and their labels."""

    _inherit = "crm.kpi"

    @api.model
    def _get_breakdown_sql(self, breakdown, query, alias, moment):
        """Join what a breakdown needs and return its key and the function from the SQL
        of a number of smallest units (cents) of the deal to that of the key's share in
        them, whole units as well; None for the whole deal.

        A deal with several customer types counts in each of them. One with several
        products, or products of several categories, counts in each, its amounts divided
        by the lines' amounts: the shares add up to the amount exactly.

        :param query: query on ``crm.lead`` under the alias ``alias``; joins are added
        :param moment: SQL of the UTC datetime or the date that a month or quarter is of
        """
        if breakdown is None:
            return SQL("NULL"), None
        if breakdown in FIELD_OF:
            field_name = FIELD_OF[breakdown]
            leads = self.env["crm.lead"]
            return leads._field_to_sql(alias, field_name, query), None
        if breakdown in ("month", "quarter"):
            return SQL("date_trunc(%s, %s)::date", breakdown, moment), None
        if breakdown in PRODUCT_FIELD_OF:
            return self._join_products(query, alias, PRODUCT_FIELD_OF[breakdown])
        partner = query.left_join(alias, "partner_id", "res_partner", "id", "customer")
        if breakdown == "customer":
            return SQL.identifier(partner, "commercial_partner_id"), None
        return self._join_customer_type(query, partner), None

    @api.model
    def _join_customer_type(self, query, partner):
        """The tags of the customer's company."""
        tag = query.left_join(
            partner,
            "commercial_partner_id",
            "res_partner_res_partner_category_rel",
            "partner_id",
            "tag",
        )
        return SQL.identifier(tag, "category_id")

    @api.model
    def _join_products(self, query, alias, field_name):
        """The deal's products or their categories, and each one's share of the deal.

        Products without any amount share the deal equally. Each key has what lies
        between two rounded sums: up to it, and up to the one before.
        """
        self.env["crm.lead.product"].flush_model()
        table = SQL(
            """(SELECT lead_id, key, share, sum(share) OVER (
                           PARTITION BY lead_id ORDER BY key) AS upto
                  FROM (SELECT lead_id, %(key)s AS key,
                               COALESCE(sum(price_subtotal)
                                        / NULLIF(sum(sum(price_subtotal)) OVER deal, 0),
                                        1.0 / count(*) OVER deal) AS share
                          FROM crm_lead_product
                         GROUP BY lead_id, %(key)s
                        WINDOW deal AS (PARTITION BY lead_id)) AS part)""",
            key=SQL.identifier(field_name),
        )
        name = query.make_alias(alias, "products")
        query.add_join(
            "LEFT JOIN",
            name,
            table,
            SQL(
                "%s = %s", SQL.identifier(name, "lead_id"), SQL.identifier(alias, "id")
            ),
        )
        share, upto = SQL.identifier(name, "share"), SQL.identifier(name, "upto")

        def share_out(units):
            return SQL(
                "CASE WHEN %(share)s IS NULL THEN %(units)s ELSE "
                "round(%(units)s * %(upto)s) "
                "- round(%(units)s * (%(upto)s - %(share)s)) END",
                units=units,
                share=share,
                upto=upto,
            )

        return SQL.identifier(name, "key"), share_out

    # ------------------------------------------------------------
    # Keys of the answer
    # ------------------------------------------------------------

    @api.model
    def _get_keys(self, facts, breakdown, pipeline_ids=None):
        """Return the keys found, with their labels, in the order to show them.

        Stages of one pipeline come in its order.

        :return: list of {"id", "label"}; the id is that of a record, or the first day
            of a month or quarter, or False for "none"
        """
        if breakdown is None:
            return [{"id": NO_BREAKDOWN, "label": self.env._("Total")}]
        found = {key for cells in facts.values() for _index, key in cells}
        if breakdown in ("month", "quarter"):
            keys = [
                {"id": day, "label": self._get_period_label(day, breakdown)}
                for day in sorted(found - {NO_BREAKDOWN})
            ]
        else:
            keys = self._get_record_keys(found - {NO_BREAKDOWN}, breakdown)
            if breakdown == "stage" and pipeline_ids and len(pipeline_ids) == 1:
                keys = self._sort_stages(keys, pipeline_ids[0])
        if NO_BREAKDOWN in found:
            keys.append({"id": NO_BREAKDOWN, "label": self.env._("None")})
        return keys

    @api.model
    def _get_record_keys(self, ids, breakdown):
        model_name = MODEL_OF.get(breakdown) or (
            self.env["crm.lead"]._fields[FIELD_OF[breakdown]].comodel_name
        )
        # Whoever reads a deal reads the names on it, as in Odoo's own lists.
        records = self.env[model_name].sudo().with_context(active_test=False)
        records = records.search([("id", "in", list(ids))])
        return [{"id": record.id, "label": record.display_name} for record in records]

    @api.model
    def _sort_stages(self, keys, pipeline_id):
        layout = self.env["crm.pipeline"]._get_layout().pipelines.get(pipeline_id)
        order = [line.stage_id for line in layout.lines] if layout else []
        return sorted(
            keys,
            key=lambda key: (
                order.index(key["id"]) if key["id"] in order else len(order)
            ),
        )

    @api.model
    def _get_period_label(self, day, breakdown):
        day = fields.Date.to_date(day)
        if breakdown == "quarter":
            return self.env._(
                "Q%(quarter)s %(year)s", quarter=(day.month + 2) // 3, year=day.year
            )
        return format_date(self.env, day, date_format="MMM yyyy")

    @api.model
    def _to_key(self, value):
        """Return the key of a value from the database."""
        if value is None:
            return NO_BREAKDOWN
        return str(value) if isinstance(value, date) else value
