import logging
from ast import literal_eval

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL

from ...tools.texts import get_model_name

_logger = logging.getLogger(__name__)

MAX_LENGTH = 10000
# What a comparison with any number in the database can take.
LAST_NUMBER = 2**63 - 1


class CrmCondition(models.AbstractModel):
    """Conditions that people write: what they may ask, and with whose rights.

    A condition is the text of a domain with fixed values. It is searched for by a
    *reader*: its model in the environment of the person who answers for it, so the
    record rules of this person hold for each model on its paths. It gives the same
    answer to all who look at it.
    """

    _name = "crm.condition"
    _description = "Conditions"

    # ------------------------------------------------------------
    # WHAT MAY BE ASKED
    # ------------------------------------------------------------

    @api.model
    def _get_condition_models(self):
        """Return the names of the models that the path of a condition may go through.

        Another addon adds those that its records are about.
        """
        return {
            "crm.contact.role",
            "crm.lead",
            "crm.lead.contact",
            "crm.lead.product",
            "crm.lost.reason",
            "crm.pipeline",
            "crm.pipeline.stage",
            "crm.recurring.plan",
            "crm.stage",
            "crm.tag",
            "crm.team",
            "product.category",
            "product.product",
            "product.tag",
            "product.template",
            "res.company",
            "res.country",
            "res.country.group",
            "res.country.state",
            "res.currency",
            "res.lang",
            "res.partner",
            "res.partner.category",
            "res.partner.industry",
            "res.users",
            "sale.order",
            "sale.order.line",
            "uom.uom",
            "utm.campaign",
            "utm.medium",
            "utm.source",
            "utm.tag",
        }

    @api.model
    def _get_condition_fields(self):
        """Return ``{model: names}`` of the models of which only some fields may be
        asked for."""
        return {
            "res.company": {"id", "display_name", "name", "country_id", "parent_id"},
            "res.users": {
                "id",
                "display_name",
                "name",
                "active",
                "sale_team_id",
                "crm_team_ids",
                "company_id",
            },
        }

    @api.model
    def _get_computed_condition_fields(self):
        """Return ``{model: names}`` of the fields that may be asked for though they are
        not stored: their search gives everybody the same answer."""
        return {
            "crm.lead": {"deal_status", "next_action_state", "next_action_date"},
        }

    @api.model
    def _get_visible_domain(self, model, names):
        """Return the domain of the records of which the reader may read these fields,
        where the record rules do not say it."""
        return Domain.TRUE

    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    @api.model
    def _parse(self, text):
        """Return a condition as a domain.

        :raise ValidationError: with the reason, when it is none
        """
        if text and len(str(text)) > MAX_LENGTH:
            raise ValidationError(
                self.env._("it is longer than %s characters", MAX_LENGTH)
            )
        try:
            value = literal_eval((text or "").strip() or "[]")
            self._check_numbers(value)
            return Domain(value)
        except UserError:
            raise
        except (MemoryError, RecursionError) as error:
            raise self._make_nesting_error() from error
        except Exception as error:
            # Python's parser has no error of its own for this.
            if "too many nested" in str(error):
                raise self._make_nesting_error() from error
            raise ValidationError(
                self.env._(
                    "everybody must get the same answer: use fields of the records and "
                    "fixed values, not the current user"
                )
            ) from error

    @api.model
    def _make_nesting_error(self):
        return ValidationError(
            self.env._("its brackets are nested too deeply: use fewer of them")
        )

    @api.model
    def _check_numbers(self, value):
        """Raise when a value has a number that the database cannot compare."""
        if isinstance(value, dict | list | tuple | set):
            for item in value:
                self._check_numbers(item)
        elif isinstance(value, int | float) and not abs(value) <= LAST_NUMBER:
            raise ValidationError(
                self.env._(
                    "the number %s is out of range: use a smaller one",
                    f"{value:g}" if isinstance(value, float) else str(value)[:40],
                )
            )

    @api.model
    def _get_reader(self, model, user, timezone=None):
        """Return `model` as `user` reads it, in all their companies; nothing is left of
        the context of who looks at the answer."""
        user = user.sudo()
        # Their own first; the active ones are cached.
        own = user.company_id.filtered("active")
        company_ids = dict.fromkeys([*own.ids, *user._get_company_ids()])
        return model.with_user(user).with_context(  # pylint: disable=context-overridden
            {
                "active_test": False,
                "allowed_company_ids": list(company_ids),
                "lang": user.lang,
                "tz": timezone or user.tz,
            }
        )

    @api.model
    def _get_domain(self, reader, condition):
        """Return the domain that searches for a condition with the reader's rights.

        :param condition: a domain as :meth:`_parse` returns it
        :raise ValidationError: with the reason, when it may not be asked
        :raise ValueError: when it makes no sense in the model
        """
        self._check_model(reader)
        domain = condition.optimize(reader).map_conditions(
            lambda leaf: self._secure(reader, leaf)
        )
        names = {leaf.field_expr.split(".")[0] for leaf in domain.iter_conditions()}
        return domain & self._get_visible_domain(reader, names)

    @api.model
    def _find_records(self, reader, condition, bypass_access=False):
        """Return the query of the records that fulfil a condition, archived ones too.

        :param bypass_access: leave out the rules of the model itself, not those of the
            models behind it
        """
        return reader._search(
            self._get_domain(reader, condition),
            active_test=False,
            bypass_access=bypass_access,
        )

    @api.model
    def _secure(self, model, condition):
        """Check one comparison; apply the reader's rights to what it leads to, also
        where Odoo would not: ids behind an x2many, fields that bypass the rules."""
        field = model._fields[condition.field_expr.split(".")[0]]
        self._check_field(model, field)
        if not field.relational or field.name != condition.field_expr:
            return condition
        comodel = model.env[field.comodel_name]
        self._check_model(comodel)
        value, operator = condition.value, condition.operator
        negative = operator in Domain.NEGATIVE_OPERATORS
        if isinstance(value, Domain):
            if field.type != "many2one":
                comodel = comodel.with_context(**field.context)
            domain = self._get_domain(comodel, value)
        elif operator in ("child_of", "parent_of"):
            if comodel._name == model._name:
                return condition
            domain = Domain("id", operator, value)
        elif field.type == "many2one" and not field.bypass_search_access:
            return condition
        elif operator in ("in", "not in"):
            values = set(value)
            names = {item for item in values if isinstance(item, str)}
            domain = Domain("id", "in", values - names - {False})
            if names:
                domain |= Domain("display_name", "in", names)
            if False in values:
                something = comodel._search(Domain.TRUE, active_test=False)
                found = Domain(field.name, "not any", something)
                found |= Domain(
                    field.name, "any", comodel._search(domain, active_test=False)
                )
                return ~found if negative else found
        else:
            domain = Domain(
                "display_name", Domain.NEGATIVE_OPERATORS.get(operator, operator), value
            )
        found = Domain(field.name, "any", comodel._search(domain))
        return ~found if negative else found

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    @api.model
    def _check_model(self, model):
        if model._name not in self._get_condition_models():
            raise ValidationError(
                self.env._(
                    "a condition cannot ask for “%(records)s”", **self._get_terms(model)
                )
            )
        if not model.has_access("read"):
            raise ValidationError(
                self.env._(
                    "%(user)s may not read “%(records)s”", **self._get_terms(model)
                )
            )

    @api.model
    def _get_terms(self, model, field=None):
        """Return the names of what an error is about, which are read for one only."""
        return {
            "records": get_model_name(model),
            "user": model.env.user.sudo().name,
            "field": field and (field._description_string(self.env) or field.name),
        }

    @api.model
    def _check_field(self, model, field):
        only = self._get_condition_fields().get(model._name)
        if only is not None and field.name not in only:
            raise ValidationError(
                self.env._(
                    "a condition cannot ask for “%(field)s” of “%(records)s”",
                    **self._get_terms(model, field),
                )
            )
        if not model._has_field_access(field, "read") or (
            field.groups and "base.group_no_one" in field.groups
        ):
            raise ValidationError(
                self.env._(
                    "%(user)s may not read “%(field)s” of “%(records)s”",
                    **self._get_terms(model, field),
                )
            )
        if field.inherited:
            parent_field, name = field.related.split(".")
            parent = model.env[model._fields[parent_field].comodel_name]
            self._check_model(parent)
            self._check_field(parent, parent._fields[name])
            return
        computed = self._get_computed_condition_fields().get(model._name, ())
        is_stored = field.store and not field.company_dependent
        if field.type in ("binary", "json", "serialized") or not (
            is_stored or field.name in ("display_name", *computed)
        ):
            raise ValidationError(
                self.env._(
                    "“%(field)s” of “%(records)s” is not kept in the database, or not "
                    "the same for everybody",
                    **self._get_terms(model, field),
                )
            )

    @api.model
    def _find_error(self, reader, text):
        """Try a condition in the database, without reading a record.

        :return: why it cannot be used, as a part of a sentence, or None
        """
        try:
            condition = self._parse(text)
            self._run(reader, condition)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except UserError as error:
            return str(error)
        except Exception:
            _logger.info("The condition %s does not run", text, exc_info=True)
            return self._find_wrong_comparison(reader, condition)
        return None

    @api.model
    def _run(self, reader, condition):
        # nothing dirty is left to be undone, so the cache stays, also that of a form
        self.env.flush_all()
        with self.env.cr.savepoint(flush=False):
            query = self._find_records(reader, condition)
            self.env.cr.execute(
                SQL("SELECT FROM (%s) AS found LIMIT 0", query.select(SQL("1 AS one"))),
                log_exceptions=False,
            )

    @api.model
    def _find_wrong_comparison(self, reader, condition):
        """Say which comparison of a condition does not run."""
        for leaf in condition.iter_conditions():
            try:
                self._run(reader, leaf)
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except Exception:
                return self.env._(
                    "“%(field)s” does not exist, or cannot be compared in this way "
                    "with %(value)s",
                    field=self._get_label(reader, leaf.field_expr),
                    value=repr(leaf.value)[:100],
                )
        return self.env._("its comparisons do not fit together")

    @api.model
    def _get_label(self, model, path):
        """Return the labels of the fields on a path, or the path if there are none."""
        labels = []
        for name in path.split("."):
            field = model is not None and model._fields.get(name)
            if not field:
                return path
            labels.append(field._description_string(self.env) or name)
            model = self.env[field.comodel_name] if field.comodel_name else None
        return " → ".join(labels)
