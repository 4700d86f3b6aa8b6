from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import split_every

from . import crm_pipeline_move as limits


class CrmLeadHandOver(models.TransientModel):
    """Hand opportunities over to another salesperson, after a preview of the result.

    They keep their team and pipeline, or move along to a pipeline of the other team:
    then it is a move, with the preview, the checks and the run in the background of
    ``crm.pipeline.move``.
    """

    _name = "crm.lead.hand.over"
    _inherit = "crm.pipeline.move"
    _description = "Hand Over to Another Salesperson"

    line_ids = fields.One2many("crm.lead.hand.over.line", "move_id")
    user_id = fields.Many2one(
        "res.users",
        string="New Salesperson",
        domain="[('share', '=', False), ('company_ids', 'in', company_ids)]",
    )
    company_ids = fields.Many2many("res.company", compute="_compute_company_ids")
    placement = fields.Selection(
        [
            ("keep", "Stay in their sales team and pipeline"),
            ("move", "Move along to a pipeline of the other sales team"),
        ],
        string="The Opportunities",
        default="keep",
        required=True,
    )
    team_id = fields.Many2one(
        "crm.team",
        string="Sales Team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        help="The sales team that the opportunities move along to.",
    )
    hand_over_activities = fields.Boolean(
        string="With the Planned Actions",
        default=True,
        help="The open activities of the former salesperson on these opportunities go "
        "to the new one.",
    )
    activity_count = fields.Integer(
        string="Planned Actions", compute="_compute_activity_count"
    )
    absent_message = fields.Text(
        string="Pipelines Not Offered", compute="_compute_absent_message"
    )

    @api.model
    def _open(self, leads, pipeline=None):
        """Return the action that shows the preview for these leads."""
        hand_over = self.create({"lead_ids": [Command.set(leads.ids)]})
        return {
            **hand_over._get_action(),
            "name": self.env._("Hand Over to Another Salesperson"),
        }

    # ------------------------------------------------------------
    # Preview
    # ------------------------------------------------------------

    @api.depends("lead_ids")
    def _compute_company_ids(self):
        """The companies whose salespeople can take over: those of the opportunities."""
        for hand_over in self:
            companies = hand_over._get_readable_leads().company_id
            hand_over.company_ids = companies or self.env.companies

    @api.depends("user_id")
    def _compute_team_id(self):
        for hand_over in self:
            team = self.env["crm.team"]
            if hand_over.user_id:
                team = team._get_default_team_id(
                    user_id=hand_over.user_id.id,
                    domain=[("use_opportunities", "=", True)],
                )
            hand_over.team_id = team

    @api.depends("lead_ids", "user_id")
    def _compute_activity_count(self):
        for hand_over in self:
            leads = hand_over._get_movable_leads().sudo()
            hand_over.activity_count = sum(
                activity.user_id == lead.user_id
                for lead in leads
                for activity in lead.activity_ids
            )

    def _get_reason(self, lead, writable_ids):
        if self.placement == "move":
            reason = super()._get_reason(lead, writable_ids)
            return None if reason == "there" else reason
        if lead.id not in writable_ids:
            return "forbidden"
        return "there" if lead.user_id == self.user_id._origin else None

    def _get_team_and_company_ids(self, lead):
        company = lead.company_id
        user = self.user_id._origin.sudo()
        if company and user and company not in user.company_ids:
            company = self.team_id.company_id or user.company_id
        return self.team_id._origin.id, company.id

    @api.depends("placement", "team_id", "user_id")
    def _compute_available_pipeline_ids(self):
        return super()._compute_available_pipeline_ids()

    def _is_available(self, pipeline, kinds):
        return not self._get_absence(pipeline, kinds)

    def _get_absence(self, pipeline, kinds):
        """Return why the opportunities cannot enter a pipeline, or False."""
        layout = self.env["crm.pipeline"]._get_layout().pipelines[pipeline.id]
        for leads in kinds.values():
            lead = leads[0]
            if not layout.is_usable(*self._get_team_and_company_ids(lead)):
                if self.team_id and layout.team_ids - {self.team_id._origin.id}:
                    return self.env._(
                        "not open to the sales team “%s”", self.team_id.name
                    )
                return self.env._("not open to the company")
            if not self._get_lines_for(layout, lead):
                if lead.won_status == "won":
                    return self.env._("no won stage for the won ones")
                return self.env._("no open stage for the open ones")
        return False

    @api.depends("placement", "team_id", "user_id", "lead_ids")
    def _compute_absent_message(self):
        pipelines = self.env["crm.pipeline"].search([])
        for hand_over in self:
            kinds = hand_over._get_movable_leads().grouped(
                lambda lead: (lead.pipeline_id, lead.team_id, lead.won_status)
            )
            absences = {
                pipeline.name: hand_over._get_absence(pipeline, kinds)
                for pipeline in pipelines
            }
            hand_over.absent_message = hand_over.placement == "move" and "\n".join(
                self.env._("“%(pipeline)s”: %(reason)s", pipeline=name, reason=reason)
                for name, reason in absences.items()
                if reason
            )

    @api.depends("placement")
    def _compute_line_ids(self):
        moving = self.filtered(lambda hand_over: hand_over.placement == "move")
        (self - moving).line_ids = [Command.clear()]
        return super(CrmLeadHandOver, moving)._compute_line_ids()

    @api.depends("placement", "user_id")
    def _compute_skipped_message(self):
        """Those that stay in their pipeline anyway may be lost ones or leads."""
        result = super()._compute_skipped_message()
        for hand_over in self.filtered(lambda wizard: wizard.placement == "keep"):
            count = len(hand_over._sort_leads().get("forbidden", ()))
            hand_over.skipped_message = count and self.env._(
                "Not yours to change, they stay with their salesperson: %s.", count
            )
        return result

    # ------------------------------------------------------------
    # Hand over
    # ------------------------------------------------------------

    def _group_leads(self, leads=None):
        if self.placement == "move":
            return super()._group_leads(leads)
        return {None: self._get_movable_leads() if leads is None else leads}

    def _check_pipeline(self):
        if not self.user_id:
            raise UserError(self.env._("Choose the new salesperson."))
        if self.placement == "move":
            return super()._check_pipeline()
        leads = self._get_movable_leads()
        if not leads:
            raise UserError(
                self.env._("There is nothing to hand over to “%s”.", self.user_id.name)
            )
        for lead in leads:
            company = lead.sudo().company_id
            if company and company not in self.user_id.sudo().company_ids:
                raise UserError(
                    self.env._(
                        "“%(lead)s” is of %(company)s, where “%(user)s” does not work. "
                        "Let it move along to a pipeline of the other sales team.",
                        lead=lead.display_name,
                        company=company.name,
                        user=self.user_id.name,
                    )
                )

    def _check_lines(self, groups):
        if self.placement == "move":
            return super()._check_lines(groups)

    def _split(self, groups):
        if self.placement == "move":
            yield from super()._split(groups)
            return
        for leads in groups.values():
            for ids in split_every(limits.BATCH_SIZE, leads.ids):
                yield leads.browse(ids), self.line_ids.browse()

    def _move_batch(self, leads, line):
        if not self.hand_over_activities:
            leads = leads.with_context(keep_activities=True)
        if self.placement == "move":
            return super()._move_batch(leads, line)
        for team, team_leads in leads.grouped("team_id").items():
            team_leads.write({"user_id": self.user_id.id, "team_id": team.id})
        leads.env.flush_all()

    def _prepare_lead_values(self):
        return {"user_id": self.user_id.id, "team_id": self.team_id.id}

    def _get_subject(self):
        return self.env._("Opportunities handed over to “%s”", self.user_id.name)

    def _get_result(self):
        message = self.env._(
            "Handed over to “%(user)s”: %(count)s.",
            user=self.user_id.name,
            count=self.moved_count,
        )
        if self.failures:
            message += "\n" + self.env._("Not handed over:") + "\n" + self.failures
        return message


class CrmLeadHandOverLine(models.TransientModel):
    """Where the opportunities of one stage go when they move along."""

    _name = "crm.lead.hand.over.line"
    _inherit = "crm.pipeline.move.line"
    _description = "Stage of a Hand-Over"

    move_id = fields.Many2one("crm.lead.hand.over")


class CrmPipelineMove(models.TransientModel):
    _inherit = "crm.pipeline.move"

    @api.model
    def _get_running(self):
        """Big hand-overs go on in the same scheduled action."""
        running = super()._get_running()
        if self._name == "crm.pipeline.move":
            running += self.env["crm.lead.hand.over"]._get_running()
        return running
