from psycopg2 import IntegrityError

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import clean_context

# Only an administrator or a sales manager makes these, not a file.
NEVER_CREATED = {
    "crm.pipeline",
    "crm.stage",
    "crm.team",
    "res.company",
    "res.users",
}
MAX_NAMED = 20
MAX_SENT = 200


class CrmLead(models.Model):
    """What a file names and Odoo does not have: created if asked for, else named."""

    _inherit = "crm.lead"

    @api.model
    def _may_be_created(self, path):
        """Tell whether the user may create what a column names, by its name alone."""
        comodel = self._get_reference(path).comodel_name
        return comodel not in NEVER_CREATED and self.env[comodel].has_access("create")

    @api.model
    def _create_missing(self, missing):
        """Create what the user wants to be created, before the first row is read.

        Odoo does so while it reads the rows; one that is refused then takes away what
        was created for the others.

        :param missing: {field path: names}; those that are created are taken out
        :return: {(model, name): id}
        """
        created = {}
        enabled = self.env.context.get("name_create_enabled_fields") or {}
        for path in list(missing):
            if not enabled.get(path) or not self._may_be_created(path):
                continue
            # The defaults of an opportunity are not theirs.
            comodel = self.env[self._get_reference(path).comodel_name].with_context(
                clean_context(self.env.context)
            )
            left = []
            for name in missing.pop(path):
                key = comodel._name, name
                if key not in created:
                    try:
                        with self.env.cr.savepoint():
                            created[key] = comodel.name_create(name)[0]
                    except (UserError, IntegrityError):
                        left.append(name)
            if left:
                missing[path] = left
        return created

    @api.model
    def _without_creation(self):
        """Return self without the leave to create: what could be created, has been."""
        enabled = self.env.context.get("name_create_enabled_fields") or {}
        kept = {
            path: value
            for path, value in enabled.items()
            if not self._get_reference(path)
        }
        return self.with_context(name_create_enabled_fields=kept)

    @api.model
    def _prepare_missing(self, missing):
        """Return what the import screen shows of what is missing.

        :param missing: {field path: names}
        :return: dicts with ``path``, ``label``, ``count``, ``names`` (the first ones)
            and ``can_create``: neither when the user may not, nor when it was tried
        """
        enabled = self.env.context.get("name_create_enabled_fields") or {}
        return [
            {
                "path": path,
                "label": self._get_reference(path)._description_string(self.env),
                "count": len(names),
                "names": names[:MAX_SENT],
                "can_create": path not in enabled and self._may_be_created(path),
            }
            for path, names in missing.items()
        ]

    @api.model
    def _describe_missing(self, missing, unreasoned):
        """Say for all rows at once what is not there, and what can be done.

        :param missing: see :meth:`_prepare_missing`
        :param unreasoned: names of those that lack a lost reason
        """
        lines = [self.env._("Not in Odoo yet, in all rows of this file:")]
        for column in missing:
            lines.append(
                self.env._(
                    "%(field)s (%(count)s): %(names)s.",
                    field=column["label"],
                    count=column["count"],
                    names=self._join(column["names"], column["count"]),
                )
            )
        if not missing:
            lines = []
        if creatable := [each["label"] for each in missing if each["can_create"]]:
            lines.append(
                self.env._(
                    "Choose “Create What Is Missing”, or “Create new values” beside "
                    "these columns, to create them with the import: %s.",
                    ", ".join(creatable),
                )
            )
        if len(creatable) < len(missing):
            lines.append(
                self.env._(
                    "Users, sales teams, pipelines and stages are not created by an "
                    "import, nor is what you may not create: have them created first, "
                    "or correct the file."
                )
            )
        if unreasoned:
            lines.append(
                self.env._(
                    "Lost without a lost reason, in a pipeline that asks for one "
                    "(%(count)s): %(names)s. Name the reason, or give the closing "
                    "date: what was lost before today needs none.",
                    count=len(unreasoned),
                    names=self._join(unreasoned, len(unreasoned)),
                )
            )
        return "\n".join(lines)

    @api.model
    def _join(self, names, count):
        names = list(names)[:MAX_NAMED]
        return ", ".join(names) + ("…" if count > len(names) else "")
