from collections import defaultdict

from odoo import api, fields, models

from ...kpi.catalogue.outlook import INPUT_LABELS, METHODS
from ...kpi.outlook import USUAL, Backtest, foresee, foresee_stages, get_bounds
from ...kpi.outlook_inputs import INPUTS
from .crm_kpi_outlook_question import NEXT_WEEKS

# What is won of the period so far
WON = ["won_count", "won_amount"]


class CrmKpi(models.AbstractModel):
    """What will come of the open deals, by several methods, each held against what came
    of those that were open in the past."""

    _inherit = "crm.kpi"

    @api.model
    @api.readonly
    def get_outlook(self, filters=None):
        """Return what the open opportunities will bring until the period ends.

        Past windows are as long as what is left of the period, do not overlap, and
        begin with a weekly snapshot; each method forecasts them from those before.

        :param dict filters: all optional. ``window``: this_month, this_quarter (usual),
            next_13_weeks; ``company_ids``, ``team_ids``, ``user_ids``,
            ``pipeline_ids``: lists of ids, which a past opportunity had then;
            ``campaign_ids``, ``category_ids``, ``lead_ids``. Salespeople have their
            shares of what is open and of what was won, as in the figures
        :return: dict with ``window``; ``period`` (``start`` and ``end``, both included)
            and ``days``, how many are left, today included; ``currency_id`` of all
            amounts; ``won`` (``count`` and ``amount``) so far in the period, None for
            the next weeks; ``open`` (``count``, ``amount``); ``past`` (``count`` of
            opportunities, ``windows``, ``start``: first one or False); ``best``, the
            code of the method to go by; ``words``, list of sentences; ``methods``,
            ``stages`` and ``inputs``, lists of dicts. A method: ``code``, ``label``,
            ``definition``, ``records`` for :meth:`open_outlook_records`, ``value``,
            ``low``, ``high``, ``is_by_errors`` (whether the range comes from past
            errors), ``scored`` (of how many), ``error`` and ``bias`` in percent,
            ``windows`` they are of, ``weeks`` (the first days of these),
            ``is_compared`` (whether these are all that the usual method could forecast:
            of such the best is chosen), ``held`` of ``ranges`` past ranges,
            ``is_best``; the call has no ``scored`` and ``weeks``. A stage:
            ``pipeline_id``, ``stage_id``, ``label``, ``count`` and ``amount`` of what
            is open, ``past_count``, ``past_won``, ``chance`` in percent, ``value``,
            ``low``, ``high``, ``words``. An input: ``code``, ``label``, ``is_used``
            besides the stage, and the error of past forecasts ``without`` and ``with``
            it, in percent, after ``trials``.
            None is "no data"
        :raise UserError: if a filter is unknown or cannot be read
        """
        self.env["crm.lead"].check_access("read")
        question = self._read_outlook_filters(filters)
        answer = self._answer_outlook(question, filters)
        words = self.env["crm.kpi.outlook.words"]
        answer["words"] = words._say_outlook(answer)
        for stage in answer["stages"]:
            stage["words"] = words._say_stage(stage, question.days)
        return answer

    @api.model
    def _answer_outlook(self, question, filters):
        """Return the answer without its words: the hook for more methods."""
        groups = self._get_outlook_groups(question)
        years = self._get_outlook_years(question)
        count = sum(group.count for group in groups)
        cells, past_cells = self._get_outlook_cells(question, count)
        past = [
            window._replace(
                last_year=years[window.start], cells=past_cells.get(window.start, ())
            )
            for window in self._get_outlook_past(question)
        ]
        test = Backtest(past)
        best = test.get_best() or USUAL
        forecasts = foresee(
            test.learning, groups, years[question.today], test.inputs, cells
        )
        return {
            "window": question.window,
            "period": self._describe_period(question.period),
            "days": question.days,
            "currency_id": self.env.company.currency_id.id,
            "won": self._get_outlook_won(question, filters),
            "open": {
                "count": count,
                "amount": self._round_amount(sum(group.amount for group in groups)),
            },
            "past": {
                "count": sum(group.count for each in past for group in each.groups),
                "windows": len(past),
                "start": bool(past) and fields.Date.to_string(past[0].start),
            },
            "best": best,
            "methods": [
                self._describe_method(
                    method, test, forecasts[method.code], get_bounds(groups), best
                )
                for method in METHODS
            ],
            "stages": self._get_outlook_stages(test, groups, cells),
            "inputs": self._describe_inputs(test.inputs),
        }

    @api.model
    def _round_amount(self, value):
        return None if value is None else self.env.company.currency_id.round(value)

    @api.model
    def _get_outlook_won(self, question, filters):
        """Return what is won so far of the period that runs; None for next weeks."""
        if question.window == NEXT_WEEKS:
            return None
        found = self.get_figures(self._get_outlook_won_filters(question, filters), WON)
        count, amount = (found["values"][code][0]["value"] for code in WON)
        return {"count": round(count), "amount": amount}

    @api.model
    def _get_outlook_won_filters(self, question, filters):
        """Return the filters of the figures of what is won so far."""
        filters = dict(filters or {})
        filters.pop("window", None)
        return {
            **filters,
            "comparison": "none",
            "period": {
                "start": fields.Date.to_string(question.period.start),
                "end": fields.Date.to_string(question.today),
            },
        }

    @api.model
    def _describe_method(self, method, test, forecast, possible, best):
        bounds = test.get_range(method.code, forecast, possible) or (None, None)
        held = test.held[method.code]
        return {
            "code": method.code,
            "label": self.env._(method.label),
            "definition": self.env._(method.definition),
            "records": method.records,
            "value": self._round_amount(forecast.value),
            "low": self._round_amount(bounds[0]),
            "high": self._round_amount(bounds[1]),
            "is_by_errors": test.is_by_errors(method.code),
            "scored": len(test.errors[method.code]),
            "error": test.get_error(method.code),
            "bias": test.get_bias(method.code),
            "windows": len(test.get_pairs(method.code)),
            "weeks": [
                fields.Date.to_string(day) for day in test.get_starts(method.code)
            ],
            "is_compared": test.is_compared(method.code),
            "held": sum(held),
            "ranges": len(held),
            "is_best": method.code == best,
        }

    @api.model
    def _get_outlook_stages(self, test, groups, cells):
        """Return the stages in which something is open, in the order of pipelines."""
        in_stage = defaultdict(list)
        for group in groups:
            in_stage[group.pipeline, group.stage].append(group)
        labels = self._get_outlook_labels(in_stage)
        forecasts = foresee_stages(test.learning, groups, test.inputs, cells)
        result = []
        for key in self._sort_outlook_stages(in_stage, labels):
            possible = get_bounds(in_stage[key])
            learned = test.learning.get_chance(*key)
            forecast = forecasts.get(key)
            bounds = (None, None)
            if forecast:
                bounds = test.get_stage_range(forecast, possible)
            result.append(
                {
                    "pipeline_id": key[0],
                    "stage_id": key[1],
                    "label": labels[key],
                    "count": sum(group.count for group in in_stage[key]),
                    "amount": self._round_amount(sum(possible)),
                    "past_count": learned.count if learned else 0,
                    "past_won": learned.won if learned else 0,
                    "chance": learned and 100 * learned.chance,
                    "value": forecast and self._round_amount(forecast.value),
                    "low": self._round_amount(bounds[0]),
                    "high": self._round_amount(bounds[1]),
                }
            )
        return result

    @api.model
    def _describe_inputs(self, inputs):
        """Return what was tried besides the stage, and what it changed."""
        result = []
        for code in INPUTS:
            others = [name for name in inputs.used if name != code]
            result.append(
                {
                    "code": code,
                    "label": self.env._(INPUT_LABELS[code]),
                    "is_used": code in inputs.used,
                    "without": inputs.get_error(others),
                    "with": inputs.get_error([*others, code]),
                    "trials": inputs.trials,
                }
            )
        return result

    @api.model
    def _get_outlook_labels(self, keys):
        """Return {(pipeline, stage): name}, with its pipeline's among several.

        Whoever reads a deal reads the names on it.
        """
        pipelines = self.env["crm.pipeline"].sudo().browse({p for p, _s in keys if p})
        stages = self.env["crm.stage"].sudo().browse({s for _p, s in keys if s})
        pipeline_names = {each.id: each.display_name for each in pipelines}
        names = {each.id: each.display_name for each in stages}
        none = self.env._("None")
        is_one = len({pipeline for pipeline, _stage in keys}) <= 1
        return {
            (pipeline, stage): names.get(stage, none)
            if is_one
            else self.env._(
                "%(pipeline)s: %(stage)s",
                pipeline=pipeline_names.get(pipeline, none),
                stage=names.get(stage, none),
            )
            for pipeline, stage in keys
        }

    @api.model
    def _sort_outlook_stages(self, keys, labels):
        """Return the stages, pipeline by pipeline, in the order of each."""
        layout = self.env["crm.pipeline"]._get_layout().pipelines
        rank = {
            (pipeline, line.stage_id): (number, place)
            for number, (pipeline, each) in enumerate(layout.items())
            for place, line in enumerate(each.lines)
        }
        last = (len(layout), 0)
        return sorted(keys, key=lambda key: (rank.get(key, last), labels[key]))
