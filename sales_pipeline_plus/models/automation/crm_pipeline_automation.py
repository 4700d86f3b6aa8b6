from odoo import api, fields, models
from odoo.tools import LazyTranslate

from ...tools.arguments import check_records

_lt = LazyTranslate(__name__)


class CrmPipeline(models.Model):
    """The automatic actions of a pipeline."""

    _inherit = "crm.pipeline"

    rule_ids = fields.One2many(
        "crm.pipeline.rule",
        "pipeline_id",
        string="Automatic Actions",
        copy=True,
        context={"active_test": False},
    )

    def _prepare_layout(self):
        rules = self.rule_ids.filtered("active")
        return (
            super()
            ._prepare_layout()
            ._replace(rule_events=frozenset(rules.mapped("event")))
        )

    @api.model
    def _get_rule_events(self):
        """Return the events that launch something in any pipeline, without a query."""
        layouts = self._get_layout().pipelines.values()
        return frozenset().union(*(layout.rule_events for layout in layouts))

    @api.model
    def _get_usual_rules(self):
        """Return the values of the rules that most sales teams use, without names.

        Names are lazy so that they are written in all languages.
        """
        call = self.env.ref("mail.mail_activity_data_call", raise_if_not_found=False)
        todo = self.env.ref("mail.mail_activity_data_todo", raise_if_not_found=False)
        call_id, todo_id = (call or todo).id, (todo or call).id
        return [
            (
                _lt("Call back in a week"),
                {"event": "created", "activity_type_id": call_id, "delay_days": 7},
            ),
            (
                _lt("Follow up the quotation"),
                {
                    "event": "quotation_sent",
                    "activity_type_id": call_id,
                    "delay_days": 5,
                },
            ),
            (
                _lt("Debrief of the meeting"),
                {
                    "event": "meeting_held",
                    "activity_type_id": todo_id,
                    "delay_days": 1,
                },
            ),
            (
                _lt("Ask for the new expected closing date"),
                {
                    "event": "decision_passed",
                    "activity_type_id": call_id,
                    "only_without_action": True,
                },
            ),
            (
                _lt("No news for 30 days: get in touch"),
                {
                    "event": "inactive",
                    "inactive_days": 30,
                    "activity_type_id": call_id,
                    "only_without_action": True,
                },
            ),
            (
                _lt("Welcome the customer"),
                {"event": "won", "activity_type_id": call_id, "delay_days": 2},
            ),
            (
                _lt("Ask again after 6 months"),
                {"event": "lost", "activity_type_id": call_id, "delay_days": 182},
            ),
        ]

    def action_add_usual_rules(self):
        """Add the usual automatic actions for the events that have none yet."""
        check_records(self)
        codes = [code for code, _name in self.env["res.lang"].get_installed()]
        for pipeline in self:
            events = set(pipeline.rule_ids.mapped("event"))
            for sequence, (name, vals) in enumerate(self._get_usual_rules(), start=1):
                if vals["event"] in events:
                    continue
                rule = self.env["crm.pipeline.rule"].create(
                    {
                        **vals,
                        "pipeline_id": pipeline.id,
                        "sequence": 10 * sequence,
                        "name": self.env._(name),
                    }
                )
                rule.update_field_translations(
                    "name", {code: name._translate(code) for code in codes}
                )
