from odoo import models


class CrmLead(models.Model):
    """Indexes that answer a question about many opportunities without the table.

    Rows of a deal are long and what is asked of them is short: at a million
    opportunities, the open ones lie on all of 300 MB, and their index has 37. Both go
    by the id, the order in which activities, stays and other records are joined.
    """

    _inherit = "crm.lead"

    # What figures, groups and record rules ask of the open ones, asleep or not: who
    # searches by Odoo's own fields does not say so.
    _open_idx = models.Index(
        "(id) INCLUDE (active, type, won_status, company_id, user_id, team_id, "
        "pipeline_id, pipeline_stage_id, stage_id, date_deadline, expected_revenue, "
        "prorated_revenue, postponement_count, slip_days, is_slip_unknown, "
        "date_last_stage_update, create_date, date_hold, date_hold_end) "
        "WHERE active IS TRUE AND type = 'opportunity' AND won_status = 'pending'"
    )
    # What the pipeline's columns and every list count and add up, won ones as well.
    _active_idx = models.Index(
        "(pipeline_stage_id) INCLUDE (stage_id, company_id, user_id, team_id, "
        "expected_revenue) WHERE active IS TRUE AND type = 'opportunity'"
    )
    # What the record rules of stays and other facts ask of their opportunity.
    _owner_idx = models.Index("(id) INCLUDE (company_id, user_id, team_id)")
