from odoo import api, models

from ...tools.arguments import check_records

MAX_NAMED = 5


class CrmLead(models.Model):
    """What the web client asks for before it moves deals into a restricted stage."""

    _inherit = "crm.lead"

    @api.readonly
    def get_move_requirements(self, stage_id):
        """Tell besides, in ``entry``, what of these the user may not move there (of
        :meth:`_get_entry_request`)."""
        requirements = super().get_move_requirements(stage_id)
        return {**requirements, "entry": self._get_entry_request(stage_id)}

    @api.readonly
    def get_button_entry(self, button):
        """Tell the web client whether the user may win these by a button.

        :param str button: the method that it calls
        :return: see :meth:`_get_entry_request`
        """
        check_records(self)
        self.ensure_one()
        self.check_access("read")
        if button != "action_set_won_rainbowman":
            return False
        return self._get_entry_request(self._get_won_stage().id)

    def get_button_requirements(self, button):
        """An approval asks for what the stage asks for, too."""
        if button != "action_approve_move":
            return super().get_button_requirements(button)
        check_records(self)
        self.ensure_one()
        self.check_access("read")
        return self._get_stage_request(self.approval_stage_id.id)

    @api.depends("pipeline_id")
    def _compute_can_ask_before_button(self):
        result = super()._compute_can_ask_before_button()
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        for lead in self:
            layout = layouts.get(lead.pipeline_id.id)
            if layout and any(
                line.entry_policy != "everybody" for line in layout.lines
            ):
                lead.can_ask_before_button = True
        return result

    def _get_entry_request(self, stage_id):
        """Return which of these the user may not move into a stage.

        :return: dict with ``stage_id``, ``lead_ids`` (of all that move), ``can_ask``
            (whether an approval can be asked for) and ``message`` (what to do
            otherwise); False if the user may move all
        """
        refused = []
        moving = self.filtered(lambda lead: lead.stage_id.id != stage_id)
        for lead in moving:
            line = lead._get_restricted_line(stage_id)
            if line and not lead._may_enter(line):
                refused.append((lead, line))
        if not refused:
            return False
        stage = self.env["crm.stage"].browse(stage_id)
        waiting = [lead for lead, _line in refused if lead.approval_stage_id]
        texts = [
            lead._get_entry_refusal(line, stage) for lead, line in refused[:MAX_NAMED]
        ]
        if waiting:
            texts = [
                self.env._(
                    "“%(lead)s” is already waiting for an approval, for “%(stage)s”.",
                    lead=lead.display_name,
                    stage=lead.approval_stage_id.name,
                )
                for lead in waiting[:MAX_NAMED]
            ]
        return {
            "stage_id": stage_id,
            "lead_ids": moving.ids,
            "can_ask": not waiting and all(line.entry_approval for _l, line in refused),
            "message": "\n".join(texts),
        }
