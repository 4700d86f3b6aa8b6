from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, get_lang

from . import decision_period as periods

BUCKET = "decision_bucket"


class CrmLead(models.Model):
    """When open opportunities are to be decided, seen from today.

    Today is the user's, a week begins as in the user's language, and the quarter is
    that of the fiscal year of the user's current company.
    """

    _inherit = "crm.lead"

    decision_bucket = fields.Selection(
        [
            ("late", "Late"),
            ("this_week", "This Week"),
            ("this_month", "This Month"),
            ("next_month", "Next Month"),
            ("this_quarter", "This Quarter"),
            ("later", "Later"),
            ("none", "No Date"),
        ],
        string="Period of Expected Closing",
        compute="_compute_decision_bucket",
        search="_search_decision_bucket",
        compute_sql="_get_decision_bucket_sql",
        help="When the opportunity is to close, from its expected closing date. "
        "Each is what the ones before it leave: this month is the month without the "
        "week, this quarter the quarter without this month and the next one. Empty for "
        "won, lost and archived opportunities, for those on hold and for leads.",
    )

    _open_decision_idx = models.Index("(date_deadline) WHERE won_status = 'pending'")

    @api.model
    def _get_decision_calendar(self):
        """Return today, the first day of the week (1 to 7), and by how many months the
        fiscal quarters are behind the calendar's.

        A fiscal year that ends within a month counts as ending with that month.
        """
        last_month = int(self.env.company.sudo().fiscalyear_last_month or 12)
        return {
            "today": fields.Date.context_today(self),
            "week_start": int(get_lang(self.env).week_start),
            "shift": last_month % 3,
        }

    @api.model
    def _get_bucket_ends(self):
        return periods.get_bucket_ends(**self._get_decision_calendar())

    @api.depends_context("tz", "lang", "company")
    @api.depends("active", "won_status", "type", "date_deadline", "date_hold")
    def _compute_decision_bucket(self):
        ends = self._get_bucket_ends()
        for lead in self:
            is_open = lead.type == "opportunity" and lead._is_open()
            lead.decision_bucket = is_open and periods.get_bucket(
                lead.date_deadline, ends
            )

    @api.model
    def _get_decision_bucket_domains(self):
        """Return {bucket: domain on stored fields}, without that it is open."""
        domains, start = {}, None
        for bucket, end in self._get_bucket_ends():
            domains[bucket] = Domain("date_deadline", "<", end)
            if start:
                domains[bucket] &= Domain("date_deadline", ">=", start)
            start = end
        domains["later"] = Domain("date_deadline", ">=", start)
        domains["none"] = Domain("date_deadline", "=", False)
        return domains

    @api.model
    def _search_decision_bucket(self, operator, value):
        """Search in what is shown: by bucket, by its label, or for those without."""
        if operator in ("in", "not in"):
            wanted = set(value)
        elif operator.endswith("like"):
            labels = dict(self._fields[BUCKET]._description_selection(self.env))
            text = (value or "").replace("%", "").lower()
            wanted = {bucket for bucket in labels if text in labels[bucket].lower()}
        else:
            return NotImplemented
        domains = self._get_decision_bucket_domains()
        if operator.startswith("not"):
            wanted = {*domains, False} - wanted
        is_open = self._get_open_opportunity_domain()
        found = is_open & Domain.OR(domains[b] for b in domains if b in wanted)
        return found | ~is_open if False in wanted else found

    def _get_decision_bucket_sql(self, _name, alias, query):
        deadline = self._field_to_sql(alias, "date_deadline", query)
        cases = [
            SQL("WHEN %s < %s THEN %s", deadline, end, bucket)
            for bucket, end in self._get_bucket_ends()
        ]
        return SQL(
            "CASE WHEN NOT (%s) THEN NULL WHEN %s IS NULL THEN 'none' %s "
            "ELSE 'later' END",
            self._get_open_decision_sql(alias, query),
            deadline,
            SQL(" ").join(cases),
        )

    @api.model
    def _get_open_decision_sql(self, alias, query):
        return SQL(
            "%s = 'opportunity' AND %s",
            self._field_to_sql(alias, "type", query),
            self._get_open_sql(alias, query),
        )

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        if field_name != BUCKET:
            return super()._order_field_to_sql(
                alias, field_name, direction, nulls, query
            )
        rank = self._get_bucket_rank_sql(self._field_to_sql(alias, BUCKET, query))
        return SQL("%s %s %s", rank, direction, nulls)

    def _read_group_orderby(self, order, groupby_terms, query):
        """Sort the groups of buckets in order of time, not by name."""
        if BUCKET not in groupby_terms:
            return super()._read_group_orderby(order, groupby_terms, query)
        plain = groupby_terms[BUCKET]
        groupby_terms[BUCKET] = self._get_bucket_rank_sql(plain)
        try:
            return super()._read_group_orderby(order, groupby_terms, query)
        finally:
            groupby_terms[BUCKET] = plain

    @api.model
    def _get_bucket_rank_sql(self, bucket):
        return SQL("array_position(%s::text[], %s)", list(periods.BUCKETS), bucket)
