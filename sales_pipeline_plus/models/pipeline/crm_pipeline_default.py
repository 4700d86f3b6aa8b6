from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools.arguments import check_records


class CrmPipeline(models.Model):
    """Which pipeline new opportunities go to: a choice that is made and seen here."""

    _inherit = "crm.pipeline"

    default_team_ids = fields.One2many(
        "crm.team",
        "pipeline_id",
        string="Default Pipeline of",
        help="New opportunities of these sales teams start in this pipeline.",
    )
    default_company_ids = fields.One2many(
        "res.company",
        "pipeline_id",
        string="Default of the Companies",
        help="New opportunities of these companies start in this pipeline, unless "
        "their sales team has another default.",
    )
    is_default = fields.Boolean(
        string="New Opportunities Go Here",
        compute="_compute_is_default",
        search="_search_is_default",
        help="New opportunities of your company start in this pipeline, unless their "
        "sales team has another default.",
    )
    can_be_default = fields.Boolean(compute="_compute_is_default")

    @api.depends_context("company")
    @api.depends(
        "active",
        "company_id",
        "default_company_ids",
        "pipeline_stage_ids.is_won",
        "team_ids",
    )
    def _compute_is_default(self):
        company = self.env.company
        for pipeline in self:
            pipeline.is_default = company.sudo().pipeline_id == pipeline._origin
            pipeline.can_be_default = (
                bool(pipeline._origin)
                and pipeline.active
                and not pipeline.team_ids
                and pipeline.company_id in (company, company.browse())
                and any(not line.is_won for line in pipeline.pipeline_stage_ids)
            )

    @api.model
    def _search_is_default(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        default = Domain("id", "in", self.env.company.sudo().pipeline_id.ids)
        return default if (operator == "in") == (True in value) else ~default

    def action_make_default(self):
        """Let the new opportunities of the user's company go to this pipeline.

        :raise UserError: if the user may not set up pipelines
        :raise ValidationError: if new opportunities cannot start in it
        """
        check_records(self)
        self.ensure_one()
        self.check_access("write")
        # Who sets up pipelines is not allowed to change companies.
        self.env.company.sudo().pipeline_id = self

    @api.constrains("active", "company_id", "pipeline_stage_ids", "team_ids")
    def _check_default(self):
        """Refuse a default in which new opportunities cannot start."""
        if self._is_installing():
            return
        for pipeline in self.sudo().with_context(active_test=False):
            teams, companies = pipeline.default_team_ids, pipeline.default_company_ids
            if teams or companies:
                pipeline._check_can_start(teams, companies)
                pipeline._check_open_to_defaults(teams, companies)

    def _check_can_start(self, teams, companies):
        self.ensure_one()
        names = {
            "pipeline": self.name,
            "owners": ", ".join((teams or companies).mapped("display_name")),
        }
        if not self.active:
            raise ValidationError(
                self.env._(
                    "“%(pipeline)s” is the default pipeline of %(owners)s, so it "
                    "cannot be archived. Give them another default pipeline first.",
                    **names,
                )
            )
        if all(line.is_won for line in self.pipeline_stage_ids):
            raise ValidationError(
                self.env._(
                    "“%(pipeline)s” cannot be the default pipeline of %(owners)s: it "
                    "has no open stage, so that new opportunities cannot start in it. "
                    "Give it an open stage, or choose another pipeline.",
                    **names,
                )
            )

    def _check_open_to_defaults(self, teams, companies):
        self.ensure_one()
        closed = teams - self.team_ids if self.team_ids else teams.browse()
        if closed:
            raise ValidationError(
                self.env._(
                    "The pipeline “%(pipeline)s” is the default pipeline of %(teams)s, "
                    "but it is not open to the sales team. Add the team to the "
                    "pipeline first, or give it another default pipeline.",
                    pipeline=self.name,
                    teams=", ".join(closed.mapped("name")),
                )
            )
        abroad = teams.company_id - self.company_id if self.company_id else False
        if abroad:
            raise ValidationError(
                self.env._(
                    "The pipeline “%(pipeline)s” is the default pipeline of %(teams)s, "
                    "of %(companies)s, so it cannot belong to %(company)s. Give them "
                    "another default pipeline first.",
                    pipeline=self.name,
                    teams=", ".join(teams.mapped("name")),
                    companies=", ".join(abroad.mapped("name")),
                    company=self.company_id.name,
                )
            )
        if companies and self.team_ids:
            raise ValidationError(
                self.env._(
                    "“%(pipeline)s” is the default pipeline of %(companies)s, so it "
                    "must be open to all sales teams. Remove the teams, or choose "
                    "another default pipeline.",
                    pipeline=self.name,
                    companies=", ".join(companies.mapped("name")),
                )
            )
        others = companies - self.company_id if self.company_id else companies.browse()
        if others:
            raise ValidationError(
                self.env._(
                    "“%(pipeline)s” belongs to %(company)s, so it cannot be the "
                    "default pipeline of %(companies)s.",
                    pipeline=self.name,
                    company=self.company_id.name,
                    companies=", ".join(others.mapped("name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_default(self):
        for pipeline in self.sudo().with_context(active_test=False):
            owners = [
                *pipeline.default_company_ids.mapped("name"),
                *pipeline.default_team_ids.mapped("name"),
            ]
            if owners:
                raise UserError(
                    self.env._(
                        "“%(pipeline)s” cannot be deleted: it is the default pipeline "
                        "of %(owners)s. Give them another default pipeline first.",
                        pipeline=pipeline.name,
                        owners=", ".join(owners),
                    )
                )
