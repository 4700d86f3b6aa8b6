from odoo import api, fields, models
from odoo.tools import SQL

from ...tools.arguments import check_records


class CrmVisit(models.Model):
    """One planned visit to a customer; never two open ones of the same plan.

    A visit is one activity, so that nobody has it twice: on the customer's only open
    opportunity, where it counts as its next action, otherwise on the customer.
    """

    _name = "crm.visit"
    _description = "Recurring Visit"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    plan_id = fields.Many2one(
        "crm.visit.plan",
        string="Recurring Visits",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        related="plan_id.company_id", store=True, index="btree_not_null"
    )
    activity_type_id = fields.Many2one(related="plan_id.activity_type_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        readonly=True,
        index=True,
        ondelete="set null",
    )
    lead_id = fields.Many2one(
        "crm.lead",
        string="Opportunity",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, index="btree_not_null", ondelete="set null"
    )
    date = fields.Date("Planned On", required=True, readonly=True)
    date_done = fields.Date("Done On", readonly=True)
    is_open = fields.Boolean(readonly=True)
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Done"), ("cancelled", "Cancelled")],
        compute="_compute_state",
    )

    _one_open_visit = models.UniqueIndex(
        "(plan_id, partner_id) WHERE is_open",
        "This customer has a planned visit already.",
    )

    @api.depends("is_open", "date_done", "activity_id.active")
    def _compute_state(self):
        for visit in self:
            activity = visit.sudo().activity_id
            if visit.is_open and activity.active:
                visit.state = "planned"
            elif visit.date_done or activity:
                visit.state = "done"
            else:
                visit.state = "cancelled"

    @api.model
    def _close_finished(self):
        """Close the visits whose activity was done or deleted, follow those that were
        put off. A deleted one counts as made on its day: the next comes a period later.
        """
        self.env.flush_all()
        self.env.cr.execute(
            """UPDATE crm_visit AS visit
                  SET is_open = FALSE, date_done = activity.date_done
                 FROM crm_visit AS own
            LEFT JOIN mail_activity AS activity ON activity.id = own.activity_id
                WHERE own.id = visit.id
                  AND visit.is_open
                  AND activity.active IS NOT TRUE;
               UPDATE crm_visit AS visit
                  SET date = activity.date_deadline, user_id = activity.user_id
                 FROM mail_activity AS activity
                WHERE activity.id = visit.activity_id
                  AND visit.is_open
                  AND (visit.date, visit.user_id)
                      IS DISTINCT FROM (activity.date_deadline, activity.user_id)"""
        )
        self.invalidate_model()

    @api.model
    def _claim(self, plan, entries):
        """Create the visits of those customers that have no open one of the plan.

        The index decides, also between two transactions.

        :param entries: list of dicts with ``partner_id``, ``user_id``, ``lead_id``,
            ``date``
        :return: {partner id: visit}
        """
        if not entries:
            return {}
        now = self.env.cr.now()
        rows = [
            SQL(
                "(%s, %s, %s, %s, %s, %s, TRUE, %s, %s, %s, %s)",
                plan.id,
                plan.company_id.id or None,
                entry["partner_id"],
                entry["user_id"],
                entry["lead_id"] or None,
                entry["date"],
                self.env.uid,
                now,
                self.env.uid,
                now,
            )
            for entry in entries
        ]
        created = self.env.execute_query(
            SQL(
                """INSERT INTO crm_visit
                          (plan_id, company_id, partner_id, user_id, lead_id, date,
                           is_open, create_uid, create_date, write_uid, write_date)
                   VALUES %s
              ON CONFLICT (plan_id, partner_id) WHERE is_open DO NOTHING
                RETURNING partner_id, id""",
                SQL(", ").join(rows),
            )
        )
        return {partner_id: self.browse(visit_id) for partner_id, visit_id in created}


class ResPartner(models.Model):
    """The visits to a customer."""

    _inherit = "res.partner"

    visit_count = fields.Integer(
        "Recurring Visits",
        compute="_compute_visit_count",
        groups="sales_team.group_sale_salesman",
    )

    def _compute_visit_count(self):
        counts = dict(
            self.env["crm.visit"]._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)],
                ["partner_id"],
                ["__count"],
            )
        )
        for partner in self:
            partner.visit_count = counts.get(partner.commercial_partner_id, 0)

    def action_open_visits(self):
        check_records(self)
        self.ensure_one()
        self.check_access("read")
        self.env["crm.visit"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "sales_pipeline_plus.crm_visit_action"
        )
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        return action
