from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...tools.readable_name import get_readable_name
from .percentage import format_percentage


class CrmPipeline(models.Model):
    """A sales process: an ordered choice of Odoo's stages, each with its probability.

    A stage (``crm.stage``) may serve several pipelines; what differs from one pipeline
    to the next (order, probability) is on ``crm.pipeline.stage``.
    """

    _name = "crm.pipeline"
    _description = "Sales Pipeline"
    _inherit = ["mail.thread", "crm.naming.mixin", "crm.setup.mixin"]
    _order = "sequence, id"
    _check_company_auto = True
    _setup_fields = frozenset(
        {
            "active",
            "call_cadence",
            "company_id",
            "follow_odoo_stages",
            "lead_properties_definition",
            "lost_reason_required",
            "next_action_policy",
            "pipeline_stage_ids",
            "probability_method",
            "quotation_policy",
            "reopening_policy",
            "sequence",
            "team_ids",
        }
    )

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    description = fields.Text(
        translate=True,
        help="What is sold through this pipeline, for whom it is made.",
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        tracking=True,
        ondelete="restrict",
        help="Only opportunities of this company can be in the pipeline. "
        "Leave it empty to share the pipeline between companies.",
    )
    team_ids = fields.Many2many(
        "crm.team",
        string="Sales Teams",
        ondelete="restrict",
        help="Only these sales teams use the pipeline. Leave it empty for all teams.",
    )
    probability_method = fields.Selection(
        [
            ("stage", "Probability of the stage"),
            ("predictive", "Odoo's predictive scoring"),
        ],
        string="Probability",
        required=True,
        default="stage",
        tracking=True,
        help="Where the probability of an opportunity comes from as long as the "
        "salesperson does not give one: from its stage in this pipeline, or from "
        "Odoo's predictive lead scoring.",
    )
    follow_odoo_stages = fields.Boolean(
        string="Stages Work as in Odoo",
        help="Stages that are created outside of the pipelines join this pipeline, and "
        "a stage with sales teams is for those teams only, as in Odoo without "
        "pipelines. The stages come in Odoo's order. Set on the pipelines that were "
        "made at installation.",
    )
    pipeline_stage_ids = fields.One2many(
        "crm.pipeline.stage", "pipeline_id", string="Stages", copy=True
    )
    stage_ids = fields.Many2many(
        "crm.stage",
        string="Stages in Order",
        compute="_compute_stage_ids",
        help="The stages of this pipeline, in its own order.",
    )
    _default_search_idx = models.Index("(sequence, id) WHERE active IS TRUE")

    @api.depends("pipeline_stage_ids.stage_id", "pipeline_stage_ids.sequence")
    def _compute_stage_ids(self):
        for pipeline in self:
            pipeline.stage_ids = pipeline.pipeline_stage_ids.stage_id

    @api.constrains("team_ids", "company_id")
    def _check_team_companies(self):
        """A pipeline that companies share can be for teams of any of them."""
        for pipeline in self.sudo().filtered("company_id"):
            others = pipeline.team_ids.company_id - pipeline.company_id
            if others:
                raise ValidationError(
                    self.env._(
                        "“%(pipeline)s” belongs to %(company)s, but some of its sales "
                        "teams to %(others)s. Remove those teams or the company.",
                        pipeline=pipeline.name,
                        company=pipeline.company_id.name,
                        others=", ".join(others.mapped("name")),
                    )
                )

    @api.constrains("team_ids", "company_id")
    def _check_leads(self):
        """Refuse a limit that the opportunities already in the pipeline break."""
        for pipeline in self.sudo():
            domain = [("pipeline_id", "=", pipeline.id)]
            limits = []
            if pipeline.team_ids:
                limits.append([("team_id", "not in", [*pipeline.team_ids.ids, False])])
            if pipeline.company_id:
                limits.append([("company_id", "!=", pipeline.company_id.id)])
            for limit in limits:
                lead = (
                    self.env["crm.lead"]
                    .sudo()
                    .with_context(active_test=False)
                    .search(domain + limit, limit=1)
                )
                if lead:
                    raise ValidationError(
                        self.env._(
                            "“%(pipeline)s” holds opportunities of other teams or "
                            "companies, such as “%(lead)s”. Move them to another "
                            "pipeline first.",
                            pipeline=pipeline.name,
                            lead=get_readable_name(lead),
                        )
                    )

    def write(self, vals):
        changed = self.browse()
        if "probability_method" in vals:
            changed = self.filtered(
                lambda p: p.probability_method != vals["probability_method"]
            )
        result = super().write(vals)
        if changed:
            changed.pipeline_stage_ids._apply_probability_method()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for pipeline, count in self._get_lead_counts():
            raise UserError(
                self.env._(
                    "“%(pipeline)s” cannot be deleted: it holds opportunities, or has "
                    "held them (%(count)s). Archive it instead.",
                    pipeline=pipeline.name,
                    count=count,
                )
            )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if not (default or {}).get("name"):
            for pipeline, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%s (copy)", pipeline.name)
        return vals_list

    def _get_lead_counts(self):
        """Return pairs (pipeline, number of its leads), lost and archived included."""
        return (
            self.env["crm.lead"]
            .sudo()
            .with_context(active_test=False)
            ._read_group(
                [("pipeline_id", "in", self.ids)], ["pipeline_id"], ["__count"]
            )
        )

    def _get_team_of(self, user):
        """Return the first of the pipeline's teams that the user leads or is in."""
        return self.team_ids.filtered(
            lambda team: user in team.member_ids or user == team.user_id
        )[:1]

    def _add_stages(self, stages):
        """Add stages to each pipeline, after its last open stage.

        In a pipeline that follows Odoo's stages they come where Odoo sorts them. A new
        stage starts with the probability of the stage before it.
        """
        vals_list = []
        for pipeline in self:
            lines = pipeline.pipeline_stage_ids.sorted()
            for stage in stages - lines.stage_id:
                before = lines.filtered(
                    lambda line, stage=stage, pipeline=pipeline: (
                        not line.is_won
                        and (
                            not pipeline.follow_odoo_stages
                            or line.stage_id.sequence <= stage.sequence
                        )
                    )
                )
                last = (lines if stage.is_won else before)[-1:]
                vals_list.append(
                    {
                        "pipeline_id": pipeline.id,
                        "stage_id": stage.id,
                        "sequence": last.sequence,
                        "probability": 100
                        if stage.is_won
                        else max(before.mapped("probability"), default=0),
                    }
                )
        return self.env["crm.pipeline.stage"].create(vals_list)

    def _resequence_stages(self, stages):
        """Bring the lines of these stages into their order, the others after them."""
        self.ensure_one()
        lines = self.pipeline_stage_ids.sorted()
        in_order = lines.browse()
        for stage in stages:
            in_order += lines.filtered(lambda line, stage=stage: line.stage_id == stage)
        self.pipeline_stage_ids = [
            Command.update(line.id, {"sequence": sequence})
            for sequence, line in enumerate(in_order | lines)
        ]

    @api.model
    def _prepare_stage_lines(self, stages):
        """Return values for lines whose probabilities rise in even steps to won."""
        step = 100 / (len(stages.filtered(lambda stage: not stage.is_won)) + 1)
        vals_list, rank = [], 0
        for position, stage in enumerate(stages, start=1):
            rank += not stage.is_won
            vals_list.append(
                {
                    "stage_id": stage.id,
                    "sequence": 10 * position,
                    "probability": 100 if stage.is_won else round(rank * step),
                }
            )
        return vals_list

    def _log_probability_update(self, changes):
        """Write in the chatter what a change of probabilities did.

        :param changes: list of (stage name, old %, new %, number of opportunities)
        """
        self.ensure_one()
        lines = [
            self.env._(
                "%(stage)s: %(old)s %% → %(new)s %%, open opportunities updated: "
                "%(count)s",
                stage=stage,
                old=format_percentage(self.env, old),
                new=format_percentage(self.env, new),
                count=count,
            )
            for stage, old, new, count in changes
        ]
        self._message_log(body=Markup("<br/>").join(lines))

    def _get_pending_leads_query(self):
        """Return a query of the pending leads of the pipelines, those on hold included,
        above the user's rules.

        A pipeline's set-up holds for all its opportunities, whoever changes it.
        """
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        return leads._search(
            Domain("pipeline_id", "in", self.ids) & leads._get_pending_domain()
        )

    def _update_probability_sources(self):
        """Bring the automatic source of all leads in line with the pipeline's choice.

        A salesperson's own value stays his own.
        """
        leads = self.env["crm.lead"]
        leads.flush_model(["pipeline_id", "probability_source"])
        self.flush_recordset(["probability_method"])
        self.env.cr.execute(
            SQL(
                """UPDATE crm_lead
                      SET probability_source = crm_pipeline.probability_method
                     FROM crm_pipeline
                    WHERE crm_pipeline.id = crm_lead.pipeline_id
                      AND crm_pipeline.id IN %s
                      AND crm_lead.probability_source IS DISTINCT FROM 'manual'""",
                tuple(self.ids),
            )
        )
        leads.invalidate_model(["probability_source"])
