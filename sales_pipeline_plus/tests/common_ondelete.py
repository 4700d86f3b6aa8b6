from odoo.tests import TransactionCase


class OndeleteCase(TransactionCase):
    """Each link of an addon says what happens when its record goes, and why.

    A new many2one or many2many must be listed in ``REASONS``: nothing that a person
    made may go silently with something else, and nothing may become visible or valid
    for all because what limited it is gone.
    """

    module = None
    REASONS = {}

    def check_reasons(self):
        listed = {}
        for (ondelete, _reason), names in self.REASONS.items():
            for name in names.split():
                self.assertNotIn(name, listed, "listed twice")
                listed[name] = ondelete
        found = {
            f"{model._name}.{field.name}": field.ondelete
            for model, field in self._get_links()
        }
        differing = dict(found.items() ^ listed.items())
        self.assertFalse(differing, "not listed as it is, or no longer there")

    def _get_links(self):
        """Return the stored links that the addon has made: not those of wizards, which
        go by themselves, nor copies of a link of another record."""
        for model in self.env.values():
            if model._abstract or not model._auto or model._transient:
                continue
            for field in model._fields.values():
                if (
                    field.type in ("many2one", "many2many")
                    and field.store
                    and not field.related
                    and not field.inherited
                    and field.name not in ("create_uid", "write_uid")
                    and self.module == self._get_owner(model, field)
                ):
                    yield model, field

    def _get_owner(self, model, field):
        """Return the addon that has made a link; a model of an addon that builds on
        another one may have it from a mixin there."""
        owner = next(iter(field._modules), None)
        above = self.env["ir.module.module"].search(
            [("name", "=", model._original_module)]
        )
        return above.name if owner in above.dependencies_id.mapped("name") else owner

    def check_wizards(self):
        """A forgotten wizard keeps nothing from being deleted."""
        for model in self.env.values():
            if model._transient and not model._abstract:
                for field in model._fields.values():
                    if self.module in field._modules and field.store:
                        self.assertNotEqual(
                            getattr(field, "ondelete", None), "restrict", field
                        )
