from odoo import api, models
from odoo.tools import SQL

VERSIONS_KEPT = 100


class CrmSetupVersion(models.Model):
    """A row for every change of what is set up: a version that commits with it.

    What is derived from the set-up is cached under the version that the transaction
    sees, so it is never that of another transaction's past, on whichever thread,
    worker or replica. Rows are only ever inserted, so nobody waits for anybody. Number
    and greatest id together are of one state only: the greatest alone stays the same
    when a transaction commits after one that began later, and the smallest tells when
    old rows were removed.
    """

    _name = "crm.setup.version"
    _description = "Version of the Set-Up"
    _log_access = False

    @api.model
    def _get_current(self):
        """Return the version that this transaction sees; one query for each."""
        cache = self.env.cr.cache
        if self._name not in cache:
            [cache[self._name]] = self.env.execute_query(
                SQL("SELECT count(*), min(id), max(id) FROM crm_setup_version")
            )
        return cache[self._name]

    @api.model
    def _renew(self):
        """Let what is read from now on be a new version."""
        self.env.cr.execute(SQL("INSERT INTO crm_setup_version DEFAULT VALUES"))
        self.env.cr.cache.pop(self._name, None)

    @api.autovacuum
    def _gc_versions(self):
        """Remove the oldest rows."""
        self.env.cr.execute(
            SQL(
                """DELETE FROM crm_setup_version
                    WHERE id <= (SELECT max(id) FROM crm_setup_version) - %s""",
                VERSIONS_KEPT,
            )
        )
        self.env.cr.cache.pop(self._name, None)
