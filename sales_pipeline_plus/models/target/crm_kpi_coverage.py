from dataclasses import replace

from odoo import api, fields, models
from odoo.fields import Domain

from ...kpi import coverage
from ...kpi.catalogue.coverage import MEASURES
from ...models.figures.crm_kpi_fact import OPPORTUNITY
from ...tools.arguments import check_choice, check_names

FIGURE = "won_amount"
BREAKDOWNS = ("salesperson", "team", "pipeline")
HISTORY = (
    "won_count",
    "lost_count",
    "won_amount",
    "lost_amount",
    "win_rate",
    "win_rate_amount",
    "average_basket",
    "sales_cycle",
)
OPEN = ("open_count", "pipeline_amount")


class CrmKpi(models.AbstractModel):
    """Is there enough in the pipeline to reach the targets?"""

    _inherit = "crm.kpi"

    @api.model
    @api.readonly
    def get_coverage(self, filters=None, breakdown=None):
        """Return what the pipeline must bring to reach the targets, and what it can.

        Who sees own opportunities only gets the answer for these.

        :param filters: as for :meth:`get_figures`
        :param str breakdown: salesperson, team, pipeline or None
        :return: dict with ``period`` and ``history`` (the last 12 months), both
            ``start`` and ``end``; ``currency_id``; ``measures``: list of {``code``,
            ``unit``, ``label``, ``definition``}; ``keys``: list of {``id``, ``label``};
            ``rows``: as the keys, dicts of {code: {``value``, ``words``}} where the
            words are the arithmetic, or why there is no number, and ``levers``: list of
            {``code``, ``label``, ``value``, ``words``}, empty without a velocity;
            ``target_note``: why there can be no targets
        :raise UserError: if the question is not understood
        """
        self.env["crm.lead"].check_access("read")
        if breakdown is not None:
            check_choice(self.env, "breakdown", breakdown, BREAKDOWNS)
        period, _comparison, domain = self._read_filters(filters)
        filters = self._get_coverage_filters(filters)
        parts = {
            "won": self.get_figures(filters, [FIGURE], breakdown, with_targets=True),
            "history": self.get_figures(
                {**filters, "period": self._get_history_period()},
                list(HISTORY),
                breakdown,
            ),
            "open": self.get_figures(
                {**filters, "period": "this_month"}, list(OPEN), breakdown
            ),
        }
        _period, _comparison, domain = self._read_filters(filters)
        deciding = self._get_deciding_facts(domain, period, breakdown)
        keys = self._join_keys(
            [answer["keys"] for answer in parts.values()]
            + [self._get_keys(deciding, breakdown)]
        )
        words = self.env["crm.kpi.coverage.words"]
        rows = [
            words._get_row(
                self._get_coverage_numbers(parts, deciding, key["id"], period)
            )
            for key in keys
        ]
        return {
            "period": self._describe_period(period),
            "history": self._get_history_period(),
            "currency_id": self.env.company.currency_id.id,
            "measures": [
                {
                    "code": measure.code,
                    "unit": measure.unit,
                    "label": self.env._(measure.label),
                    "definition": self.env._(measure.definition),
                }
                for measure in MEASURES
            ],
            "keys": keys,
            "rows": rows,
            "target_note": parts["won"]["target_note"],
        }

    @api.model
    def _get_coverage_filters(self, filters):
        """Return the filters, of the user's own opportunities where no others are
        seen; nothing is compared."""
        filters = {**(filters or {}), "comparison": "none"}
        users = self._get_target_users(filters)
        if users is not None and not filters.get("user_ids"):
            filters["user_ids"] = users or [self.env.uid]
        return filters

    @api.model
    def _get_history_period(self):
        """Return the last 12 months, today included."""
        today = fields.Date.context_today(self)
        first = fields.Date.add(fields.Date.subtract(today, years=1), days=1)
        return {
            "start": fields.Date.to_string(first),
            "end": fields.Date.to_string(today),
        }

    @api.model
    def _get_deciding_domain(self, period):
        """Return the domain of the open opportunities to be decided in a period."""
        return (
            self.env["crm.lead"]._get_open_domain()
            & Domain("date_deadline", ">=", fields.Date.to_string(period.start))
            & Domain("date_deadline", "<", fields.Date.to_string(period.end))
        )

    @api.model
    def _get_deciding_facts(self, domain, period, breakdown):
        scope = self._get_scope(domain, [period], breakdown)
        scope = replace(
            scope, domain=scope.domain & OPPORTUNITY & self._get_deciding_domain(period)
        )
        facts = self._get_open_now_facts(scope)
        return {name: facts[name] for name in ("open_count", "open_amount")}

    @api.model
    def _join_keys(self, lists):
        """Return the keys of several answers, each once, none last."""
        found = {key["id"]: key for keys in lists for key in keys}
        none = found.pop(False, None)
        keys = sorted(found.values(), key=lambda key: key["label"].lower())
        return [*keys, none] if none else keys

    @api.model
    def _get_coverage_numbers(self, parts, deciding, key, period):
        """Return all numbers of a key; None is "no data"."""
        found = {}
        for answer in parts.values():
            ids = [each["id"] for each in answer["keys"]]
            for code, cells in answer["values"].items():
                cell = cells[ids.index(key)] if key in ids else {"value": None}
                found.setdefault(code, cell["value"])
                if code == FIGURE and answer is parts["won"]:
                    found["cell"] = cell.get("target")
                    found["made"] = cell["value"] or 0
                elif code == FIGURE:
                    found["history_won_amount"] = cell["value"]
        currency = self.env.company.currency_id
        cell = found.pop("cell")
        closed = round((found["won_count"] or 0) + (found["lost_count"] or 0))
        is_known = closed >= coverage.FEWEST_CLOSED
        numbers = {
            **found,
            "target_note": parts["won"]["target_note"],
            "last_day": fields.Date.subtract(period.end, days=1),
            "is_over": period.end <= fields.Date.context_today(self),
            "target": cell and cell["target"],
            "target_source": cell and cell["source_label"],
            "is_partial": bool(cell and cell["is_partial"]),
            "made": currency.round(found["made"]),
            "closed_count": closed,
            "deciding": currency.round(deciding["open_amount"].get_number(0, key)),
            "deciding_count": round(deciding["open_count"].get_number(0, key)),
            "open_count": found["open_count"] or 0,
        }
        if not is_known:
            numbers.update(win_rate=None, win_rate_amount=None)
        return self._add_coverage(numbers)

    @api.model
    def _add_coverage(self, numbers):
        """Add what follows from the numbers."""
        currency = self.env.company.currency_id
        missing = coverage.get_missing(numbers["target"], numbers["made"])
        if missing is not None:
            missing = currency.round(missing)
        needed = coverage.get_needed(missing, numbers["win_rate_amount"])
        # What is told adds up to the cent.
        needed = needed and currency.round(needed)
        to_create = coverage.get_to_create(needed, numbers["deciding"])
        lever_values = [
            numbers[name]
            for name in ("open_count", "win_rate", "average_basket", "sales_cycle")
        ]
        velocity = coverage.get_velocity(*lever_values)
        numbers = {
            **numbers,
            "missing": missing,
            "coverage": coverage.get_coverage(numbers["deciding"], missing),
            "needed": needed,
            "to_create": to_create and currency.round(to_create),
            "to_create_count": coverage.get_count(to_create, numbers["average_basket"]),
            "create_by": coverage.get_last_day_to_create(
                numbers["last_day"], numbers["sales_cycle"]
            ),
            "velocity": velocity and currency.round(velocity),
            "levers": {
                name: currency.round(value)
                for name, value in coverage.get_levers(*lever_values).items()
            }
            if velocity
            else {},
        }
        if numbers["is_over"]:
            numbers.update(coverage=None, needed=None, to_create=None, create_by=None)
        return numbers

    # ------------------------------------------------------------
    # The records behind a number
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def open_coverage_records(self, code, filters=None, breakdown=None, key=False):
        """Return the action that opens the records behind a number.

        :param str code: a measure or lever of :meth:`get_coverage`
        :param filters, breakdown, key: as for :meth:`open_records`
        :raise UserError: if the question is not understood
        """
        self.env["crm.lead"].check_access("read")
        (code,) = check_names(self.env, "code", [code])
        behind = {
            "target": None,
            "made": FIGURE,
            "missing": FIGURE,
            "deciding": None,
            "coverage": None,
            "to_create": None,
            "win_rate_amount": "win_rate_amount",
            "needed": "win_rate_amount",
            "create_by": "sales_cycle",
            "velocity": "pipeline_amount",
            "open_count": "pipeline_amount",
            "win_rate": "win_rate",
            "average_basket": "average_basket",
            "sales_cycle": "sales_cycle",
        }
        check_choice(self.env, "code", code, behind)
        if breakdown is not None:
            check_choice(self.env, "breakdown", breakdown, BREAKDOWNS)
        period, _comparison, _domain = self._read_filters(filters)
        filters = self._get_coverage_filters(filters)
        if code == "target":
            return self._open_targets(filters, period, breakdown, key)
        figure = behind[code]
        if figure == FIGURE:
            return self.open_records(figure, filters, breakdown, key)
        if figure in OPEN or not figure:
            action = self.open_records(
                "pipeline_amount",
                {**filters, "period": "this_month"},
                breakdown,
                key,
            )
            if not figure:
                domain = Domain(action["domain"]) & self._get_deciding_domain(period)
                action["domain"] = list(domain)
                action["name"] = self.env._("Open, to Be Decided in the Period")
            return action
        return self.open_records(
            figure,
            {**filters, "period": self._get_history_period()},
            breakdown,
            key,
        )

    @api.model
    def _open_targets(self, filters, period, breakdown, key):
        """Return the action that opens the targets of the period."""
        key = self._check_key(breakdown, key)
        domain = (
            Domain("figure", "=", FIGURE)
            & Domain("date_start", "<", fields.Date.to_string(period.end))
            & Domain("date_end", ">=", fields.Date.to_string(period.start))
            & Domain("company_id", "in", self._get_target_companies(filters).ids)
        )
        for name, field_name in (("team_ids", "team_id"), ("user_ids", "user_id")):
            if filters.get(name):
                domain &= Domain(field_name, "in", filters[name])
        if breakdown in ("salesperson", "team"):
            field_name = {"salesperson": "user_id", "team": "team_id"}[breakdown]
            domain &= Domain(field_name, "=", key)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Targets"),
            "res_model": "crm.target",
            "domain": list(domain),
            "views": [[False, "list"], [False, "kanban"], [False, "form"]],
            "mobile_view_mode": "kanban",
            "target": "current",
        }
