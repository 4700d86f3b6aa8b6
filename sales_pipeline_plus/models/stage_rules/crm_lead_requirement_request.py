from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools.arguments import check_id, check_records

# What a deal that is won is most likely to lack.
CLOSING_DATES = ("date_deadline",)
# What nobody fills in in the cell of a list.
NOT_IN_TABLE = ("binary", "html")


class CrmLead(models.Model):
    """What the web client asks for before it moves, wins or restores a deal."""

    _inherit = "crm.lead"

    can_ask_before_button = fields.Boolean(
        compute="_compute_can_ask_before_button",
        exportable=False,
        help="Whether the pipeline asks for anything before a stage: only then does "
        "the form look what is missing before it wins or restores.",
    )

    @api.depends("pipeline_id")
    def _compute_can_ask_before_button(self):
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        for lead in self:
            layout = layouts.get(lead.pipeline_id.id)
            lead.can_ask_before_button = bool(layout) and any(
                line.required_fields or line.minimum_score for line in layout.lines
            )

    @api.readonly
    def get_stage_requirements(self, stage_id):
        """Tell the web client what a move of this lead to a stage would ask for.

        :param int stage_id: the ``crm.stage`` that it is dragged to
        :return: dict of :meth:`_get_stage_request`; False if nothing is missing
        """
        check_records(self)
        stage_id = check_id(self.env, "stage_id", stage_id)
        self.ensure_one()
        self.check_access("read")
        return self._get_stage_request(stage_id)

    def get_button_requirements(self, button):
        """Tell the web client what a button of this lead's form would ask for.

        :param str button: the method that it calls: ``action_set_won_rainbowman`` or
            ``action_restore``
        :return: dict of :meth:`_get_stage_request`; False if nothing is missing
        :raise UserError: if it is another one
        """
        check_records(self)
        self.ensure_one()
        self.check_access("read")
        if button == "action_set_won_rainbowman":
            return self._get_stage_request(self._get_won_stage().id)
        if button == "action_restore":
            # It comes back with what it had: the stage may have asked for less then.
            had = (self.sudo().last_places or {}).get("filled", ())
            request = self._get_stage_request(self.stage_id.id)
            lost = [name for name in had if request and name in request["fields"]]
            return {**request, "fields": lost, "conditions": []} if lost else False
        raise UserError(self.env._("Nothing is asked for before “%s”.", button))

    def _get_stage_request(self, stage_id):
        """Return what the lead would lack in a stage.

        :return: dict with ``stage``, ``definition``, ``criteria`` (texts),
            ``stage_id``, ``fields`` (names of the missing required fields), ``values``
            (of those that are likely), ``conditions`` (labels of what else is
            missing), ``can_override``; False if nothing is missing
        """
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        layout = layouts.get(self.pipeline_id.id)
        line = layout and layout.get_line(stage_id)
        if not line or not self._get_missing(line):
            return False
        record = self.env["crm.pipeline.stage"].browse(line.id)
        names = [
            name
            for name in line.required_fields
            if name in self._fields and self._is_field_empty(name)
        ]
        today = fields.Date.to_string(fields.Date.context_today(self))
        return {
            "stage": record.stage_id.name,
            "stage_id": stage_id,
            "definition": record.definition or "",
            "criteria": record.entry_criteria or "",
            "fields": names,
            "values": {
                name: today for name in names if line.is_won and name in CLOSING_DATES
            },
            "conditions": self._get_missing_conditions(line),
            "can_override": self.env.user.has_group("sales_team.group_sale_manager"),
        }

    def _get_incomplete(self, stage_id):
        """Return what those of these leads lack that lack a field in a stage.

        :return: list of dicts with ``id``, ``name``, ``stage`` (its name), ``fields``
            (names), ``in_table`` (whether they can all be filled in in a list) and
            ``can_override``
        """
        incomplete = []
        for lead in self:
            request = lead.stage_id.id != stage_id and lead._get_stage_request(stage_id)
            if request and request["fields"]:
                incomplete.append(
                    {
                        "id": lead.id,
                        "name": lead.display_name,
                        "stage": request["stage"],
                        "fields": request["fields"],
                        "in_table": not any(
                            self._fields[name].type in NOT_IN_TABLE
                            for name in request["fields"]
                        ),
                        "can_override": request["can_override"],
                    }
                )
        return incomplete
