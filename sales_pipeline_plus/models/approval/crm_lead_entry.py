from odoo import SUPERUSER_ID, api, models

MANAGERS = "sales_team.group_sale_manager"


class CrmLead(models.Model):
    """Who may move an opportunity into a stage of its pipeline."""

    _inherit = "crm.lead"

    def _get_restricted_line(self, stage_id):
        """Return the :class:`StageLine` of a stage of the pipeline that not everybody
        may enter, or None."""
        self.ensure_one()
        line = self._get_stage_line(stage_id)
        return line if line and line.entry_policy != "everybody" else None

    def _get_stage_line(self, stage_id):
        """Return the :class:`StageLine` of a stage of the pipeline, or None."""
        self.ensure_one()
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        layout = layouts.get(self.pipeline_id.id)
        return layout and layout.get_line(stage_id)

    def _get_person_in_charge(self, line, user, team):
        """Return the one person who may move it into a stage that is not for a group;
        nobody if there is none, then the sales managers may.

        :param user: its salesperson, as far as that counts
        :param team: its sales team, likewise
        """
        people = team.user_id
        if line.entry_policy == "owner":
            people = user.filtered("active") or people
        return people.filtered("active")

    def _may_enter(self, line, user=None, team=None):
        """Tell whether the user may move this opportunity into a stage by themselves.

        :param StageLine line: the stage, which not everybody may enter
        :param user: its salesperson, as far as that counts; by default the present one
        :param team: its sales team, likewise
        """
        self.ensure_one()
        if line.entry_policy == "group":
            return line.entry_group_id in self.env.user._get_group_ids()
        lead = self.sudo()
        person = self._get_person_in_charge(
            line,
            lead.user_id if user is None else user,
            lead.team_id if team is None else team,
        )
        if person:
            return person.id == self.env.uid
        return self.env.user.has_group(MANAGERS)

    def _get_entry_users(self, line):
        """Return those who may move this opportunity into a stage that not everybody
        may enter: whom one can ask."""
        self.ensure_one()
        lead = self.sudo()
        group = lead.env["res.groups"].browse(line.entry_group_id or ())
        if line.entry_policy != "group":
            if person := self._get_person_in_charge(line, lead.user_id, lead.team_id):
                return person
            group = lead.env.ref(MANAGERS)
        return group.all_user_ids.filtered(
            lambda member: (
                member.active
                and member.id != SUPERUSER_ID
                and (not lead.company_id or lead.company_id in member.company_ids)
            )
        )

    def _get_entry_words(self, line, user=None, team=None):
        """Return who may move it there, in words. See :meth:`_may_enter`."""
        self.ensure_one()
        lead = self.sudo()
        if line.entry_policy == "group":
            group = lead.env["res.groups"].browse(line.entry_group_id)
            return self.env._("the members of “%s”", group.full_name)
        user = lead.user_id if user is None else user
        person = self._get_person_in_charge(
            line, user, lead.team_id if team is None else team
        )
        if not person:
            return self.env._("a sales manager")
        if line.entry_policy == "owner" and person == user:
            return self.env._("its salesperson, %s", person.name)
        return self.env._("the leader of its sales team, %s", person.name)

    def _get_entry_refusal(self, line, stage, **people):
        """Return why the user may not move it into a stage, and what to do."""
        self.ensure_one()
        texts = {
            "lead": self.display_name,
            "stage": stage.name,
            "pipeline": self.sudo().pipeline_id.name,
            "who": self._get_entry_words(line, **people),
        }
        if line.entry_approval:
            return self.env._(
                "“%(lead)s” cannot enter the stage “%(stage)s” of “%(pipeline)s” "
                "unasked: only %(who)s may move it there. Leave it in another stage "
                "and ask for their approval.",
                **texts,
            )
        return self.env._(
            "“%(lead)s” cannot enter the stage “%(stage)s” of “%(pipeline)s”: only "
            "%(who)s may move it there. Ask them to do it.",
            **texts,
        )

    @api.model
    def _is_machine_at_work(self):
        """Tell whether nobody asks for what happens. A merge is a person's, unless a
        machine makes it."""
        return self._is_automatic_move() and not self._is_internal("merged_by_person")
