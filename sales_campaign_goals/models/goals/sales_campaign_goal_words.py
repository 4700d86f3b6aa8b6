from odoo import api, fields, models
from odoo.orm.domains import (
    Domain,
    DomainAnd,
    DomainBool,
    DomainCondition,
    DomainNot,
    DomainOr,
)
from odoo.tools import format_date, format_datetime


class SalesCampaignGoalWords(models.AbstractModel):
    """Say a domain in words that everybody can read, with the names of those records
    only that the user may read."""

    _name = "sales.campaign.goal.words"
    _description = "Conditions in Words"

    @api.model
    def _get_unreadable(self):
        return self.env._("This condition cannot be read any more. Define it again.")

    @api.model
    def _say(self, model, domain):
        """Return the sentence for a domain of this model, also for one that makes no
        sense any more."""
        try:
            return self._describe(model, domain)
        except (AttributeError, TypeError, ValueError, OverflowError, RecursionError):
            return self._get_unreadable()

    @api.model
    def _describe(self, model, domain, is_nested=False):
        """Return the sentence for a domain of this model."""
        if isinstance(domain, DomainBool):
            return self.env._("all") if domain.is_true() else self.env._("none")
        if isinstance(domain, DomainNot):
            return self.env._("not (%s)", self._describe(model, domain.child))
        if isinstance(domain, DomainAnd | DomainOr):
            *others, sentence = (
                self._describe(model, child, is_nested=True)
                for child in domain.children
            )
            for other in reversed(others):
                if isinstance(domain, DomainAnd):
                    sentence = self.env._(
                        "%(first)s and %(second)s", first=other, second=sentence
                    )
                else:
                    sentence = self.env._(
                        "%(first)s or %(second)s", first=other, second=sentence
                    )
            return f"({sentence})" if is_nested else sentence
        if isinstance(domain, DomainCondition):
            return self._describe_condition(model, domain)
        return str(list(domain))

    @api.model
    def _describe_condition(self, model, condition):
        label, comodel, field = self._describe_field(model, condition.field_expr)
        operator, value = condition.operator, condition.value
        if isinstance(value, Domain):
            inner = self._describe(comodel, value)
            if operator.startswith("not"):
                return self.env._(
                    "no %(field)s with: %(condition)s", field=label, condition=inner
                )
            return self.env._(
                "%(field)s with: %(condition)s", field=label, condition=inner
            )
        is_list = isinstance(value, list | tuple | set | frozenset) or hasattr(
            value, "__iter__"
        )
        values = list(value) if is_list and not isinstance(value, str) else [value]
        negative = operator.startswith("not") or operator in ("!=", "<>")
        if operator in ("=", "in", "!=", "<>", "not in") and values in (
            [False],
            [None],
        ):
            if field is not None and field.type == "boolean":
                negative = not negative
                values = [True]
            elif negative:
                return self.env._("%s is set", label)
            else:
                return self.env._("%s is not set", label)
        if field is not None and field.type == "boolean" and values == [True]:
            if negative:
                return self.env._("not “%s”", label)
            return self.env._("“%s”", label)
        if field is not None and field.type in ("date", "datetime"):
            sentence = self._describe_moment(operator, label, field, values)
            if sentence:
                return sentence
        words = ", ".join(
            self._describe_values(field, comodel, values) or [self.env._("nothing")]
        )
        return self._describe_comparison(operator, label, words, len(values) > 1)

    @api.model
    def _describe_moment(self, operator, label, field, values):
        """Return the sentence for a comparison of a date, False if it is none."""
        if operator not in ("<", "<=", ">", ">=") or len(values) != 1:
            return False
        if values == ["now"]:
            if operator.startswith("<"):
                return self.env._("%s is in the past", label)
            return self.env._("%s is in the future", label)
        terms = {"field": label, "value": self._describe_value(field, values[0])}
        if operator == "<":
            return self.env._("%(field)s is before %(value)s", **terms)
        if operator == "<=":
            return self.env._("%(field)s is %(value)s or earlier", **terms)
        if operator == ">":
            return self.env._("%(field)s is after %(value)s", **terms)
        return self.env._("%(field)s is %(value)s or later", **terms)

    @api.model
    def _describe_comparison(self, operator, label, words, is_many):
        terms = {"field": label, "value": words}
        if operator in ("=", "in"):
            if is_many:
                return self.env._("%(field)s is one of %(value)s", **terms)
            return self.env._("%(field)s is %(value)s", **terms)
        if operator in ("!=", "<>", "not in"):
            if is_many:
                return self.env._("%(field)s is none of %(value)s", **terms)
            return self.env._("%(field)s is not %(value)s", **terms)
        if operator == ">":
            return self.env._("%(field)s is more than %(value)s", **terms)
        if operator == ">=":
            return self.env._("%(field)s is at least %(value)s", **terms)
        if operator == "<":
            return self.env._("%(field)s is less than %(value)s", **terms)
        if operator == "<=":
            return self.env._("%(field)s is at most %(value)s", **terms)
        if operator == "child_of":
            return self.env._("%(field)s is under %(value)s", **terms)
        if operator == "parent_of":
            return self.env._("%(field)s is above %(value)s", **terms)
        if operator.startswith("not"):
            return self.env._("%(field)s does not contain “%(value)s”", **terms)
        return self.env._("%(field)s contains “%(value)s”", **terms)

    @api.model
    def _describe_field(self, model, path):
        """Return the label of a path, the model it leads to and its last field."""
        labels, field = [], None
        for name in path.split("."):
            field = model._fields.get(name) if model is not None else None
            if field is None:
                labels.append(name)
                model = None
                continue
            labels.append(self._get_label(field) or name)
            model = self.env[field.comodel_name] if field.relational else None
        return " → ".join(labels), model, field

    @api.model
    def _get_label(self, field):
        """Return the label of a field; Odoo calls the end of a meeting “Stop”."""
        if (field.model_name, field.name) == ("calendar.event", "stop"):
            return self.env._("End")
        return field._description_string(self.env)

    @api.model
    def _describe_values(self, field, comodel, values):
        if field is None:
            return [str(value) for value in values]
        if comodel is not None:
            names = self._get_names(comodel, values)
            return [
                names.get(value, self.env._("a record that you may not see"))
                if isinstance(value, int) and value
                else str(value or self.env._("nothing"))
                for value in values
            ]
        if field.type == "selection":
            labels = dict(field._description_selection(self.env))
            return [str(labels.get(value, value)) for value in values]
        return [self._describe_value(field, value) for value in values]

    @api.model
    def _get_names(self, comodel, values):
        """Return ``{id: name}`` of those of these records that the user may read."""
        ids = [value for value in values if isinstance(value, int) and value]
        records = comodel.with_context(active_test=False).browse(ids)
        records = records.exists()._filtered_access("read")
        return {record.id: record.display_name for record in records}

    @api.model
    def _describe_value(self, field, value):
        if value in (False, None) and field.type not in ("integer", "float"):
            return self.env._("nothing")
        if field.type in ("date", "datetime"):
            try:
                if field.type == "date" or len(str(value)) <= 10:
                    return format_date(self.env, fields.Date.to_date(value))
                return format_datetime(self.env, fields.Datetime.to_datetime(value))
            except ValueError:
                return str(value)  # a relative date, such as “today -7d”
        return str(value)
