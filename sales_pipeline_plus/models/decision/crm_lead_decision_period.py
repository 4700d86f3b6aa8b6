import babel.dates

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, get_lang

from ...tools.arguments import (
    check_choice,
    check_day,
    check_records,
    searched_domain,
)
from ...tools.days import get_start_of_day
from . import decision_period as periods

# Columns of the kanban from the current period on; what comes after them is "Later".
COLUMNS = {"week": 6, "month": 6, "quarter": 4}
# Nobody scrolls further, and the years of a calendar end.
MOST_COLUMNS = 520
OPENNESS = {"decision_bucket", "deal_status", "won_status"}


class CrmLead(models.Model):
    """The opportunities by period of decision: Late, the periods from now on, No date.

    With ``decision_periods`` in the context, grouping by week, month or quarter of
    ``date_deadline`` puts the open opportunities whose date has passed into a group of
    their own, and quarters are those of the fiscal year. ``decision_columns``, the
    number of further periods, makes it the columns of a kanban: all periods are there,
    and what is after them makes one more group.
    """

    _inherit = "crm.lead"

    @api.model
    def _get_decision_granularity(self, groupby_spec):
        """Return the granularity if these groups are periods of decision."""
        field_name, _separator, granularity = groupby_spec.partition(":")
        if (
            field_name == "date_deadline"
            and granularity in periods.GRANULARITIES
            and self.env.context.get("decision_periods")
        ):
            return granularity
        return None

    @api.model
    def _get_period_start(self, granularity):
        """Return the first day of the current period."""
        calendar = self._get_decision_calendar()
        return periods.get_start(calendar.pop("today"), granularity, **calendar)

    @api.model
    def _get_columns_end(self, granularity):
        """Return the first day after the periods with a column of their own, if any."""
        more = self.env.context.get("decision_columns")
        if more is None:
            return None
        start = self._get_period_start(granularity)
        more = min(more, MOST_COLUMNS) if type(more) is int and more > 0 else 0
        return periods.get_next(start, granularity, COLUMNS[granularity] + more)

    def _read_group_groupby(self, alias, groupby_spec, query):
        granularity = self._get_decision_granularity(groupby_spec)
        if not granularity:
            return super()._read_group_groupby(alias, groupby_spec, query)
        calendar = self._get_decision_calendar()
        deadline = self._field_to_sql(alias, "date_deadline", query)
        if granularity == "quarter" and calendar["shift"]:
            shift = SQL("make_interval(months => %s)", calendar["shift"])
            start = SQL(
                "(date_trunc('quarter', %s - %s) + %s)::date", deadline, shift, shift
            )
        else:
            start = super()._read_group_groupby(alias, groupby_spec, query)
        end = self._get_columns_end(granularity)
        return SQL(
            "CASE WHEN %(deadline)s < %(today)s AND %(open)s THEN %(late)s "
            "WHEN %(is_later)s THEN %(later)s ELSE %(start)s END",
            deadline=deadline,
            today=calendar["today"],
            open=self._get_open_decision_sql(alias, query),
            late=periods.LATE,
            is_later=SQL("%s >= %s", deadline, end) if end else SQL("FALSE"),
            later=periods.LATER,
            start=start,
        )

    def _web_read_group_groupby_formatter(self, groupby_spec, values):
        formatter = super()._web_read_group_groupby_formatter(groupby_spec, values)
        granularity = self._get_decision_granularity(groupby_spec)
        if not granularity:
            return formatter
        today = self._get_decision_calendar()["today"]
        is_open = self._get_open_opportunity_domain()
        # Not by `active`: to name it is to ask for archived ones as well.
        is_settled = Domain("type", "!=", "opportunity") | Domain(
            "deal_status", "not in", ["open", "late"]
        )

        def format_period(start):
            if not start:
                return formatter(start)
            if start == periods.LATE:
                domain = is_open & Domain("date_deadline", "<", today)
                return (start.isoformat(), self.env._("Late")), list(domain)
            if start == periods.LATER:
                end = self._get_columns_end(granularity)
                domain = Domain("date_deadline", ">=", end)
                return (start.isoformat(), self.env._("Later")), list(domain)
            end = periods.get_next(start, granularity)
            domain = Domain("date_deadline", ">=", start)
            domain &= Domain("date_deadline", "<", end)
            if start < today:
                domain &= Domain("date_deadline", ">=", today) | is_settled
            label = self._get_period_label(start, granularity) or formatter(start)[0][1]
            return (start.isoformat(), label), list(domain)

        return format_period

    @api.model
    def _get_period_label(self, start, granularity):
        """Name the quarters that are not those of the calendar by their months."""
        if granularity != "quarter" or start.month % 3 == 1:
            return None
        locale = get_lang(self.env).code
        last = periods.get_next(start, "month", 2)
        return " – ".join(
            babel.dates.format_date(day, format, locale=locale)
            for day, format in ((start, "MMM"), (last, "MMM yyyy"))
        )

    @api.model
    def _web_read_group_fill_temporal(
        self, groups, groupby, aggregates, fill_from=False, fill_to=False, min_groups=0
    ):
        """Add the periods without any opportunity, from the current one on."""
        granularity = self._get_decision_granularity(groupby[0])
        if not granularity:
            return super()._web_read_group_fill_temporal(
                groups, groupby, aggregates, fill_from, fill_to, min_groups
            )
        known = {}
        for group in groups:
            known.setdefault(group[0], []).append(group)
        specs = (*groupby[1:], *aggregates)
        empty = tuple(self._read_group_empty_value(spec) for spec in specs)
        starts = {start for start in known if start}
        starts.update(self._get_expected_periods(starts, granularity))
        result = []
        for start in sorted(starts):
            result.extend(known.get(start) or [(start, *empty)])
        if self.env.context.get("decision_columns") is not None:
            known.setdefault(False, [(False, *empty)])
        return [*result, *known.get(False, ()), *known.get(None, ())]

    @api.model
    def _get_expected_periods(self, starts, granularity):
        """Return the periods to show even if they are empty, given the others."""
        first = self._get_period_start(granularity)
        end = self._get_columns_end(granularity)
        expected = {periods.LATE} if end else set()
        if not end:
            future = [start for start in starts if first <= start < periods.LATER]
            end = max(future, default=first)
        while first < end:
            expected.add(first)
            first = periods.get_next(first, granularity)
        return expected

    # ------------------------------------------------------------
    # What the kanban asks for
    # ------------------------------------------------------------

    @api.model
    def _check_group_start(self, start):
        """Return the first day of a group by decision date; None for No date."""
        if not start:
            return None
        for other in (periods.LATE, periods.LATER):
            if start in (other, other.isoformat()):
                return other
        return check_day(self.env, "start", start)

    @api.readonly
    def get_decision_date_in(self, granularity, start):
        """Return the date of an opportunity that is dropped on a period.

        :param granularity: week, month or quarter
        :param start: the value of the group: the first day of the period
        :return: a date; False for the group without a date
        :raise UserError: if the group is Late, or none of these
        """
        check_records(self)
        self.ensure_one()
        self.check_access("read")
        check_choice(self.env, "granularity", granularity, periods.GRANULARITIES)
        start = self._check_group_start(start)
        if not start:
            return False
        if start == periods.LATE:
            raise UserError(
                self.env._(
                    "“%(lead)s” cannot be moved to Late: a closing in the past cannot "
                    "be expected. Drop it on a period to come.",
                    lead=self.display_name,
                )
            )
        if start == periods.LATER:
            start = self._get_columns_end(granularity) or self._get_period_start(
                granularity
            )
        return periods.move(
            self.date_deadline or None,
            start,
            granularity,
            **self._get_decision_calendar(),
        )

    @api.model
    @api.readonly
    def get_decision_made(self, domain, granularity):
        """Return what was won in the current period, for the same search.

        :return: dict with the ``start`` of the period, the ``count`` of the won
            opportunities that were closed in it and the sum of their expected revenue,
            as ``amount`` in the currency of the user's company (``currency_id``), each
            at the rate of its closing
        """
        check_choice(self.env, "granularity", granularity, periods.GRANULARITIES)
        start = self._get_period_start(granularity)
        end = periods.get_next(start, granularity)
        won = Domain("won_status", "=", "won")
        won &= Domain("date_closed", ">=", self._get_utc_midnight(start))
        won &= Domain("date_closed", "<", self._get_utc_midnight(end))
        with searched_domain(self, domain) as domain:
            domain = domain.map_conditions(
                lambda condition: (
                    Domain.TRUE if condition.field_expr in OPENNESS else condition
                )
            )
            count, amount = self._read_converted_sum(domain & won, "expected_revenue")
        return {
            "start": start.isoformat(),
            "count": count,
            "amount": amount,
            "currency_id": self.env.company.currency_id.id,
        }

    @api.model
    def _get_utc_midnight(self, day):
        """Return the moment in UTC when a day begins for the user."""
        return get_start_of_day(day, self.env.tz)
