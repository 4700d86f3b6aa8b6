from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from .stays import Change


class CrmLeadChange(models.Model):
    """What changed on an opportunity before it was in Odoo, as another CRM tells it.

    Stays in stages and weekly snapshots are rebuilt from all changes of an opportunity,
    so that files come in any order and as often as one likes. An empty column means
    that the change says nothing about it.
    """

    _name = "crm.lead.change"
    _inherit = ["crm.lead.fact"]
    _description = "Imported Change of an Opportunity"
    _order = "date desc, id desc"
    _rec_name = "deal_name"

    lead_id = fields.Many2one(index=False)  # the index of the constraint serves
    external_id = fields.Char(
        "Number in the File",
        required=True,
        readonly=True,
        help="The same one comes in once.",
    )
    date = fields.Datetime(required=True, readonly=True)
    stage_id = fields.Many2one("crm.stage", readonly=True, ondelete="restrict")
    status = fields.Selection(
        [("open", "Open"), ("won", "Won"), ("lost", "Lost")], readonly=True
    )
    amount = fields.Monetary("Expected Revenue", readonly=True)
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    date_deadline = fields.Date("Expected Closing", readonly=True)
    probability = fields.Float("Probability (%)", readonly=True, digits=(16, 1))
    user_id = fields.Many2one(
        "res.users", string="Changed by", readonly=True, ondelete="set null"
    )
    user_name = fields.Char("Formerly Changed by", readonly=True)
    company_id = fields.Many2one(
        "res.company",
        readonly=True,
        help="Of an opportunity that was deleted.",
    )

    # Besides its own, the survivor of a merge has those of the merged opportunities.
    _lead_number_idx = models.UniqueIndex(
        "(lead_id, external_id, COALESCE(former_lead_id, 0))",
        "A change of an opportunity comes in once.",
    )

    @api.depends("company_id", "lead_id.company_currency")
    @api.depends_context("company")
    def _compute_currency_id(self):
        """As the opportunity's own currency."""
        for change in self:
            company = change.company_id or self.env.company
            change.currency_id = (
                change.lead_id.company_currency or company.sudo().currency_id
            )

    @api.model
    def _get_end_values(self):
        return [*super()._get_end_values(), SQL("company_id = lead.company_id")]

    @api.model
    def _record(self, vals_list):
        """Write changes, again those that are known; what is not said stays empty.

        :param vals_list: dicts with ``lead_id``, ``external_id``, ``date`` and facts
        """
        if not vals_list:
            return
        names = (
            "stage_id",
            "status",
            "amount",
            "date_deadline",
            "probability",
            "user_id",
        )
        now, uid = self.env.cr.now(), self.env.uid
        rows = SQL(", ").join(
            SQL(
                "(%s, %s, %s, %s, %s, %s, %s)",
                vals["lead_id"],
                vals["external_id"],
                vals["date"],
                SQL(", ").join(SQL("%s", vals.get(name)) for name in names),
                uid,
                now,
                uid,
            )
            for vals in {
                (vals["lead_id"], vals["external_id"]): vals for vals in vals_list
            }.values()
        )
        columns = SQL(", ").join(map(SQL.identifier, names))
        updates = SQL(", ").join(
            SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
            for name in ("date", *names)
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO crm_lead_change
                          (lead_id, external_id, date, %(columns)s,
                           create_uid, create_date, write_uid)
                   VALUES %(rows)s
              ON CONFLICT (lead_id, external_id, COALESCE(former_lead_id, 0))
                DO UPDATE SET %(updates)s""",
                columns=columns,
                rows=rows,
                updates=updates,
            )
        )
        self.invalidate_model()

    @api.model
    def _read_changes(self, leads):
        """Return {lead id: changes in order}, before the opportunities were in Odoo.

        Those of a merged opportunity say nothing of the survivor's own stays.
        """
        self.flush_model()
        leads.flush_recordset(["create_date"])
        self.env.cr.execute(
            SQL(
                """SELECT change.lead_id, change.date, change.stage_id, change.status,
                          change.amount::float8, change.date_deadline,
                          change.probability::float8, change.user_id
                     FROM crm_lead_change AS change
                     JOIN crm_lead AS lead ON lead.id = change.lead_id
                    WHERE change.lead_id IN %s
                      AND change.former_lead_id IS NULL
                      AND change.date <= lead.create_date
                 ORDER BY change.lead_id, change.date, change.id""",
                leads._ids,
            )
        )
        changes = defaultdict(list)
        for lead_id, *values in self.env.cr.fetchall():
            changes[lead_id].append(Change(*values))
        return changes

    @api.model
    def _rebuild(self, leads, use_stage_probability=True):
        """Make stays, slips and snapshots of opportunities anew from their changes.

        :param use_stage_probability: weigh by the present probability of a stage where
            a history has none; otherwise there is no snapshot then
        """
        if not leads:
            return
        leads = leads.sudo().with_context(active_test=False)
        changes = self._read_changes(leads)
        stays = self._rebuild_passages(leads, changes)
        self._rebuild_slips(leads, changes)
        self._rebuild_snapshots(leads, changes, stays, use_stage_probability)
