from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from ..change.deal_change import get_plain_values

_lt = LazyTranslate(__name__)
SLIP_FIELDS = (
    "date_deadline",
    "first_decision_date",
    "last_decision_date",
    "postponement_count",
    "advance_count",
)


def _get_slip(date, first, last, postponement_count, advance_count):
    """Return what a new expected closing date changes in the count."""
    if not date or date == last:
        return {}
    change = {"last_decision_date": date, "is_slip_unknown": False}
    if not first:
        change["first_decision_date"] = date
    elif last and date > last:
        change["postponement_count"] = postponement_count + 1
    elif last:
        change["advance_count"] = advance_count + 1
    return change


class CrmLead(models.Model):
    """How often and by how many days the expected closing date has slipped.

    Kept by the write itself. A date that is emptied changes nothing until another one
    is given, which is compared with the last one that was known.
    """

    _inherit = "crm.lead"

    # Odoo exports this label from such a call only.
    date_deadline = fields.Date(
        tracking=True,
        falsy_value_label=_lt("No date"),  # pylint: disable=translation-field
    )
    first_decision_date = fields.Date(
        string="First Expected Closing",
        compute="_compute_first_decision_date",
        store=True,
        copy=False,
        help="The first expected closing date that was given.",
    )
    last_decision_date = fields.Date(
        string="Last Known Expected Closing",
        compute="_compute_last_decision_date",
        store=True,
        copy=False,
        help="The expected closing date, or the last one before it was emptied.",
    )
    postponement_count = fields.Integer(
        string="Postponements",
        readonly=True,
        copy=False,
        default=0,
        help="How often the expected closing date was put off.",
    )
    advance_count = fields.Integer(
        string="Pulled Forward",
        readonly=True,
        copy=False,
        default=0,
        help="How often the expected closing date was brought forward.",
    )
    slip_days = fields.Integer(
        string="Days Slipped",
        compute="_compute_slip_days",
        store=True,
        copy=False,
        aggregator="avg",
        help="From the first expected closing date to the present one, in days; "
        "negative if it is earlier now.",
    )
    is_slip_unknown = fields.Boolean(
        "Slips Unknown",
        readonly=True,
        copy=False,
        help="The opportunity began before it was here, and nobody has told how often "
        "its expected closing date was put off until then.",
    )
    slip_summary = fields.Char(string="Slip", compute="_compute_slip_summary")

    _postponed_idx = models.Index("(postponement_count) WHERE postponement_count > 0")

    @api.depends("create_date")
    def _compute_first_decision_date(self):
        """Only for a new opportunity; the write keeps it afterwards."""
        for lead in self:
            lead.first_decision_date = lead.first_decision_date or lead.date_deadline

    @api.depends("create_date")
    def _compute_last_decision_date(self):
        for lead in self:
            lead.last_decision_date = lead.last_decision_date or lead.date_deadline

    @api.depends("date_deadline", "first_decision_date")
    def _compute_slip_days(self):
        found = defaultdict(list)
        for lead_id, first, date in zip(
            self._ids,
            get_plain_values(self, "first_decision_date"),
            get_plain_values(self, "date_deadline"),
            strict=True,
        ):
            found[(date - first).days if first and date else 0].append(lead_id)
        for days, lead_ids in found.items():
            self.browse(lead_ids).slip_days = days

    @api.depends_context("lang")
    @api.depends("postponement_count", "slip_days")
    def _compute_slip_summary(self):
        """From the second postponement on."""
        for lead in self:
            days = abs(lead.slip_days)
            texts = {
                "count": lead.postponement_count,
                "days": self.env._("1 day")
                if days == 1
                else self.env._("%s days", days),
            }
            if lead.postponement_count < 2:
                lead.slip_summary = False
            elif lead.slip_days >= 0:
                lead.slip_summary = self.env._(
                    "Postponed %(count)s times, %(days)s", **texts
                )
            else:
                lead.slip_summary = self.env._(
                    "Postponed %(count)s times, now %(days)s earlier", **texts
                )

    def _list_slips(self):
        """Return what a new expected closing date changes in the count of each, in
        their order."""
        return [
            _get_slip(*values)
            for values in zip(
                *(get_plain_values(self, name) for name in SLIP_FIELDS), strict=True
            )
        ]

    def _merge_get_fields(self):
        return [*super()._merge_get_fields(), *self._get_slip_mergers()]

    def _merge_get_fields_specific(self):
        return {**super()._merge_get_fields_specific(), **self._get_slip_mergers()}

    @api.model
    def _get_slip_mergers(self):
        """The first date of all; the counts of the deal that has slipped most often."""

        def get_first(_name, leads):
            return min(filter(None, leads.mapped("first_decision_date")), default=False)

        def get_last(_name, leads):
            return next(
                (lead.date_deadline for lead in leads if lead.date_deadline),
                next(filter(None, leads.mapped("last_decision_date")), False),
            )

        def get_most(name, leads):
            return max(leads.mapped(name), default=0)

        return {
            "first_decision_date": get_first,
            "last_decision_date": get_last,
            "postponement_count": get_most,
            "advance_count": get_most,
        }

    @api.model
    def _fill_slips_from_history(self):
        """Fill the slips of what was there before, in SQL, from what was tracked.

        Odoo does not track the expected closing date by itself; the deals of which
        nothing was tracked are left alone.
        """
        self.env.flush_all()
        field = self.env["ir.model.fields"]._get("crm.lead", "date_deadline")
        self.env.cr.execute(
            SQL(
                """
    WITH known AS (
        SELECT message.res_id AS lead_id, message.date AS moment, value.id,
               value.old_value_datetime::date AS old_date,
               value.new_value_datetime::date AS new_date
          FROM mail_tracking_value AS value
          JOIN mail_message AS message
            ON message.id = value.mail_message_id AND message.model = 'crm.lead'
         WHERE value.field_id = %(field)s
    ), dates AS (
        -- The date before the first change, then each date that was given.
       (SELECT DISTINCT ON (lead_id) lead_id, moment, 0 AS id, old_date AS day
          FROM known
      ORDER BY lead_id, moment, id)
     UNION ALL
        SELECT lead_id, moment, id, new_date FROM known
    ), given AS (
        SELECT *, lag(day) OVER (PARTITION BY lead_id ORDER BY moment, id) AS previous
          FROM dates
         WHERE day IS NOT NULL
    ), slip AS (
        SELECT lead_id,
               (array_agg(day ORDER BY moment, id))[1] AS first_day,
               (array_agg(day ORDER BY moment DESC, id DESC))[1] AS last_day,
               count(*) FILTER (WHERE day > previous) AS postponed,
               count(*) FILTER (WHERE day < previous) AS advanced
          FROM given
      GROUP BY lead_id
    )
    UPDATE crm_lead
       SET first_decision_date = slip.first_day,
           last_decision_date = COALESCE(date_deadline, slip.last_day),
           postponement_count = slip.postponed,
           advance_count = slip.advanced,
           slip_days = COALESCE(date_deadline - slip.first_day, 0)
      FROM slip
     WHERE slip.lead_id = crm_lead.id
       AND crm_lead.first_decision_date IS NULL""",
                field=field.id,
            )
        )
        self.invalidate_model()
