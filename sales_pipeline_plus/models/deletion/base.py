from psycopg2 import errors

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_list, ormcache

# How many of the records that refer to it are named.
NAMED = 3


class Base(models.AbstractModel):
    """Refuses to delete what our own records refer to, and says which they are.

    It holds for each of our fields with ``ondelete="restrict"``, also where PostgreSQL
    would come to it through a cascade (a product is deleted with its template). The
    foreign key itself sees to it in a race, and has no words.
    """

    _inherit = "base"

    @api.model
    def _get_guarding_modules(self):
        """Return the names of the modules whose fields are meant."""
        return {"sales_pipeline_plus"}

    @api.model
    @ormcache(cache="stable")
    def _get_referring_paths(self):
        """Return {model name: pairs (model name, path)}: the fields that restrict, each
        with the path from their model to the one that they restrict."""
        modules = self._get_guarding_modules()
        found = {}
        for model in self.pool.values():
            if not model._auto or model._abstract or model._transient:
                continue
            for field in model._fields.values():
                if (
                    field.type in ("many2one", "many2many")
                    and field.store
                    and field.ondelete == "restrict"
                    and not field.inherited
                    and not modules.isdisjoint(field._modules)
                ):
                    self._add_referring_paths(found, model._name, field.name, field)
        return found

    @api.model
    def _add_referring_paths(self, found, model_name, path, field, seen=()):
        """Add the path to what it leads to, and those that go on by a cascade."""
        target = field.comodel_name
        found.setdefault(target, []).append((model_name, path))
        for further in self.pool[target]._fields.values():
            if (
                further.type == "many2one"
                and further.store
                and further.ondelete == "cascade"
                and not further.inherited
                and further.comodel_name not in (target, *seen)
            ):
                self._add_referring_paths(
                    found,
                    model_name,
                    f"{path}.{further.name}",
                    further,
                    (*seen, target),
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_unless_referred(self):
        # By its name it comes after checks that have more to say: "_unlink_except".
        for record, words in self._find_referring():
            raise UserError(
                self.env._(
                    "“%(record)s” cannot be deleted, since this refers to it: "
                    "%(referring)s. %(advice)s",
                    record=record.sudo().display_name,
                    referring=words,
                    advice=self._get_deletion_advice(),
                )
            )

    def _find_referring(self):
        """Return a list of the first record that is referred to with the words for all
        that refers to it; empty if there is none."""
        found, words = self.browse(), []
        for model_name, path in (
            self.env["base"]._get_referring_paths().get(self._name, ())
        ):
            domain = Domain(path, "in", self.ids)
            if model_name == self._name:
                domain &= Domain("id", "not in", self.ids)
            model = self.env[model_name].sudo().with_context(active_test=False)
            referring = model.search(domain, limit=NAMED + 1, order="id")
            if not referring:
                continue
            record = (referring.mapped(path) & self)[:1]
            if found and record != found:
                continue
            found = record
            words.append(self._describe_referring(referring, path))
        return [(found, format_list(self.env, words))] if found else []

    @api.model
    def _describe_referring(self, referring, path):
        """Name the kind, the field, and those records that the user may read."""
        field = referring._fields[path.partition(".")[0]]
        visible = referring.with_env(self.env)._filtered_access("read")
        names = [self.env._("“%s”", record.display_name) for record in visible[:NAMED]]
        if len(names) < len(referring):
            names.append(self.env._("others"))
        return self.env._(
            "%(kind)s (%(field)s): %(names)s",
            kind=self.env["ir.model"]._get(referring._name).name,
            field=field._description_string(self.env),
            names=", ".join(names),
        )

    @api.model
    def _get_deletion_advice(self):
        """Return what to do instead of deleting."""
        if "active" in self._fields:
            return self.env._("Archive it instead, or change these first.")
        return self.env._("Change these first.")

    @api.model
    def _sql_error_to_message_generic(self, exc):
        """Since PostgreSQL 18 a foreign key that restricts has an error of its own,
        which Odoo shows as it comes."""
        if not isinstance(exc, errors.RestrictViolation):
            return super()._sql_error_to_message_generic(exc)
        kind = label = exc.diag.table_name
        for model in self.pool.values():
            if model._table != exc.diag.table_name or model._abstract:
                continue
            kind = self.env["ir.model"]._get(model._name).name
            label = ", ".join(
                field._description_string(self.env)
                for field in model._fields.values()
                if field.store
                and field.type == "many2one"
                and f"{model._table}_{field.name}_fkey" == exc.diag.constraint_name
            )
        return self.env._(
            "This record cannot be deleted, since this refers to it: %(kind)s "
            "(%(field)s). Archive it instead, or change these first.",
            kind=kind,
            field=label or exc.diag.constraint_name,
        )
