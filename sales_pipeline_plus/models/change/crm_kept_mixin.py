from odoo import api, models


class CrmKeptMixin(models.AbstractModel):
    """A record that keeps something by itself, such as how far a job has come.

    In Odoo ``readonly`` binds the form only. What somebody gives for such a field, be
    it by RPC, by an import or as a default in the context, is passed over.
    """

    _name = "crm.kept.mixin"
    _description = "Record That Keeps Something by Itself"

    # The names of the fields that only our own code writes, with ``sudo()``.
    _kept_fields = frozenset()

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._without_kept(vals) for vals in vals_list]
        records = super(CrmKeptMixin, self._without_kept_defaults()).create(vals_list)
        return records.with_env(self.env)

    def write(self, vals):
        return super().write(self._without_kept(vals))

    @api.model
    def _without_kept(self, vals):
        if self.env.su or self._kept_fields.isdisjoint(vals):
            return vals
        return {
            name: value for name, value in vals.items() if name not in self._kept_fields
        }

    @api.model
    def _without_kept_defaults(self):
        kept = {f"default_{name}" for name in self._kept_fields}
        if self.env.su or kept.isdisjoint(self.env.context):
            return self
        context = {
            key: value for key, value in self.env.context.items() if key not in kept
        }
        return self.with_context(context)  # pylint: disable=context-overridden
