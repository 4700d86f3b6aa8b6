from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ...kpi.catalogue.funnel import FUNNEL
from ...kpi.funnel import PARTS, Group, build_funnel, get_drop_off
from ...tools.arguments import check_mapping

# A number beside those of a stage: deals that were entered as won or lost.
UNKNOWN = "unknown"


class CrmKpi(models.AbstractModel):
    """The funnel of the deals that entered a pipeline: see ``kpi/funnel.py``."""

    _inherit = "crm.kpi"

    @api.model
    @api.readonly
    def get_funnel(self, filters=None):
        """Return the funnel of each pipeline, of the deals that entered it in a period,
        as they stand now.

        :param dict filters: as for :meth:`get_figures`; there is no comparison, and
            ``pipeline_ids`` are those that the deals entered, wherever they are now
        :return: dict with ``period`` (``start`` and ``end``, both included);
            ``currency_id`` of the amounts, each converted at the date of its deal;
            ``numbers``, what there is of a stage: ``code``, ``unit`` (measure,
            percentage or days), ``label`` and ``definition``; and ``pipelines``: a list
            of dicts, those that no deal entered left out: ``id``, ``label``;
            ``unknown``, how many deals were entered as won or lost and are in no other
            number; and ``stages``, in their order, the last one being the won deals:
            ``id`` (False for the won ones), ``label``; ``entered``, ``moved_on``,
            ``lost``, ``open``, ``away``, each with ``count`` and ``amount``;
            ``drop_off``, in percent of those who are no longer there; ``days``, the
            median of those who have left the stage. None is "no data"
        :raise UserError: if a filter is unknown or cannot be read
        """
        self.env["crm.lead"].check_access("read")
        period, deals, pipelines = self._read_funnel_filters(filters)
        places = self._get_funnel_places(pipelines)
        groups, unknown, days = self._get_funnel_numbers(places, period, deals)
        labels = self.env["crm.stage"].browse(
            stage_id for ids in places.values() for stage_id in ids
        )
        label_of = {stage.id: stage.name for stage in labels}
        return {
            "period": self._describe_period(period),
            "currency_id": self.env.company.currency_id.id,
            "numbers": [
                {
                    "code": number.code,
                    "unit": number.unit,
                    "label": self.env._(number.label),
                    "definition": self.env._(number.definition),
                }
                for number in FUNNEL
            ],
            "pipelines": [
                {
                    "id": pipeline.id,
                    "label": pipeline.name,
                    UNKNOWN: unknown[pipeline.id],
                    "stages": self._describe_funnel(
                        places[pipeline.id],
                        groups[pipeline.id],
                        days,
                        pipeline,
                        label_of,
                    ),
                }
                for pipeline in pipelines
                if places[pipeline.id] and (groups[pipeline.id] or unknown[pipeline.id])
            ],
        }

    @api.model
    def _read_funnel_filters(self, filters):
        """Return the period, the domain of the opportunities and the pipelines."""
        filters = check_mapping(self.env, "filters", filters)
        period, _comparison, _deals = self._read_filters(filters)
        ids = filters.pop("pipeline_ids", None)
        _period, _comparison, deals = self._read_filters(filters)
        pipelines = self.env["crm.pipeline"].with_context(active_test=False)
        return period, deals, pipelines.search([("id", "in", ids)] if ids else [])

    @api.model
    def _get_funnel_places(self, pipelines):
        """Return {pipeline id: [stage ids in order]}, without won stages."""
        layouts = pipelines._get_layout().pipelines
        return {
            pipeline.id: [
                line.stage_id for line in layouts[pipeline.id].lines if not line.is_won
            ]
            for pipeline in pipelines
        }

    @api.model
    def _get_funnel_numbers(self, places, period, deals):
        """Return {pipeline: [Group]}, {pipeline: deals whose way is unknown} and
        {(pipeline, stage): median days}, from one statement."""
        groups, unknown, days = defaultdict(list), defaultdict(int), {}
        for (
            pipeline_id,
            stage_id,
            furthest,
            result,
            count,
            value,
        ) in self.env.execute_query(
            SQL(
                """%s
                    SELECT pipeline_id, NULL AS stage_id, furthest, result, count(*),
                           sum(amount)::float8
                      FROM deal
                  GROUP BY pipeline_id, furthest, result
                 UNION ALL
                    SELECT pipeline_id, stage_id, NULL, NULL, count(*),
                           percentile_cont(0.5) WITHIN GROUP (ORDER BY days)
                      FROM spent
                  GROUP BY pipeline_id, stage_id""",
                self._get_funnel_sql(places, period, deals),
            )
        ):
            if stage_id:
                days[pipeline_id, stage_id] = value
            elif furthest is None:
                unknown[pipeline_id] += count
            else:
                groups[pipeline_id].append(Group(furthest, result, count, value))
        return groups, unknown, days

    @api.model
    def _describe_funnel(self, stage_ids, groups, days, pipeline, label_of):
        rows = build_funnel(len(stage_ids), groups)
        currency = self.env.company.currency_id
        described = []
        for stage_id, row in zip([*stage_ids, False], rows, strict=True):
            parts = {
                part: {"count": count, "amount": currency.round(amount)}
                for part, (count, amount) in row.items()
            }
            described.append(
                {
                    "id": stage_id,
                    "label": label_of[stage_id] if stage_id else self.env._("Won"),
                    **{part: parts.get(part) for part in PARTS},
                    "drop_off": get_drop_off(row) if stage_id else None,
                    "days": days.get((pipeline.id, stage_id)),
                }
            )
        return described
