from odoo import api, models
from odoo.tools import SQL, Query

from ...tools.arguments import check_choice, check_records
from ...tools.record_views import get_record_views
from .lamps import (
    COMPARED,
    CONTACTS,
    GOOD,
    LATEST_DEALS,
    LEAST_DEALS,
    WEAK,
    count_outcomes,
)


class CrmLead(models.Model):
    """What became, here, of deals whose lamps were good or weak when they were closed.

    The latest closed deals of the same pipeline that the reader may read. Only what is
    recorded tells how a lamp was at the closing; a deal of which that is not known is
    left out of its comparison:

    - contacts, activities and answers count if they were there the day after the
      closing; of what was changed later, such as the roles of a contact, nobody knows
      how it was then;
    - of a deal that was won or lost before it was here, only the pace and the expected
      closing are known;
    - what was planned when a deal was closed is recorded of none.
    """

    _inherit = "crm.lead"

    @api.readonly
    def get_health_outcomes(self):
        """Return what became of closed deals of the same pipeline, lamp by lamp.

        :return: {code of the lamp: dict}: ``remark``, a sentence if there is nothing to
            compare, else False; ``good`` and ``weak``, each with ``label``, ``count``
            (closed deals), ``won`` (of them) and ``share`` (in percent)
        """
        check_records(self)
        self.ensure_one()
        self.check_access("read")
        outcomes = count_outcomes(self._get_closed_states().values())
        answer = {
            "next_step": {
                "remark": self.env._(
                    "What was planned when past opportunities were won or lost is not "
                    "recorded."
                )
            }
        }
        for lamp, labels in self._get_outcome_labels().items():
            good, weak = outcomes[lamp, GOOD], outcomes[lamp, WEAK]
            remark = None in (good.share, weak.share) and self.env._(
                "No data yet: it takes %(least)s closed opportunities of each kind, "
                "and there are %(good)s and %(weak)s.",
                least=LEAST_DEALS,
                good=good.count,
                weak=weak.count,
            )
            answer[lamp] = {"remark": remark}
            for state, outcome in ((GOOD, good), (WEAK, weak)):
                answer[lamp][state] = {
                    "label": labels[state],
                    "share": outcome.share,
                    **outcome._asdict(),
                }
        return answer

    @api.readonly
    def open_health_outcomes(self, code, state):
        """Return the action that opens the closed deals behind a share.

        :param str code: that of the lamp
        :param str state: good or weak
        :raise UserError: if there is no such lamp or state
        """
        check_records(self)
        self.ensure_one()
        self.check_access("read")
        check_choice(self.env, "code", code, COMPARED)
        check_choice(self.env, "state", state, (GOOD, WEAK))
        return {
            "type": "ir.actions.act_window",
            "name": self._get_outcome_labels()[code][state],
            "res_model": "crm.lead",
            "domain": [
                (
                    "id",
                    "in",
                    [
                        lead_id
                        for lead_id, (_won, states) in self._get_closed_states().items()
                        if states[code] == state
                    ],
                )
            ],
            "views": get_record_views(self.env, self._name),
            "mobile_view_mode": "kanban",
            "context": {"active_test": False},
        }

    @api.model
    def _get_outcome_labels(self):
        """Return {lamp: {state: whose share it is}}."""
        return {
            "decision_maker": {
                GOOD: self.env._("With a decision-maker"),
                WEAK: self.env._("Without a decision-maker"),
            },
            "contacts": {
                GOOD: self.env._("With %s contacts or more", CONTACTS),
                WEAK: self.env._("With fewer than %s contacts", CONTACTS),
            },
            "last_contact": {
                GOOD: self.env._("With a recent contact"),
                WEAK: self.env._("Without a recent contact"),
            },
            "pace": {
                GOOD: self.env._("At the usual pace"),
                WEAK: self.env._("Slower than usual"),
            },
            "date": {
                GOOD: self.env._("With a steady expected closing"),
                WEAK: self.env._("Put off, or closed after the expected date"),
            },
            "score": {
                GOOD: self.env._("Well qualified"),
                WEAK: self.env._("Badly qualified"),
            },
        }

    def _get_closed_states(self):
        """Return {id of a closed deal: (whether it was won, {lamp: state})} of the
        pipeline of this one, from one statement."""
        leads = self.env["crm.lead"].with_context(active_test=False)
        latest = leads._search(
            [
                ("type", "=", "opportunity"),
                ("won_status", "in", ["won", "lost"]),
                ("pipeline_id", "=", self.pipeline_id.id),
                ("date_closed", "!=", False),
            ],
            order="date_closed desc, id desc",
            limit=LATEST_DEALS,
        )
        query = Query(self.env, self._table, self._table_sql)
        table = query.table
        query.add_where(
            SQL("%s IN %s", SQL.identifier(table, "id"), latest.subselect())
        )
        rows = self.env.execute_query(
            query.select(
                SQL.identifier(table, "id"),
                SQL("%s = 'won'", self._field_to_sql(table, "won_status", query)),
                *(
                    getattr(self, f"_get_closed_{lamp}_sql")(table, query)
                    for lamp in COMPARED
                ),
            )
        )
        return {
            lead_id: (is_won, dict(zip(COMPARED, states, strict=True)))
            for lead_id, is_won, *states in rows
        }
