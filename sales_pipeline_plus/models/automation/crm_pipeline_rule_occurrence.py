from odoo import models
from odoo.tools import SQL


class CrmPipelineRule(models.Model):
    """Which of the occurrences of its event a rule is for."""

    _inherit = "crm.pipeline.rule"

    def _filter_keys(self, keys):
        """Return those occurrences that are the rule's, as they are by now.

        :param keys: {lead: key of its occurrence}
        """
        if self.event in ("activity_planned", "activity_done"):
            return self._filter_activity_keys(keys)
        if self.event == "stage_entered" and self.from_stage_id:
            stages = self._get_stages_before([get_number(key) for key in keys.values()])
            return {
                lead: key
                for lead, key in keys.items()
                if stages.get(get_number(key)) == self.from_stage_id.id
            }
        return keys

    def _filter_activity_keys(self, keys):
        """Of the activities that are of the rule's type, and still planned or done."""
        activities = (
            self.env["mail.activity"]
            .browse(get_number(key) for key in keys.values())
            .exists()
            .grouped("id")
        )
        is_planned = self.event == "activity_planned"
        within = self.env["mail.activity.type"]._get_types_within_house()

        def is_meant(lead, key):
            activity = activities.get(get_number(key))
            return (
                activity
                and activity.active == is_planned
                and (activity.res_model, activity.res_id) == (lead._name, lead.id)
                and is_type_meant(activity.activity_type_id)
            )

        def is_type_meant(kind):
            if self.event_activity_type_id:
                return kind == self.event_activity_type_id
            return kind not in within

        return {lead: key for lead, key in keys.items() if is_meant(lead, key)}

    def _get_stages_before(self, stay_ids):
        """Return {stay id: id of the stage in which the opportunity stayed before}, in
        the same pipeline."""
        self.env["crm.lead.passage"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT stay.id, former.stage_id
                     FROM crm_lead_passage AS stay
               CROSS JOIN LATERAL (
                           SELECT known.stage_id, known.pipeline_id
                             FROM crm_lead_passage AS known
                            WHERE known.lead_id = stay.lead_id
                              AND known.former_lead_id IS NULL
                              AND (known.date_in, known.id) < (stay.date_in, stay.id)
                         ORDER BY known.date_in DESC, known.id DESC
                            LIMIT 1) AS former
                    WHERE stay.id = ANY(%s)
                      AND former.pipeline_id = stay.pipeline_id""",
                stay_ids,
            )
        )
        return dict(rows)

    def _filter_coming(self, leads):
        """Return those that come, or are about to come, from the stage that the rule
        asks for, before the stay has begun."""
        if not self.from_stage_id:
            return leads
        passages = self.env["crm.lead.passage"].sudo()
        passages._write_moves()
        last = passages.search(
            [("lead_id", "in", leads.ids), ("former_lead_id", "=", False)],
            order="date_in, id",
        )
        stages = {}
        for stay in last:
            if stay.stage_id != self.stage_id and stay.pipeline_id == self.pipeline_id:
                stages[stay.lead_id.id] = stay.stage_id
        return leads.filtered(lambda lead: stages.get(lead.id) == self.from_stage_id)


def get_number(key):
    """Return the number in the key of an occurrence.

    >>> get_number("stay:12")
    12
    """
    return int(key.split(":")[1])
