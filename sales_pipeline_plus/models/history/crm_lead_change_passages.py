from datetime import timedelta

from odoo import api, models

from .stays import get_stays

DAY = timedelta(days=1)


class CrmLeadChange(models.Model):
    """Rebuilds the stays of opportunities, before those that Odoo has seen itself."""

    _inherit = "crm.lead.change"

    @api.model
    def _rebuild_passages(self, leads, changes):
        """Write the stays that the changes tell of.

        :param changes: {lead id: changes in order}
        :return: {lead id: stays}, all with an end but the last one of an open lead
        """
        passages = self.env["crm.lead.passage"].sudo()
        # Not the stays of opportunities that were merged into them.
        own = [("lead_id", "in", leads.ids), ("former_lead_id", "=", False)]
        known = passages.search(own, order="date_in, id")
        known.filtered("is_from_history").unlink()
        recorded = known.exists().grouped("lead_id")
        vals_list, result = [], {}
        for lead in leads:
            stays = get_stays(changes.get(lead.id, ()))
            if not stays:
                continue
            first = recorded.get(lead, passages)[:1]
            result[lead.id] = self._join(lead, stays, first, vals_list)
        passages.create(vals_list)
        return result

    @api.model
    def _join(self, lead, stays, first, vals_list):
        """Join the stays of a history with the first one that Odoo has recorded.

        :param vals_list: takes the values of the passages to be created
        :return: the stays
        """
        last = stays[-1]
        is_closed = lead.won_status in ("won", "lost") and lead.date_closed
        next_stage = self.env["crm.stage"]
        is_end_known = True
        update = {}
        is_imported_loss = first.outcome == "lost" and (
            not first.is_path_known or first.date_recorded
        )
        if is_imported_loss or (not last.end and last.stage == first.stage_id.id):
            # Odoo has seen its end, the history its beginning.
            update = self._prepare_beginning(lead, first, last)
            written, next_stage = stays[:-1], self.env["crm.stage"]
            end = update.get("date_out") or first.date_out or None
            stays = [*written, last._replace(end=end)]
        elif not last.end and first:
            is_won = first.stage_id.is_won and bool(is_closed)
            begun = first.date_recorded or first.date_in
            end = max(last.start, lead.date_closed if is_won else begun)
            stays = written = [*stays[:-1], last._replace(end=end, ending="moved")]
            # An open deal was found elsewhere when it came to Odoo.
            is_end_known, next_stage = is_won, first.stage_id
            if is_won:
                update = {"date_in": end, "date_recorded": begun, "is_path_known": True}
        elif not last.end and is_closed:
            ending = "lost" if lead.won_status == "lost" else "moved"
            end = max(last.start, lead.date_closed)
            stays = written = [*stays[:-1], last._replace(end=end, ending=ending)]
            next_stage = lead.stage_id
        else:
            written = stays
        if update:
            first.write(update)
        for number, stay in enumerate(written):
            following = stays[number + 1].stage if number + 1 < len(stays) else None
            vals = self._prepare_stay(lead, stay, following or next_stage.id)
            if stay is written[-1] and not is_end_known:
                del vals["days"]
            vals_list.append(vals)
        return stays

    @api.model
    def _prepare_beginning(self, lead, first, stay):
        """Return what a history knows of a stay whose end Odoo has recorded."""
        vals = {
            **self._prepare_facts(lead, stay),
            "date_in": stay.start,
            "date_recorded": first.date_recorded or first.date_in,
            "is_path_known": True,
        }
        if first.date_out:
            vals["date_out"] = max(first.date_out, stay.start)
            vals["days"] = (vals["date_out"] - stay.start) / DAY
            vals.update(self._get_rates(first.outcome))
        return vals

    @api.model
    def _get_rates(self, outcome):
        return {
            "conversion_rate": 100 if outcome in ("forward", "won") else 0,
            "loss_rate": 100 if outcome == "lost" else 0,
        }

    @api.model
    def _prepare_facts(self, lead, stay):
        """Return what is known of the beginning of a stay."""
        layout = self.env["crm.pipeline"]._get_layout().pipelines
        layout = layout.get(lead.pipeline_id.id)
        line = layout and layout.get_line(stay.stage)
        vals = {"stage_id": stay.stage, "pipeline_stage_id": line.id if line else False}
        facts = {
            "amount": stay.amount,
            "date_deadline": stay.deadline,
            "probability": stay.probability,
            "entered_by_id": stay.user,
        }
        vals.update({name: value for name, value in facts.items() if value is not None})
        return vals

    @api.model
    def _prepare_stay(self, lead, stay, next_stage_id):
        """Return the values of a stay that only the history knows."""
        vals = {
            **self._prepare_facts(lead, stay),
            "lead_id": lead.id,
            "pipeline_id": lead.pipeline_id.id,
            "date_in": stay.start,
            "user_id": lead.user_id.id,
            "team_id": lead.team_id.id,
            "company_id": lead.company_id.id,
            "is_from_history": True,
        }
        if not stay.end:
            return vals
        if stay.ending == "lost":
            outcome = "lost"
        else:
            outcome = self._get_history_outcome(lead, stay, next_stage_id)
            vals["next_stage_id"] = next_stage_id
        return {
            **vals,
            "date_out": stay.end,
            "days": (stay.end - stay.start) / DAY,
            "outcome": outcome,
            **self._get_rates(outcome),
        }

    @api.model
    def _get_history_outcome(self, lead, stay, next_stage_id):
        stage = self.env["crm.stage"].browse(next_stage_id)
        return self.env["crm.lead.passage"]._get_outcome(
            {"stage_id": stay.stage, "pipeline_id": lead.pipeline_id.id},
            {
                "type": "opportunity",
                "won_status": "won" if stage.is_won else "pending",
                "stage_id": next_stage_id,
                "pipeline_id": lead.pipeline_id.id,
            },
        )
