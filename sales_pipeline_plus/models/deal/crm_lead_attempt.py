from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.misc import clean_context

from ...tools.arguments import check_records


class CrmLead(models.Model):
    """A new attempt: a fresh opportunity after a lost one, linked to it."""

    _inherit = "crm.lead"

    attempt_of_id = fields.Many2one(
        "crm.lead",
        string="New Attempt of",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        tracking=True,
        help="The lost opportunity that this one tries again.",
    )
    attempt_ids = fields.One2many(
        "crm.lead",
        "attempt_of_id",
        string="New Attempts",
        readonly=True,
        copy=False,
        context={"active_test": False},
        help="The opportunities that try this lost one again.",
    )
    attempt_count = fields.Integer(
        string="Number of New Attempts", compute="_compute_attempt_count"
    )
    attempt_number = fields.Integer(
        string="Attempt No.",
        compute="_compute_attempt_number",
        recursive=True,
        compute_sudo=True,
        help="1 for a first attempt, 2 for the one after it was lost, and so on.",
    )

    @api.depends_context("uid")
    @api.depends("attempt_ids")
    def _compute_attempt_count(self):
        counts = {}
        if self.ids:
            counts = dict(
                self.with_context(active_test=False)._read_group(
                    [("attempt_of_id", "in", self.ids)], ["attempt_of_id"], ["__count"]
                )
            )
        for lead in self:
            lead.attempt_count = counts.get(lead._origin, 0)

    @api.depends("attempt_of_id.attempt_number")
    def _compute_attempt_number(self):
        for lead in self:
            lead.attempt_number = (lead.attempt_of_id.attempt_number or 0) + 1

    @api.constrains("attempt_of_id")
    def _check_attempt_of(self):
        if self._has_cycle("attempt_of_id"):
            raise ValidationError(
                self.env._(
                    "“%(lead)s” cannot be a new attempt of itself.",
                    lead=self[:1].display_name,
                )
            )

    # ------------------------------------------------------------
    # Making it
    # ------------------------------------------------------------

    def action_new_attempt(self):
        """Make a new attempt of each of these lost opportunities and show it.

        What the first stage asks for and the lost opportunity does not have is asked
        for in the form, when there is only one.

        :raise UserError: if one of them is not lost or is being tried again already
        """
        check_records(self)
        self._check_new_attempt()
        vals_list = self._prepare_new_attempt_vals_list()
        leads = self.with_env(self.env(context=clean_context(self.env.context)))
        if len(self) == 1:
            fresh = leads.new(vals_list[0])
            if fresh._get_missing(fresh._get_line()):
                return self._get_new_attempt_form_action(vals_list[0])
        # A collaborator becomes one only after the lines of the new one are made.
        attempts = leads.sudo().create(vals_list).with_env(self.env)
        return attempts._get_attempts_action()

    def _check_new_attempt(self):
        self.check_access("write")
        self.browse().check_access("create")
        self._check_is_lost()
        refusals = []
        tried = (
            self.sudo().attempt_ids.filtered(lambda lead: lead.won_status == "pending")
        ).attempt_of_id
        refusals += [
            self.env._(
                "“%(lead)s” has an open new attempt already. Go on with that one.",
                lead=lead.display_name,
            )
            for lead in self
            if lead.sudo() in tried
        ]
        if refusals:
            raise UserError("\n".join(refusals[:20]))

    def _check_is_lost(self):
        """:raise UserError: naming each one that is not a lost opportunity"""
        refusals = [
            self.env._(
                "“%(lead)s” is not a lost opportunity. A new attempt follows a lost "
                "one.",
                lead=lead.display_name,
            )
            for lead in self
            if lead.type != "opportunity" or lead._get_won_status() != "lost"
        ]
        if refusals:
            raise UserError("\n".join(refusals[:20]))

    @api.model
    def _get_new_attempt_fields(self):
        """Return the names of the fields that a new attempt takes over, if they are
        there and can be copied.

        Not taken over: activities, messages, attachments, quotations, meetings, all
        dates, stage, probability, qualification and the lost reason.
        """
        return [
            "name",
            "type",
            "company_id",
            "team_id",
            "user_id",
            "pipeline_id",
            # Customer
            "partner_id",
            "partner_name",
            "contact_name",
            "function",
            "email_from",
            "email_cc",
            "phone",
            "website",
            "lang_id",
            "street",
            "street2",
            "zip",
            "city",
            "state_id",
            "country_id",
            # What it is about
            "description",
            "tag_ids",
            "color",
            "priority",
            "referred",
            "campaign_id",
            "medium_id",
            "source_id",
            "expected_revenue",
            "recurring_revenue",
            "recurring_plan",
            "lead_properties",
            "pipeline_properties",
            "contact_ids",
            "collaborator_ids",
            "product_line_ids",
        ]

    def _prepare_new_attempt_vals_list(self):
        return [
            lead._prepare_new_attempt_vals(data)
            for lead, data in zip(self, self.copy_data(), strict=True)
        ]

    def _prepare_new_attempt_vals(self, data):
        """Return the values of a new attempt of this opportunity; to be extended.

        :param dict data: what a copy would have, see ``copy_data``
        """
        self.ensure_one()
        values = {
            name: data[name] for name in self._get_new_attempt_fields() if name in data
        }
        values["attempt_of_id"] = self.id
        values["user_id"] = self._get_new_attempt_user().id
        if not self.sudo().team_id.active:
            values.pop("team_id", None)
            values.pop("lead_properties", None)
        layout = (
            self.env["crm.pipeline"]._get_layout().pipelines.get(self.pipeline_id.id)
        )
        if not layout or not layout.is_usable(
            values.get("team_id"), self.company_id.id or None
        ):
            # The team's own pipeline takes its place.
            values.pop("pipeline_id", None)
            values.pop("pipeline_properties", None)
        return values

    def _get_new_attempt_user(self):
        """Return the salesperson if he is still there, else who makes the attempt."""
        self.ensure_one()
        company = self.company_id
        for user in self.sudo().user_id + self.env.user:
            if user.active and (not company or company in user.sudo().company_ids):
                return user
        return self.env["res.users"]

    def _log_new_attempt(self):
        """Write in both chatters what follows what."""
        self._message_log_batch(
            bodies={
                attempt.id: self.env._(
                    "New attempt after %(lead)s, lost in the stage “%(stage)s”.",
                    lead=attempt.attempt_of_id._get_html_link(),
                    stage=attempt.attempt_of_id.sudo().stage_id.name
                    or self.env._("no stage"),
                )
                for attempt in self
            }
        )
        self.attempt_of_id._message_log_batch(
            bodies={
                attempt.attempt_of_id.id: self.env._(
                    "New attempt: %(lead)s", lead=attempt._get_html_link()
                )
                for attempt in self
            }
        )

    # ------------------------------------------------------------
    # Seeing it
    # ------------------------------------------------------------

    def _get_new_attempt_form_action(self, values):
        """Open the form of an attempt that lacks something, to be saved by the user."""
        action = self._get_attempts_action()
        action["context"] = {
            **action["context"],
            **{f"default_{name}": value for name, value in values.items()},
        }
        action.update(res_id=False, views=[(False, "form")], view_mode="form")
        return action

    def _get_attempts_action(self):
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("New Attempts"),
            "res_model": "crm.lead",
            "view_mode": "list,form",
            "views": [
                (self.env.ref("crm.crm_case_tree_view_oppor").id, "list"),
                (False, "form"),
            ],
            "domain": [("id", "in", self.ids)],
            "context": {"active_test": False, "default_type": "opportunity"},
        }
        if len(self) == 1:
            action.update(
                name=self.display_name,
                view_mode="form",
                views=[(False, "form")],
                res_id=self.id,
            )
        return action

    def action_open_attempts(self):
        """Open the attempts that were made after this opportunity was lost."""
        check_records(self)
        self.ensure_one()
        return self.attempt_ids._get_attempts_action()

    def action_open_attempt_of(self):
        """Open the lost opportunity that this one tries again."""
        check_records(self)
        self.ensure_one()
        return self.attempt_of_id._get_attempts_action()

    # ------------------------------------------------------------
    # Merge
    # ------------------------------------------------------------

    def _merge_dependences(self, opportunities):
        result = super()._merge_dependences(opportunities)
        self._merge_dependences_attempts(opportunities)
        return result

    def _merge_dependences_attempts(self, opportunities):
        """Keep the chain when one of its opportunities is merged into this one.

        :param opportunities: see ``_merge_dependences``
        """
        merged = self.sudo() + opportunities.sudo()
        before = merged.attempt_of_id - merged
        after = opportunities.sudo().attempt_ids - merged
        own = self.sudo()
        if own.attempt_of_id in merged or (not own.attempt_of_id and before):
            own.attempt_of_id = before[:1]
        (after - own.attempt_of_id).attempt_of_id = own
