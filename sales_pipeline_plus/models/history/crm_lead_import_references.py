from odoo import api, models
from odoo.fields import Domain
from odoo.tools import split_every

# Only an administrator or a sales manager makes these, not a file.
NEVER_CREATED = {
    "crm.pipeline",
    "crm.stage",
    "crm.team",
    "res.company",
    "res.users",
}
MAX_NAMED = 20
BATCH_SIZE = 500


class CrmLead(models.Model):
    """The records that a file names: found, or missing, for all rows at once."""

    _inherit = "crm.lead"

    @api.model
    def _find_references(self, fields, data):
        """Search once for each record that the rows name.

        :return: ({(model, name): id} of those that are one record, {field path: names
            of which there is no record})
        """
        known, missing = {}, {}
        for column, path in enumerate(fields):
            field = self._get_reference(path)
            if not field:
                continue
            names = dict.fromkeys(row[column] for row in data if row[column])
            names = [name for name in names if isinstance(name, str)]
            matches = self._match_names(field.comodel_name, names)
            for name, ids in matches.items():
                if len(ids) == 1:
                    known[field.comodel_name, name] = ids[0]
            left = [name for name in names if not matches[name]]
            if left and not self._is_handled(path, field):
                missing[path] = left
        return known, missing

    @api.model
    def _get_reference(self, path):
        """Return the field that a column gives the name of a record for, or None."""
        model, field = self, None
        for name in path.split("/"):
            if model is None:
                return None
            field = model._fields.get(name)
            comodel = field and field.comodel_name
            model = self.env[comodel] if comodel else None
        if not field or field.type != "many2one" or field.comodel_name == self._name:
            return None
        return field

    @api.model
    def _is_handled(self, path, field):
        """Tell whether the user has said what happens to names without a record."""
        context = self.env.context
        return (
            path in (context.get("import_set_empty_fields") or ())
            or path in (context.get("import_skip_records") or ())
            or (
                field.comodel_name not in NEVER_CREATED
                and (context.get("name_create_enabled_fields") or {}).get(field.name)
            )
        )

    @api.model
    def _match_names(self, model_name, names):
        """Return {name: ids of the records of that name}, as Odoo's import searches."""
        model = self.env[model_name]
        if model_name == "res.users":
            return self._match_users(names)
        if model_name != "res.partner":
            return {
                name: [
                    record_id
                    for record_id, _label in model.name_search(
                        name, operator="=", limit=2
                    )
                ]
                for name in names
            }
        matches = {name: [] for name in names}
        keys = model._rec_names_search
        for batch in split_every(BATCH_SIZE, names, list):
            found = model.search_fetch(
                Domain.OR(Domain(key, "in", batch) for key in keys), keys
            )
            for record in found:
                for value in {record[key] for key in keys} & matches.keys():
                    matches[value].append(record.id)
        return matches

    @api.model
    def _match_users(self, names):
        """Return {name: ids} of users by login, e-mail or name.

        Those who have left are found where no present user has that name.
        """
        users = (
            self.env["res.users"]
            .with_context(active_test=False)
            .search_fetch([("share", "=", False)], ["active", "email", "login", "name"])
        )
        found = {}
        for user in users.sorted("active", reverse=True):
            for rank, value in enumerate((user.login, user.email, user.name)):
                if value:
                    key = (not user.active, rank)
                    by_rank = found.setdefault(value.strip().lower(), {})
                    by_rank.setdefault(key, []).append(user.id)
        return {
            name: by_rank[min(by_rank)]
            if (by_rank := found.get(name.strip().lower()))
            else []
            for name in names
        }

    @api.model
    def _forbid_creation(self):
        """Return self without the leave to create users, pipelines and the like."""
        enabled = self.env.context.get("name_create_enabled_fields") or {}
        kept = {
            path: value
            for path, value in enabled.items()
            if not (field := self._get_reference(path))
            or field.comodel_name not in NEVER_CREATED
        }
        if kept == enabled:
            return self
        return self.with_context(name_create_enabled_fields=kept)

    @api.model
    def _describe_missing(self, missing):
        """Say for all rows at once which records are not there, and what can be done.

        :param missing: {field path: names}
        """
        lines = [self.env._("Not in Odoo yet, in all rows of this file:")]
        creatable = []
        for path, names in missing.items():
            field = self._get_reference(path)
            label = field.get_description(self.env, ["string"])["string"]
            if field.comodel_name not in NEVER_CREATED:
                creatable.append(label)
            lines.append(
                self.env._(
                    "%(field)s (%(count)s): %(names)s.",
                    field=label,
                    count=len(names),
                    names=", ".join(names[:MAX_NAMED])
                    + ("…" if len(names) > MAX_NAMED else ""),
                )
            )
        if creatable:
            lines.append(
                self.env._(
                    "Choose “Create new values” beside these columns to create them "
                    "with the import: %s.",
                    ", ".join(creatable),
                )
            )
        if len(creatable) < len(missing):
            lines.append(
                self.env._(
                    "Users, sales teams, pipelines and stages are not created by an "
                    "import: create them first, or correct the file."
                )
            )
        return "\n".join(lines)
