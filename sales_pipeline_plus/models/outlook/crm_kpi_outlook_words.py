from odoo import api, models
from odoo.tools import format_amount

# With fewer past deals at a stage, its pipeline's share says more than its own.
FEW = 5


class CrmKpiOutlookWords(models.AbstractModel):
    """What will come, in sentences that anyone reads."""

    _name = "crm.kpi.outlook.words"
    _description = "What Will Come in Words"

    @api.model
    def _format(self, amount):
        """Return an amount without cents: no forecast is as sure as that."""
        currency = self.env.company.currency_id
        return format_amount(
            self.env,
            round(amount),
            currency,
            # Odoo would take the zeros of a round number, too.
            trailing_zeroes=not currency.decimal_places,
        )

    @api.model
    def _say_outlook(self, answer):
        """Return the sentences on all open opportunities."""
        best = next(method for method in answer["methods"] if method["is_best"])
        if not answer["open"]["count"]:
            return [self.env._("No opportunity is open.")]
        if best["value"] is None:
            return [
                self.env._(
                    "There is no data yet: no weekly snapshot is %s days old, so "
                    "nobody knows what becomes of open opportunities within this time.",
                    answer["days"],
                )
            ]
        return [
            self._say_total(answer, best),
            self._say_range(best),
            self._say_best(answer, best),
            *self._say_inputs(answer["inputs"]),
        ]

    @api.model
    def _say_inputs(self, inputs):
        """Return what enters besides the stage, and by how much that is better."""
        trials = inputs[0]["trials"]
        if not trials:
            return []
        used = [each for each in inputs if each["is_used"]]
        if not used:
            return [
                self.env._(
                    "Besides the stage nothing enters: past forecasts would not have "
                    "been clearly better with any of “%(inputs)s” (forecasts tried: "
                    "%(trials)s).",
                    inputs=", ".join(each["label"] for each in inputs),
                    trials=trials,
                )
            ]
        return [
            self.env._(
                "“%(input)s” enters besides the stage: past forecasts would have "
                "erred by %(with)s%% instead of %(without)s%%.",
                input=each["label"],
                **{name: round(each[name]) for name in ("with", "without")},
            )
            for each in used
        ]

    @api.model
    def _say_total(self, answer, best):
        values = {
            "count": answer["open"]["count"],
            "value": self._format(best["value"]),
            "days": answer["days"],
        }
        if answer["open"]["count"] == 1:
            words = self.env._(
                "Your open opportunity is worth %(value)s within %(days)s days",
                **values,
            )
        else:
            words = self.env._(
                "Your %(count)s open opportunities are worth %(value)s within %(days)s "
                "days",
                **values,
            )
        return self._add_range(words, best)

    @api.model
    def _add_range(self, words, found):
        if found["low"] is None:
            return self.env._("%s.", words)
        return self.env._(
            "%(words)s; 8 times in 10 between %(low)s and %(high)s.",
            words=words,
            low=self._format(found["low"]),
            high=self._format(found["high"]),
        )

    @api.model
    def _say_range(self, best):
        if not best["is_by_errors"]:
            return self.env._(
                "The past is too short to learn how wide the range must be (%s "
                "forecasts of it, 4 are needed): it comes from the chances alone.",
                best["scored"],
            )
        if not best["ranges"]:
            return self.env._(
                "The range comes from the errors of %s forecasts of the past.",
                best["scored"],
            )
        return self.env._(
            "The range comes from the errors of %(windows)s forecasts of the past; it "
            "would have held in %(held)s of %(ranges)s.",
            windows=best["scored"],
            held=best["held"],
            ranges=best["ranges"],
        )

    @api.model
    def _say_best(self, answer, best):
        if best["windows"] < 4 or best["error"] is None:
            return self.env._(
                "Which method errs least here is not known yet: the share won by "
                "stage is used."
            )
        return self.env._(
            "“%(method)s” erred least here: by %(error)s%% of what came, over the same "
            "%(windows)s forecasts of the past as all that it is compared with.",
            method=best["label"],
            error=round(best["error"]),
            windows=best["windows"],
        )

    @api.model
    def _say_stage(self, stage, days):
        """Return the sentences on a stage."""
        if stage["value"] is None:
            return self.env._("There is no data yet.")
        values = {"count": stage["past_count"], "won": stage["past_won"], "days": days}
        if not stage["past_count"]:
            past = self.env._(
                "No past opportunity stood at this stage: its chance is the "
                "pipeline's, or the company's."
            )
        elif stage["past_count"] < FEW:
            past = self.env._(
                "Past opportunities at this stage: %(count)s, won within %(days)s "
                "days: %(won)s. They are few: the pipeline's share counts more.",
                **values,
            )
        elif stage["past_won"] == 1:
            past = self.env._(
                "Of %(count)s past opportunities at this stage one was won within "
                "%(days)s days.",
                **values,
            )
        else:
            past = self.env._(
                "Of %(count)s past opportunities at this stage %(won)s were won within "
                "%(days)s days.",
                **values,
            )
        values = {"count": stage["count"], "value": self._format(stage["value"])}
        if stage["count"] == 1:
            words = self.env._("Your open one is worth %(value)s", **values)
        else:
            words = self.env._("Your %(count)s open ones are worth %(value)s", **values)
        return f"{past} {self._add_range(words, stage)}"
