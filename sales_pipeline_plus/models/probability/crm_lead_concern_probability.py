import itertools

from odoo import models
from odoo.tools import float_compare

PROBABILITY_FIELDS = frozenset(
    {"active", "automated_probability", "probability", "probability_source", "stage_id"}
)


class CrmLeadConcernProbability(models.AbstractModel):
    """Whose value the probability is, on every way to change it."""

    _name = "crm.lead.concern.probability"
    _inherit = "crm.lead.concern"
    _description = "Probability of Changing Opportunities"

    def _get_watched_fields(self):
        return PROBABILITY_FIELDS

    def _get_known_fields(self, affected):
        return {"active"}

    def _complete_create(self, change, vals_list):
        """Take a probability that differs from the automatic one as the salesperson's.

        The web client sends the value that it showed along with every creation.
        """
        leads = self.env["crm.lead"]
        defaults = leads.default_get(["probability", "stage_id"])
        vals_list = [leads._without_empty_probability(vals) for vals in vals_list]
        won_stage_ids = leads._get_won_stage_ids([defaults, *vals_list])
        explicit, claimed = [], []
        for vals in vals_list:
            source = vals.pop("probability_source", False)
            is_given = "probability" in vals or "probability" in defaults
            if (
                is_given
                and vals.get("stage_id", defaults.get("stage_id")) in won_stage_ids
            ):
                # Won is 100 %, whatever the import or the form says.
                vals.update(probability=100, automated_probability=100)
                is_given = False
            elif source not in (False, "manual"):
                # The client only shows the value of the stage or of the scoring.
                vals.pop("probability", None)
                vals.pop("automated_probability", None)
                is_given = False
            if is_given:
                vals["probability_source"] = "manual"
            explicit.append(is_given and source == "manual")
            claimed.append(is_given and source != "manual")
        change.notes["probability"] = explicit, claimed
        return vals_list

    def _complete_write(self, change, vals):
        """Take note of what is given.

        A probability that is written alone is the salesperson's. The web client sends
        the computed one along with a change of stage: it is the salesperson's if it
        differs from the automatic one. Winning and losing set it, so they end it.
        """
        leads = change.leads
        vals = leads._without_empty_probability(vals)
        if not PROBABILITY_FIELDS & vals.keys():
            return vals
        notes = {}
        change.notes["probability"] = notes
        if leads._is_internal("automatic_probability"):
            return vals
        is_alone = vals.keys() == {"probability"}
        source = vals.pop("probability_source", False)
        follows = source not in (False, "manual") or (not source and not vals)
        if is_alone or source == "manual":
            vals["probability_source"] = "manual"
        notes.update(
            follows=follows,
            is_given="probability" in vals and not follows,
            is_unarchived=vals.get("active") and "probability" not in vals,
            is_set=bool({"probability", "automated_probability"} & vals.keys()),
            is_claimed=source == "manual",
            is_alone=is_alone,
        )
        return vals

    def _complete(self, change):
        notes = change.notes.get("probability")
        if change.is_creation:
            return self._complete_created(change.leads, *notes)
        if notes is None:
            return None
        leads = change.leads
        leads._filter_closed()._release_probability_source()
        if notes.get("is_set"):
            leads._align_automated()
        if notes.get("is_given"):
            leads._claim_different_probabilities()
        if notes.get("is_set") and not notes["is_claimed"]:
            # Of an opportunity, a value that is written alone is the salesperson's.
            scored = leads.filtered(
                lambda lead: not notes["is_alone"] or lead.type == "lead"
            )
            scored._release_scored_probabilities()
        if notes.get("follows"):
            leads.action_reset_probability()
        if notes.get("is_unarchived"):
            unarchived = leads.filtered(lambda lead: not change.before(lead, "active"))
            unarchived._compute_probabilities()
        return None

    def _complete_created(self, leads, explicit, claimed):
        own = leads.browse(itertools.compress(leads.ids, claimed))
        own += leads.browse(itertools.compress(leads.ids, explicit))
        own._align_automated()
        equal = leads.browse(itertools.compress(leads.ids, claimed)).filtered(
            lambda lead: (
                not float_compare(lead.probability, lead.automated_probability, 2)
            )
        )
        (equal | leads._filter_closed())._release_probability_source()
