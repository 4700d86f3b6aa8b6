from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.sales_pipeline_plus.tools.arguments import check_records
from odoo.addons.sales_pipeline_plus.tools.texts import with_colon


class SalesCampaignGoal(models.Model):
    """The records behind a goal, and new ones that it counts."""

    _inherit = "sales.campaign.goal"

    def _get_shared_domain(self):
        """Domain that goals with the same condition and measure have in common."""
        self.ensure_one()
        condition = self._get_condition_domain()
        model = self._get_countable_model()
        return condition & model._get_goal_base_domain(condition, self.measure)

    def _get_record_domain(self):
        """Domain of the records that this goal counts, without archived ones left out:
        to be searched with ``active_test=False``."""
        self.ensure_one()
        model = self._get_countable_model()
        if model is None or not self._is_condition_valid():
            return Domain.FALSE
        domain = (
            self._get_shared_domain()
            & model._get_campaign_domain(self.campaign_id)
            & model._get_campaign_company_domain(self.campaign_id)
        )
        if self.user_id:
            domain &= model._get_goal_user_domain(self.user_id)
        if self.team_id:
            path = model._get_goal_team_field()
            domain &= Domain(path, "in", self.team_id.ids) if path else Domain.FALSE
        if self.within_dates:
            first, after = self._get_period_bounds()
            fname = self._get_date_field_name()
            if first:
                domain &= Domain(fname, ">=", first)
            if after:
                domain &= Domain(fname, "<", after)
        return domain

    def _get_visible_company_ids(self):
        """Return the ids of the companies behind the records that the user may see."""
        self.ensure_one()
        model = self._get_countable_model()
        query = model.with_context(tz=self._get_timezone())._search(
            self._get_record_domain(), active_test=False
        )
        if query.is_empty():
            return []
        partner = model.sudo()._get_goal_partner_sql(query)
        rows = self.env.execute_query(query.select(SQL("DISTINCT %s", partner)))
        return [partner_id for (partner_id,) in rows if partner_id]

    def action_view_records(self):
        """Open exactly the records that are counted, as far as the user may."""
        check_records(self)
        self.ensure_one()
        model = self._get_countable_model()
        if model is None:
            return self.action_view_entries()
        domain, res_model = self._get_record_domain(), self.res_model
        if self.measure == "companies":
            domain = Domain("id", "in", self._get_visible_company_ids())
            res_model = "res.partner"
        return {
            "type": "ir.actions.act_window",
            "name": with_colon(self.env, self.campaign_id.title, self.name),
            "res_model": res_model,
            "views": self.env[res_model]._get_goal_views(),
            "domain": list(domain),
            "context": {"active_test": False, **self._get_default_context()},
            "target": "current",
        }

    def action_new_record(self):
        """Open the form of a new record that is linked to the campaign and fulfils
        what it can of the goal."""
        check_records(self)
        self.ensure_one()
        model = self._get_countable_model()
        if model is None:
            raise UserError(
                self.env._(
                    "“%s” is counted by hand: there is no record to create.", self.name
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New: %s", self.name),
            "res_model": self.res_model,
            "views": [(False, "form")],
            "context": self._get_default_context(),
            "target": "current",
        }

    def _get_default_context(self):
        """Return the default values of a record created from this goal."""
        self.ensure_one()
        model = self._get_countable_model()
        defaults = {
            **self._get_condition_defaults(),
            **model._get_goal_defaults(self),
            "sales_campaign_ids": self.campaign_id.ids,
        }
        return {
            f"default_{fname}": value
            for fname, value in defaults.items()
            if fname in model._fields
        }

    def _get_condition_defaults(self):
        """Return the values that the condition asks for and a user may give."""
        model, domain = self._get_countable_model(), self._get_condition_domain()
        terms = domain.children if hasattr(domain, "children") else [domain]
        if getattr(domain, "OPERATOR", "&") != "&":
            return {}
        defaults = {}
        for term in terms:
            field = model._fields.get(getattr(term, "field_expr", None))
            if field is None or not field.store or field.readonly:
                continue
            value = term.value
            if term.operator == "in" and hasattr(value, "__len__") and len(value) == 1:
                (value,) = value
            elif term.operator != "=":
                continue
            if field.name != model._active_name and isinstance(
                value, int | str | float
            ):
                defaults[field.name] = [value] if field.type == "many2many" else value
        return defaults
