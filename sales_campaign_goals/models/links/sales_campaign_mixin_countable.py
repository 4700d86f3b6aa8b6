from datetime import timedelta

import pytz

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.sales_pipeline_plus.tools.days import get_start_of_day


class SalesCampaignMixin(models.AbstractModel):
    """What goals need to know to count the records of a model.

    Each method has a default that suits a model with the usual fields.
    """

    _inherit = "sales.campaign.mixin"

    @api.model
    def _get_goal_label(self):
        """Name of what is counted, as the user reads it."""
        return self.env["ir.model"]._get(self._name).name

    @api.model
    def _get_goal_sequence(self):
        """Place of this model among those that can be counted."""
        return 100

    @api.model
    def _get_goal_condition_models(self):
        """Names of the models that the condition of a goal may ask about, from a record
        of this model on: itself, the campaigns, and what another addon adds here.

        Those that its writer may not read are refused nevertheless.
        """
        return {
            self._name,
            "sales.campaign",
            "sales.campaign.segment",
            "sales.campaign.stage",
            "sales.campaign.type",
        }

    @api.model
    def _get_goal_visible_domain(self, names):
        """Domain of the records of which the user may read these fields, where it is
        not the record rules that say it."""
        return Domain.TRUE

    @api.model
    def _get_goal_base_domain(self, condition, measure):
        """Domain of the records that may count, whatever the goal.

        Archived and cancelled records do not, unless the condition asks for them.

        :param condition: the goal's condition, a domain
        :param measure: count, sum or companies
        """
        if self._active_name and not self._mentions(condition, self._active_name):
            return Domain(self._active_name, "=", True)
        return Domain.TRUE

    @api.model
    def _mentions(self, condition, *fnames):
        """Tell whether the condition is about one of these fields."""
        return any(
            leaf.field_expr.split(".")[0] in fnames
            for leaf in condition.iter_conditions()
        )

    @api.model
    def _asks_for(self, condition, fname, value):
        """Tell whether the condition names this value of a field as one that counts."""
        return any(
            leaf.field_expr == fname
            and (
                (leaf.operator == "=" and leaf.value == value)
                or (leaf.operator == "in" and value in leaf.value)
            )
            for leaf in condition.iter_conditions()
        )

    @api.model
    def _get_goal_date_field(self):
        """Field with the date of a record, for want of the goal's choice."""
        return "create_date"

    @api.model
    def _get_conversion_date_fields(self):
        """Fields with the date at whose rate the amounts of a record convert, in the
        order in which they are asked; whatever period or date a question is about."""
        return [self._get_goal_date_field(), "create_date"]

    @api.model
    def _get_conversion_day_sql(self, query, timezone):
        """Return the SQL of the day at whose rate the amounts of a record convert: the
        same for the goals and the return of its campaigns.

        :param timezone: name of the time zone of the day, or its SQL
        """

        def to_day(fname):
            sql = self._field_to_sql(query.table, fname, query)
            if self._fields[fname].type == "datetime":
                sql = SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)", sql, timezone)
            return SQL("%s::date", sql)

        days = map(to_day, self._get_conversion_date_fields())
        return SQL("COALESCE(%s)", SQL(", ").join(days))

    @api.model
    def _get_goal_user_field(self):
        """Field with the salesperson, or None."""
        return "user_id" if "user_id" in self._fields else None

    @api.model
    def _get_goal_user_domain(self, users):
        """Domain of the records of salespeople."""
        path = self._get_goal_user_field()
        return Domain(path, "in", users.ids) if path else Domain.FALSE

    @api.model
    def _get_goal_user_sql(self, query, user):
        """SQL condition that a record is of a salesperson.

        It may add joins to the query that repeat no record.

        :param user: SQL of the salesperson's id
        """
        path = self._get_goal_user_field()
        if not path:
            return SQL("FALSE")
        return SQL("%s = %s", self._field_to_sql(self._table, path, query), user)

    @api.model
    def _get_goal_part(self, query, user):
        """What the salesperson has of a record, or None where it is all of it: see
        :class:`odoo.addons.sales_pipeline_plus.models.share.crm_lead_share_sql.Part`.

        :param user: SQL of the salesperson's id, NULL for all of it
        """
        return None

    @api.model
    def _get_goal_team_field(self):
        """Field or path to the sales team, or None."""
        if "team_id" in self._fields:
            return "team_id"
        user_field = self._get_goal_user_field()
        return user_field and f"{user_field}.sale_team_id"

    @api.model
    def _get_goal_company_field(self):
        """Field with the company the record belongs to, or None."""
        return "company_id" if "company_id" in self._fields else None

    @api.model
    def _get_goal_partner_sql(self, query):
        """SQL of the company behind a record, for the number of distinct companies:
        see :meth:`_get_company_of_sql`.

        It may add joins to the query, also such that repeat a record.
        """
        partner, alias = self._fields["partner_id"].join(self, self._table, query)
        return self._get_company_of_sql(
            partner._field_to_sql(alias, "commercial_partner_id", query)
        )

    @api.model
    def _get_company_of_sql(self, partner):
        """Return the SQL of the company of a commercial partner.

        The one rule of what a company is: it counts when it or one of its people is
        there; private people are none.
        """
        return SQL(
            """(SELECT company.id FROM res_partner AS company
                 WHERE company.id = %s AND company.is_company)""",
            partner,
            to_flush=self.env["res.partner"]._fields["is_company"],
        )

    @api.model
    def _get_goal_amount_sql(self, fname, query):
        """SQL of an amount in a sum; what reduces the result is negative."""
        return self._field_to_sql(self._table, fname, query)

    @api.model
    def _get_goal_currency_sql(self, fname, query):
        """SQL of the currency of this amount, or None when it is no money.

        It is null for a record without company: the goal's company then decides.
        """
        field = self._fields[fname]
        if field.type != "monetary":
            return None
        currency_field = field.get_currency_field(self)
        if currency_field and self._fields[currency_field].store:
            return self._field_to_sql(self._table, currency_field, query)
        company_field = self._get_goal_company_field()
        if not company_field:
            return SQL("NULL::integer")
        company, alias = self._fields[company_field].join(self, self._table, query)
        return company._field_to_sql(alias, "currency_id", query)

    @api.model
    def _get_goal_period_bounds(self, fname, first, last, timezone):
        """Return the values of this date field that bound the days ``first`` to
        ``last``, the second one excluded; None where there is no bound."""
        after = last and last + timedelta(days=1)
        if self._fields[fname].type == "date":
            return first, after

        zone = pytz.timezone(timezone)
        return (
            first and get_start_of_day(first, zone),
            after and get_start_of_day(after, zone),
        )

    @api.model
    def _get_goal_views(self):
        """Views in which the records behind a goal are opened."""
        return [(False, "list"), (False, "kanban"), (False, "form")]

    @api.model
    def _get_goal_defaults(self, goal):
        """Default values of a record that is created from this goal."""
        defaults = {}
        if goal.user_id and (user_field := self._get_goal_user_field()):
            defaults[user_field] = goal.user_id.id
        if team := goal.team_id or goal.campaign_id.team_id:
            defaults["team_id"] = team.id
        if goal.company_id and self._get_goal_company_field():
            defaults[self._get_goal_company_field()] = goal.company_id.id
        return defaults
