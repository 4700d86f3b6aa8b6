from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ...kpi.changes import BY_CODE, KINDS, get_sign
from ...tools.arguments import check_choice

# The kind, and the columns with what it is worth, of each part of a deal's way.
PARTS = (
    ("opening_kind", "old_converted", "old_weighted"),
    ("in_kind", "in_amount", "in_weighted"),
    ("rate_kind", "rate_amount", "rate_weighted"),
    ("amount_kind", "more_amount", "more_weighted"),
    ("probability_kind", None, "likelier_weighted"),
    ("out_kind", "out_amount", "out_weighted"),
    ("closing_kind", "new_converted", "new_weighted"),
)


class CrmKpi(models.AbstractModel):
    """What changed in the pipeline between two weeks: a waterfall that closes."""

    _inherit = "crm.kpi"

    @api.model
    @api.readonly
    def get_changes(self, filters=None):
        """Return what became of the pipeline between two weeks, bar by bar.

        The opening and all bars add up to the closing: number, amount and weighted
        amount, to the cent, whatever the filters are.

        :param dict filters: all optional. ``start``: a Monday of
            :meth:`get_change_weeks`, usually last Monday; ``end``: a later one, or
            "now"; ``decision``: the period of the expected closing, as {last, this,
            next}_{month, quarter, year} or {"start": "2026-01-01", "end":
            "2026-03-31"}, both days included; ``company_ids``, ``team_ids``,
            ``user_ids``, ``pipeline_ids``: lists of ids, which a deal has then or now
            (a shared one has the salespeople with a share of it now);
            ``campaign_ids``, ``category_ids``, ``lead_ids``: of what it is now
        :return: dict with ``start`` (False without any snapshot) and ``end`` (False for
            now); ``decision`` (``start`` and ``end``, both included, or None);
            ``currency_id`` of the amounts; and ``bars``: a list of dicts, the opening
            first and the closing last, those of which there is nothing left out.
            ``code``, ``label``, ``definition``; ``side`` (state, in, within, out);
            ``deals``, how many records :meth:`open_changes` opens; ``count``,
            ``amount`` and ``weighted``, what they add
        :raise UserError: if a filter is unknown or cannot be read
        """
        self.env["crm.lead"].check_access("read")
        question = self._read_change_filters(filters)
        return {
            "start": bool(question) and fields.Date.to_string(question.start),
            "end": bool(question and question.end)
            and fields.Date.to_string(question.end),
            "decision": self._describe_period(question.decision)
            if question and question.decision
            else None,
            "currency_id": self.env.company.currency_id.id,
            "bars": self._get_change_bars(question) if question else [],
        }

    @api.model
    def _get_change_bars(self, question):
        """Return the bars of an answer, from one statement."""
        kinds = SQL(", ").join(SQL.identifier(kind) for kind, *_columns in PARTS)
        columns = sorted({name for part in PARTS for name in part[1:] if name})
        rows = self.env.execute_query(
            SQL(
                "%s SELECT %s, count(*), %s FROM deal GROUP BY %s",
                self._get_changes_sql(question),
                kinds,
                SQL(", ").join(
                    SQL("COALESCE(sum(%s), 0)", SQL.identifier(name))
                    for name in columns
                ),
                kinds,
            )
        )
        deals = defaultdict(int)
        amounts, weighted = defaultdict(float), defaultdict(float)
        for row in rows:
            found, count = row[: len(PARTS)], row[len(PARTS)]
            sums = dict(zip(columns, row[len(PARTS) + 1 :], strict=True))
            for code, (_kind, of_amount, of_weighted) in zip(found, PARTS, strict=True):
                if code:
                    deals[code] += count
                    amounts[code] += sums.get(of_amount, 0)
                    weighted[code] += sums[of_weighted]
        currency = self.env.company.currency_id
        bars = []
        for kind in KINDS:
            if not deals[kind.code] and kind.side != "state":
                continue
            sign = get_sign(kind.code)
            bars.append(
                {
                    "code": kind.code,
                    "label": self.env._(kind.label),
                    "definition": self.env._(kind.definition),
                    "side": kind.side,
                    "deals": deals[kind.code],
                    "count": sign * deals[kind.code],
                    "amount": currency.round((sign or 1) * amounts[kind.code]),
                    "weighted": currency.round((sign or 1) * weighted[kind.code]),
                }
            )
        return bars

    @api.model
    @api.readonly
    def open_changes(self, code, filters=None):
        """Return the action that opens the deals of a bar, with their values then and
        now.

        :param str code: that of the bar
        :param filters: as for :meth:`get_changes`
        :return: dict of an ``ir.actions.act_window``
        :raise UserError: if the question is not understood
        """
        self.env["crm.lead"].check_access("read")
        check_choice(self.env, "code", code, BY_CODE)
        question = self._read_change_filters(filters)
        kept = dict(filters or {})
        if question:
            # The usual opening is another one next week.
            kept["start"] = fields.Date.to_string(question.start)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(BY_CODE[code].label),
            "res_model": "crm.pipeline.change",
            "domain": [("kind", "=", code)],
            "views": [[False, "list"], [False, "kanban"], [False, "pivot"]],
            "mobile_view_mode": "kanban",
            "context": {
                "change_filters": kept,
                "is_reassigned": code in ("reassigned_in", "reassigned_out"),
            },
            "target": "current",
        }
