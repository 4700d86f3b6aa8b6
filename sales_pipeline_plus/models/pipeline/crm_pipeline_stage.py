from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, float_compare

from ...tools.texts import with_colon


class CrmPipelineStage(models.Model):
    """A stage within a pipeline: its place in the order and its probability there."""

    _name = "crm.pipeline.stage"
    _description = "Stage of a Sales Pipeline"
    _inherit = ["crm.naming.mixin", "crm.setup.mixin"]
    _order = "pipeline_id, sequence, id"
    _rec_names_search = ["stage_id.name", "pipeline_id.name"]

    pipeline_id = fields.Many2one(
        "crm.pipeline", required=True, ondelete="cascade", index=True
    )
    stage_id = fields.Many2one(
        "crm.stage", required=True, ondelete="restrict", index=True
    )
    sequence = fields.Integer(default=10)
    is_won = fields.Boolean(related="stage_id.is_won")
    fold = fields.Boolean(related="stage_id.fold")
    company_id = fields.Many2one(related="pipeline_id.company_id", store=True)
    probability = fields.Float(
        digits=(16, 2),
        aggregator="avg",
        compute="_compute_probability",
        store=True,
        readonly=False,
        help="Chance, in percent, that an opportunity in this stage is won. It applies "
        "when the pipeline takes its probabilities from the stages. A change updates "
        "the open opportunities that follow the stage.",
    )

    definition = fields.Text(
        translate=True,
        help="What an opportunity in this stage is: what has been done, what is known.",
    )
    entry_criteria = fields.Text(
        translate=True,
        help="What must be true before an opportunity enters this stage.",
    )
    requirement_ids = fields.One2many(
        "crm.pipeline.requirement",
        "pipeline_stage_id",
        string="Fields",
        copy=True,
        help="The fields that an opportunity needs from this stage on.",
    )
    minimum_score = fields.Float(
        string="Minimum Qualification (%)",
        digits=(16, 2),
        help="Least score of the qualification grid, in percent, from this stage on. "
        "0: none.",
    )
    limit_days = fields.Integer(
        string="Days Allowed",
        help="An opportunity that stays longer is out of standard. 0: no limit of this "
        "pipeline, the one of the stage applies.",
    )
    limit_clock = fields.Selection(
        [
            ("stage", "Time in the stage"),
            ("last_activity", "Time since the last activity"),
            ("planned", "Time in the stage, held by a planned activity"),
        ],
        string="Counted as",
        required=True,
        default="stage",
        help="Time in the stage: since it entered. Time since the last activity: since "
        "an activity was done or it entered. Held: as long as an activity is planned "
        "for today or later, it is within the standard.",
    )

    _pipeline_stage_uniq = models.Constraint(
        "UNIQUE(pipeline_id, stage_id)",
        "A stage can be only once in a pipeline.",
    )
    _check_probability_range = models.Constraint(
        "CHECK(probability >= 0 AND probability <= 100)",
        "The probability of a stage must be between 0 and 100 %.",
    )

    _check_minimum_score = models.Constraint(
        "CHECK(minimum_score >= 0 AND minimum_score <= 100)",
        "The minimum qualification of a stage must be between 0 and 100 %.",
    )
    _check_limit_days = models.Constraint(
        "CHECK(limit_days BETWEEN 0 AND 36500)",
        "The days allowed in a stage must be between 0 and 36,500.",
    )

    @api.depends("stage_id.is_won")
    def _compute_probability(self):
        """Won is 100 %; a stage that is won no longer takes its predecessor's value."""
        for line in self:
            if line.is_won:
                line.probability = 100
            elif float_compare(line.probability, 100, precision_digits=2) >= 0:
                others = line.pipeline_id.pipeline_stage_ids - line
                others = others.filtered(lambda other: not other.is_won)
                line.probability = max(others.mapped("probability"), default=0)

    @api.depends("pipeline_id", "stage_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            line.display_name = with_colon(
                line.env, line.pipeline_id.name, line.stage_id.name
            )

    @api.constrains("probability", "stage_id")
    def _check_probability(self):
        for line in self:
            certain = float_compare(line.probability, 100, precision_digits=2) >= 0
            if certain and not line.is_won:
                raise ValidationError(
                    self.env._(
                        "“%(stage)s” in “%(pipeline)s”: only a won stage has 100 %%. "
                        "Give it less, or mark the stage as won.",
                        stage=line.stage_id.name,
                        pipeline=line.pipeline_id.name,
                    )
                )
            if not certain and line.is_won:
                raise ValidationError(
                    self.env._(
                        "“%(stage)s” in “%(pipeline)s” is a won stage: its "
                        "probability is always 100 %%.",
                        stage=line.stage_id.name,
                        pipeline=line.pipeline_id.name,
                    )
                )

    @api.onchange("stage_id")
    def _onchange_stage_id(self):
        """Propose the probability of the stage before for a new line."""
        if not self.stage_id.is_won and not self.probability:
            before = (self.pipeline_id.pipeline_stage_ids - self).filtered(
                lambda line: not line.is_won
            )
            self.probability = max(before.mapped("probability"), default=10)

    def write(self, vals):
        if {"pipeline_id", "stage_id"} & vals.keys():
            self._check_unused(vals)
        old = {line: line.probability for line in self} if "probability" in vals else {}
        result = super().write(vals)
        changed = self.filtered(
            lambda line: (
                line in old
                and float_compare(line.probability, old[line], precision_digits=2)
            )
        )
        if changed:
            changed._update_following_leads(old)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._check_unused({"stage_id": False})

    def _is_bare(self):
        """Tell whether a line follows Odoo's stages and says nothing of its own."""
        self.ensure_one()
        return self.pipeline_id.follow_odoo_stages and not (
            self.definition
            or self.entry_criteria
            or self.requirement_ids
            or self.minimum_score
            or self.limit_days
        )

    def _check_unused(self, vals):
        """Refuse to take a stage out of a pipeline under the opportunities in it.

        :raise UserError: naming the stage, the pipeline and the number of opportunities
        """
        moved = self.filtered(
            lambda line: (
                vals.get("stage_id", line.stage_id.id) != line.stage_id.id
                or vals.get("pipeline_id", line.pipeline_id.id) != line.pipeline_id.id
            )
        )
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        for line, count in leads._read_group(
            [("pipeline_stage_id", "in", moved.ids)],
            ["pipeline_stage_id"],
            ["__count"],
        ):
            raise UserError(
                self.env._(
                    "“%(stage)s” cannot leave the pipeline “%(pipeline)s”: it holds "
                    "opportunities, lost and archived ones included (%(count)s). Move "
                    "them to another stage first.",
                    stage=line.stage_id.name,
                    pipeline=line.pipeline_id.name,
                    count=count,
                )
            )

    def _update_following_leads(self, old):
        """Bring open opportunities to the new probability and say so in the chatter.

        :param old: {line: probability before, in percent}
        """
        for pipeline, lines in self.grouped("pipeline_id").items():
            counts = {}
            if pipeline.probability_method == "stage":
                counts = lines._set_lead_probabilities()
            pipeline._log_probability_update(
                [
                    (
                        line.stage_id.name,
                        old[line],
                        line.probability,
                        counts.get(line.id, 0),
                    )
                    for line in lines
                ]
            )

    def _apply_probability_method(self):
        """Take over the pipelines' choice of method on all their leads.

        In a stage pipeline the stages' values come in by SQL; in a predictive one
        Odoo's scoring of the open leads does.
        """
        pipelines = self.pipeline_id
        pipelines._update_probability_sources()
        by_stage = pipelines.filtered(lambda p: p.probability_method == "stage")
        self.filtered(
            lambda line: line.pipeline_id in by_stage
        )._set_lead_probabilities()
        predictive = pipelines - by_stage
        if predictive:
            query = predictive._get_pending_leads_query()
            leads = self.env["crm.lead"].sudo().browse(query)
            leads._update_predictive_probabilities()

    def _set_lead_probabilities(self):
        """Give the open leads of these lines the line's probability, by SQL.

        :return: {line id: number of leads that took the new value}
        """
        leads = self.env["crm.lead"]
        self.flush_recordset(["probability"])
        query = self.pipeline_id._get_pending_leads_query()
        query.add_join(
            "JOIN",
            "line",
            "crm_pipeline_stage",
            SQL(
                "line.id = %s AND line.id IN %s",
                leads._field_to_sql(query.table, "pipeline_stage_id", query),
                tuple(self.ids),
            ),
        )
        counts = {line.id: 0 for line in self}
        if self:
            source = query.select(
                SQL.identifier(query.table, "id"),
                SQL("line.id AS line_id"),
                SQL("line.probability::float8 AS probability"),
            )
            for line_id, count in leads._update_automated_probability(source):
                counts[line_id] = count
        return counts
