from odoo import api, fields, models

from .stays import count_slips


class CrmLead(models.Model):
    _inherit = "crm.lead"

    imported_slip = fields.Json(
        readonly=True,
        copy=False,
        help="How often an imported history has put the expected closing date off and "
        "pulled it forward, and which date was the first one in Odoo.",
    )

    @api.model
    def _get_kept_fields(self):
        return super()._get_kept_fields() | {"imported_slip"}


class CrmLeadChange(models.Model):
    """Rebuilds how the decision date slipped, before what Odoo has seen itself."""

    _inherit = "crm.lead.change"

    @api.model
    def _rebuild_slips(self, leads, changes):
        """Count the slips that the changes tell of; without a date they tell of none.

        :param changes: {lead id: changes in order}
        """
        for lead in leads:
            days = [each.deadline for each in changes.get(lead.id, ()) if each.deadline]
            if not days:
                continue
            former = lead.imported_slip or {}
            first = fields.Date.to_date(
                former.get("first") if former else lead.first_decision_date
            )
            postponed, advanced = count_slips([*days, first] if first else days)
            lead._write_facts(
                {
                    "first_decision_date": days[0],
                    "last_decision_date": lead.last_decision_date or days[-1],
                    "postponement_count": lead.postponement_count
                    + postponed
                    - former.get("postponed", 0),
                    "advance_count": lead.advance_count
                    + advanced
                    - former.get("advanced", 0),
                    "is_slip_unknown": False,
                    "imported_slip": {
                        "first": fields.Date.to_string(first) or False,
                        "postponed": postponed,
                        "advanced": advanced,
                    },
                }
            )
