from odoo import api, models
from odoo.fields import Domain
from odoo.tools import split_every

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
            names = self._get_names(field, data, column)
            matches = self._match_names(field.comodel_name, names)
            for name, ids in matches.items():
                if len(ids) == 1:
                    known[field.comodel_name, name] = ids[0]
            left = [name for name in names if not matches[name]]
            if left and not self._is_left_out(path):
                missing[path] = left
        return known, missing

    @api.model
    def _get_names(self, field, data, column):
        """Return the names in a column, each once. Tags come several to a cell."""
        if field.type == "many2many":
            for row in data:
                if isinstance(row[column], str):
                    names = map(str.strip, row[column].split(","))
                    row[column] = ",".join(filter(None, names))
        cells = [row[column] for row in data if isinstance(row[column], str)]
        if field.type == "many2many":
            cells = [name for cell in cells for name in cell.split(",")]
        return list(filter(None, dict.fromkeys(cells)))

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
        if not field or field.type not in ("many2many", "many2one"):
            return None
        if field.comodel_name == self._name:
            return None
        return field

    @api.model
    def _is_left_out(self, path):
        """Tell whether names without a record are left out, as the user has said."""
        return any(
            path in (self.env.context.get(key) or ())
            for key in ("import_set_empty_fields", "import_skip_records")
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
