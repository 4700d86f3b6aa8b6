from odoo import api, fields, models

from ...tools.arguments import check_records


class CrmLead(models.Model):
    """Launches the automatic actions of its pipeline, on every way to write."""

    _inherit = "crm.lead"

    rule_log_ids = fields.One2many(
        "crm.pipeline.rule.log",
        "lead_id",
        string="Automatic Actions",
        domain=[("state", "=", "planned")],
        readonly=True,
    )
    rule_log_count = fields.Integer(
        "Number of Automatic Actions", compute="_compute_rule_log_count"
    )

    def _compute_rule_log_count(self):
        counts = dict(
            self.env["crm.pipeline.rule.log"]._read_group(
                [("lead_id", "in", self.ids), ("state", "=", "planned")],
                ["lead_id"],
                ["__count"],
            )
        )
        for lead in self:
            lead.rule_log_count = counts.get(lead._origin, 0)

    def _filter_action_to_come(self, stage_id=None):
        """An action that a rule plans when the stage is entered counts already."""
        leads = super()._filter_action_to_come(stage_id)
        planned = self._get_rules_to_plan(stage_id)
        return leads.union(*(chosen.with_env(self.env) for chosen in planned.values()))

    def _get_rules_to_plan(self, stage_id=None):
        """See :meth:`crm.pipeline.rule._get_rules_to_plan`, without a query where no
        rule is for the stages that are entered."""
        events = self.env["crm.pipeline"]._get_rule_events()
        if not self or "stage_entered" not in events:
            return {}
        rules = self.env["crm.pipeline.rule"]._in_charge()
        return rules._get_rules_to_plan(self.with_env(rules.env), stage_id)

    def _get_next_action_request(self, stage_id=None):
        """Say which rules plan an action by themselves."""
        request = super()._get_next_action_request(stage_id)
        rules = self._get_rules_to_plan(stage_id) if stage_id else {}
        if not rules:
            return request
        names = [rule.with_env(self.env).name for rule in rules]
        return {**(request or {"lead_ids": [], "names": []}), "planned_by": names}

    def web_read(self, specification):
        """Show the client what its own change has launched."""
        rules = self.env["crm.pipeline.rule"]
        if rules._has_pending():
            rules._launch_pending()
        return super().web_read(specification)

    def action_open_rule_logs(self):
        check_records(self)
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_pipeline_plus.crm_pipeline_rule_log_action"
        )
        action["domain"] = [("lead_id", "=", self.id)]
        action["context"] = {"search_default_planned": 1, "in_lead": True}
        return action


class CrmLeadPassage(models.Model):
    """A stay that begins tells that a stage was entered."""

    _inherit = "crm.lead.passage"

    @api.model_create_multi
    def create(self, vals_list):
        passages = super().create(vals_list)
        layouts = self.env["crm.pipeline"]._get_layout().pipelines
        occurrences = [
            ("stage_entered", passage.lead_id.id, f"stay:{passage.id}")
            for passage in passages
            if not passage.date_out
            and (layout := layouts.get(passage.pipeline_id.id))
            and "stage_entered" in layout.rule_events
        ]
        if occurrences:
            self.env["crm.pipeline.rule"]._add_occurrences(occurrences)
        return passages


class SaleOrder(models.Model):
    """Launches the automatic actions for quotations that are sent or confirmed."""

    _inherit = "sale.order"

    def write(self, vals):
        events = {"sent": "quotation_sent", "sale": "quotation_confirmed"}
        event = events.get(vals.get("state"))
        if not event or event not in self.env["crm.pipeline"]._get_rule_events():
            return super().write(vals)
        changed = self.filtered(lambda order: order.state != vals["state"])
        result = super().write(vals)
        self.env["crm.pipeline.rule"]._add_occurrences(
            [
                (event, order.opportunity_id.id, f"{event}:{order.id}")
                for order in changed.sudo()
                if order.opportunity_id
            ]
        )
        return result
