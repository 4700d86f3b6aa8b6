from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ...kpi.catalogue.coverage import LEVERS, MEASURES
from ...kpi.coverage import FEWEST_CLOSED, SHORTEST_CYCLE


class CrmKpiCoverageWords(models.AbstractModel):
    """The arithmetic of the coverage, in words.

    Each number has its sum in a sentence; what cannot be told says why.
    """

    _name = "crm.kpi.coverage.words"
    _description = "Arithmetic of the Coverage in Words"

    @api.model
    def _get_row(self, numbers):
        """Return {code: {``value``, ``words``}} and ``levers``."""
        row = {}
        for measure in MEASURES:
            value = numbers.get(measure.code)
            if measure.code == "create_by":
                value = fields.Date.to_string(value) if value else None
            row[measure.code] = {
                "value": value,
                "words": getattr(self, f"_say_{measure.code}")(numbers),
            }
        row["levers"] = [
            {
                "code": name,
                "label": self.env._(LEVERS[name]),
                "value": value,
                "words": self.env._(
                    "%(velocity)s a month instead of %(now)s",
                    velocity=self._format(value),
                    now=self._format(numbers["velocity"]),
                ),
            }
            for name, value in numbers["levers"].items()
        ]
        return row

    @api.model
    def _format(self, amount):
        return self.env.company.currency_id.format(amount)

    @api.model
    def _number(self, value, digits=1):
        """Return a number without digits that say nothing."""
        return formatLang(self.env, value, digits=digits if value % 1 else 0)

    @api.model
    def _percent(self, value):
        return self.env._("%s%%", self._number(value))

    @api.model
    def _days(self, value):
        return self.env._("%s days", self._number(value))

    # ------------------------------------------------------------
    # Why there is no number
    # ------------------------------------------------------------

    @api.model
    def _say_no_target(self, numbers):
        return numbers["target_note"] or self.env._(
            "There is no target of the amount won for this period."
        )

    @api.model
    def _say_few_closed(self, numbers):
        return self.env._(
            "Opportunities closed in the last 12 months: %(count)s. At least %(least)s "
            "are needed to tell a win rate.",
            count=numbers["closed_count"],
            least=FEWEST_CLOSED,
        )

    @api.model
    def _find_gap(self, numbers, *names):
        """Return why one of these is not known, or None."""
        if "over" in names and numbers["is_over"]:
            return self.env._("The period is over.")
        if "target" in names and numbers["target"] is None:
            return self._say_no_target(numbers)
        if "rate" in names:
            if numbers["closed_count"] < FEWEST_CLOSED:
                return self._say_few_closed(numbers)
            if numbers["win_rate_amount"] is None:
                return self._say_no_amount()
            if not numbers["win_rate_amount"]:
                return self.env._("Nothing was won in the last 12 months.")
        return None

    @api.model
    def _say_no_amount(self):
        return self.env._("What was closed in the last 12 months has no amount.")

    # ------------------------------------------------------------
    # Sums
    # ------------------------------------------------------------

    @api.model
    def _say_target(self, numbers):
        if numbers["target"] is None:
            return self._say_no_target(numbers)
        words = self.env._(
            "%(target)s: %(origin)s.",
            target=self._format(numbers["target"]),
            origin=numbers["target_source"],
        )
        if numbers["is_partial"]:
            words += " " + self.env._("Some months of the period have no target.")
        return words

    @api.model
    def _say_made(self, numbers):
        return self.env._("Won in the period: %s.", self._format(numbers["made"]))

    @api.model
    def _say_missing(self, numbers):
        gap = self._find_gap(numbers, "target")
        if gap:
            return gap
        if not numbers["missing"]:
            return self.env._("The target is reached: nothing is missing.")
        return self.env._(
            "Target %(target)s − made %(made)s = %(missing)s.",
            target=self._format(numbers["target"]),
            made=self._format(numbers["made"]),
            missing=self._format(numbers["missing"]),
        )

    @api.model
    def _say_deciding(self, numbers):
        return self.env._(
            "Open opportunities with their expected closing in the period: %(count)s, "
            "together %(amount)s.",
            count=numbers["deciding_count"],
            amount=self._format(numbers["deciding"]),
        )

    @api.model
    def _say_coverage(self, numbers):
        gap = self._find_gap(numbers, "over", "target")
        if gap or not numbers["missing"]:
            return gap or self._say_missing(numbers)
        return self.env._(
            "Open in the period %(open)s / missing %(missing)s = %(coverage)s.",
            open=self._format(numbers["deciding"]),
            missing=self._format(numbers["missing"]),
            coverage=self._number(numbers["coverage"], 2),
        )

    @api.model
    def _say_win_rate_amount(self, numbers):
        if numbers["closed_count"] < FEWEST_CLOSED:
            return self._say_few_closed(numbers)
        if numbers["win_rate_amount"] is None:
            return self._say_no_amount()
        return self.env._(
            "In the last 12 months: won %(won)s / (won %(won)s + lost %(lost)s) = "
            "%(rate)s, of %(count)s closed opportunities.",
            won=self._format(numbers["history_won_amount"] or 0),
            lost=self._format(numbers["lost_amount"] or 0),
            rate=self._percent(numbers["win_rate_amount"] or 0),
            count=numbers["closed_count"],
        )

    @api.model
    def _say_needed(self, numbers):
        gap = self._find_gap(numbers, "over", "target", "rate")
        if gap:
            return gap
        return self.env._(
            "Missing %(missing)s / own win rate %(rate)s = %(needed)s.",
            missing=self._format(numbers["missing"]),
            rate=self._percent(numbers["win_rate_amount"]),
            needed=self._format(numbers["needed"]),
        )

    @api.model
    def _say_to_create(self, numbers):
        gap = self._find_gap(numbers, "over", "target", "rate")
        if gap:
            return gap
        words = self.env._(
            "Pipeline needed %(needed)s − open in the period %(open)s = %(create)s.",
            needed=self._format(numbers["needed"]),
            open=self._format(numbers["deciding"]),
            create=self._format(numbers["to_create"]),
        )
        if not numbers["to_create"]:
            return words + " " + self.env._("That is enough.")
        if numbers["to_create_count"]:
            words += " " + self.env._(
                "Opportunities of an average basket of %(basket)s: %(count)s.",
                basket=self._format(numbers["average_basket"]),
                count=numbers["to_create_count"],
            )
        if numbers["create_by"]:
            words += " " + self._say_create_by(numbers)
        return words

    @api.model
    def _say_create_by(self, numbers):
        if numbers["sales_cycle"] is None:
            return self.env._("Nothing was won in the last 12 months.")
        if numbers["is_over"]:
            return self.env._("The period is over.")
        last_day = numbers["last_day"]
        if numbers["create_by"] < fields.Date.context_today(self):
            return self.env._(
                "A sale takes %(cycle)s: what is created from now on is decided after "
                "%(end)s. What is open must do, or be decided sooner.",
                cycle=self._days(numbers["sales_cycle"]),
                end=format_date(self.env, last_day),
            )
        return self.env._(
            "A sale takes %(cycle)s: what is to be decided by %(end)s is created by "
            "%(day)s.",
            cycle=self._days(numbers["sales_cycle"]),
            end=format_date(self.env, last_day),
            day=format_date(self.env, numbers["create_by"]),
        )

    @api.model
    def _say_velocity(self, numbers):
        gap = self._find_gap(numbers, "rate")
        if gap:
            return gap
        return self.env._(
            "%(count)s open × win rate %(rate)s × average basket %(basket)s / sales "
            "cycle %(cycle)s × 30 days = %(velocity)s a month.",
            count=round(numbers["open_count"]),
            rate=self._percent(numbers["win_rate"]),
            basket=self._format(numbers["average_basket"]),
            cycle=self._days(max(numbers["sales_cycle"], SHORTEST_CYCLE)),
            velocity=self._format(numbers["velocity"] or 0),
        )
