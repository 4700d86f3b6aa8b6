from odoo import api, models

# What the weekly review speaks of; the rest is on track.
TO_HELP = ("missing", "late", "out_of_standard")


class CrmFirstPage(models.AbstractModel):
    """Who of the team needs help first."""

    _inherit = "crm.first.page"

    @api.model
    def _get_page(self, teams):
        people = [] if teams is None else self._get_salespeople(teams)
        return {**super()._get_page(teams), "salespeople": people}

    @api.model
    def _get_salespeople(self, teams):
        """Return the salespeople of the team, those with the most to review first.

        An opportunity is counted once, by the first that applies to it (see
        ``review_state``): no next action, late, out of standard.

        :return: list of dicts: ``id`` (False: of nobody) and ``name`` of the
            salesperson; ``open``, ``missing``, ``late``, ``out_of_standard``, numbers
            of opportunities; ``domain`` of the open ones
        """
        deals = self.env["crm.lead"]._get_open_opportunity_domain()
        deals &= self._get_whose_domain(teams)
        people = {}
        for user, state, count in self.env["crm.lead"]._read_group(
            deals, ["user_id", "review_state"], ["__count"]
        ):
            counts = people.setdefault(user, dict.fromkeys(TO_HELP, 0) | {"open": 0})
            counts["open"] += count
            if state in counts:
                counts[state] += count
        ranked = sorted(
            people.items(),
            key=lambda item: (
                -sum(item[1][state] for state in TO_HELP),
                item[0].display_name or "",
            ),
        )
        return [
            {
                "id": user.id,
                "name": user.display_name or self.env._("Nobody"),
                "domain": [*deals, ("user_id", "=", user.id)],
                **counts,
            }
            for user, counts in ranked
        ]
