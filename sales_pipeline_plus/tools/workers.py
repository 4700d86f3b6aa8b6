"""Who may work on leads, asked for many of them at once."""


class Workers(dict):
    """{user: ids of the leads at hand on which the user may work}.

    It is asked for once for each user, with the user's own rights.
    """

    def __init__(self, leads):
        super().__init__()
        self.leads = leads

    def __missing__(self, user):
        self[user] = frozenset(self._find(user))
        return self[user]

    def _find(self, user):
        if not user.active or user.share:
            return ()
        leads = self.leads.with_user(user).with_context(
            active_test=False, allowed_company_ids=user.company_ids.ids
        )
        if not leads.browse().has_access("write"):
            return ()
        return leads.search([("id", "in", leads.ids)])._ids

    def get_first(self, lead, users):
        """Return the first of these users who may work on a lead, or None."""
        return next((user for user in users if lead.id in self[user]), None)
