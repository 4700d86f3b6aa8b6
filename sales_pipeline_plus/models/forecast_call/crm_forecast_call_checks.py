from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from ...tools.arguments import check_day, check_id
from ...tools.numbers import read_number
from ...tools.values import check_values
from ..target.crm_target_checks import LARGEST

# Besides the team, of a call for one
KEY = ("user_id", "company_id", "period_type", "date_start", "week", "scope")
# What a call has by itself
PROPOSED = (*KEY, "team_id")


class CrmForecastCall(models.Model):
    """A call is its author's, of this week, and never changed."""

    _inherit = "crm.forecast.call"

    @api.model_create_multi
    def create(self, vals_list):
        # With what the context has as defaults
        vals_list = [
            self._add_missing_default_values(self._without_empty(vals))
            for vals in vals_list
        ]
        self._check_values(vals_list)
        self._check_author(vals_list)
        # What is replaced makes room first.
        self._replace_same([self.new(vals) for vals in vals_list])
        calls = super().create(vals_list)
        if not self.env.su:
            calls._check_stated_now()
        return calls

    def write(self, vals):
        """Refuse: whoever thinks otherwise states another one.

        :raise UserError: always, but for our own code
        """
        if self and not self.env.su:
            raise UserError(
                self.env._(
                    "“%(call)s”: a call is never changed. State a new one: it replaces "
                    "the one of this week, and both are kept.",
                    call=self[0].display_name,
                )
            )
        return super().write(vals)

    @api.model
    def _without_empty(self, vals):
        """Leave out the empty columns of an import whose values are known."""
        names = {name for name in PROPOSED if not vals.get(name)}
        if vals.get("scope") == "team":
            names.discard("team_id")
        return {name: value for name, value in vals.items() if name not in names}

    @api.model
    def _check_author(self, vals_list):
        """Check that people speak for themselves, and of now."""
        if self.env.su:
            return
        for vals in vals_list:
            if vals.get("user_id", self.env.uid) != self.env.uid:
                raise UserError(
                    self.env._(
                        "A call is stated by whoever makes it: nobody can state one "
                        "for somebody else. Leave “Called By” empty."
                    )
                )
            company_id = check_id(self.env, "company_id", vals.get("company_id"))
            company = self.env["res.company"].browse(company_id or self.env.company.id)
            week = self._get_running_week(company)
            given = vals.get("week") and check_day(self.env, "week", vals["week"])
            if given and given != week:
                raise UserError(
                    self.env._(
                        "A call is of the week in which it is stated, %(week)s, and "
                        "not of %(given)s: those of past weeks are never changed.",
                        week=format_date(self.env, week),
                        given=format_date(self.env, given),
                    )
                )

    @api.model
    def _replace_same(self, calls):
        """Mark the calls that these new ones replace.

        :raise UserError: if two of the new ones are the same call
        """
        keys = {call._get_key(): call for call in calls}
        if len(keys) < len(calls):
            twice = next(call for call in calls if keys[call._get_key()] is not call)
            raise UserError(
                self.env._(
                    "%s: the same call is there twice. Leave one out.",
                    twice.display_name,
                )
            )
        same = self.sudo().search(
            Domain("is_replaced", "=", False)
            & Domain.OR(
                Domain.AND(Domain(name, "=", value) for name, value in key)
                for key in keys
            )
        )
        same.is_replaced = True
        # The index looks at the database.
        same.flush_recordset(["is_replaced"])

    def _get_key(self):
        """Return what makes two calls of a week the same, as (name, value)."""
        self.ensure_one()
        names = (*KEY, "team_id") if self.scope == "team" else KEY
        return tuple(
            (name, self._fields[name].convert_to_write(self[name], self))
            for name in names
        )

    @api.model
    def _check_values(self, vals_list):
        """Check the values before the calls that they replace are looked for."""
        for vals in vals_list:
            check_values(self.browse(), vals)
            if vals.get("amount") in (None, "") or vals["amount"] is False:
                raise ValidationError(
                    self.env._(
                        "A call without an amount says nothing. Enter in the field "
                        "“%s” what will be won, and 0 if it is nothing.",
                        self._fields["amount"]._description_string(self.env),
                    )
                )
            if abs(read_number(vals.get("amount"))) > LARGEST:
                raise ValidationError(
                    self.env._("The amount called must be a number, and a likely one.")
                )

    @api.constrains("date_start", "period_type", "week")
    def _check_week(self):
        for call in self:
            if call.date_end < call.week:
                raise call._get_over_error()

    @api.constrains("scope", "team_id", "user_id", "company_id")
    def _check_owner(self):
        for call in self.sudo():
            team, company = call.team_id, call.company_id
            if team.company_id and team.company_id != company:
                raise ValidationError(
                    self.env._(
                        "%(call)s: the team %(team)s is not of %(company)s.",
                        call=call.display_name,
                        team=team.name,
                        company=company.name,
                    )
                )
            if company not in call.user_id.company_ids:
                raise ValidationError(
                    self.env._(
                        "%(call)s: %(user)s does not work for %(company)s.",
                        call=call.display_name,
                        user=call.user_id.name,
                        company=company.name,
                    )
                )
            if call.scope == "team" and not team:
                raise ValidationError(
                    self.env._("%s: choose the team that it is for.", call.display_name)
                )

    def _check_stated_now(self):
        """Check what holds of a call as it is stated, and not of one of the past."""
        for call in self:
            if call.date_end < call.company_id._get_day(fields.Datetime.now()):
                raise call._get_over_error()
            team = call.team_id.sudo()
            if call.scope == "own" and team and call.user_id not in team.member_ids:
                raise ValidationError(
                    self.env._(
                        "%(call)s: %(user)s is not in the team %(team)s. Leave the "
                        "team of a call for own opportunities empty.",
                        call=call.display_name,
                        user=call.user_id.name,
                        team=team.name,
                    )
                )
            if call.scope == "team" and not call._can_speak_for_team():
                raise ValidationError(
                    self.env._(
                        "The figure of %(team)s is stated by its leader, or by who "
                        "sees all opportunities. State one for your own opportunities.",
                        team=call.team_id.sudo().name,
                    )
                )

    def _get_over_error(self):
        return ValidationError(
            self.env._(
                "%(call)s: the period is over, there is nothing to call.",
                call=self.display_name,
            )
        )

    def _can_speak_for_team(self):
        self.ensure_one()
        return self.team_id.sudo().user_id == self.user_id or self.user_id.has_group(
            "sales_team.group_sale_salesman_all_leads"
        )
