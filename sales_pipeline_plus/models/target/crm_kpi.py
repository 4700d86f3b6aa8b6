from odoo import api, fields, models

from ...kpi.catalogue import HOURLY_COST, MEDIANS
from ...kpi.catalogue.targets import SUMS, can_have_target, is_limit
from ...kpi.period import Period
from ...kpi.scope import Cells
from ...kpi.target_book import ANY, SOURCES, Found, Who
from ...kpi.target_period import cut, get_share_of_days
from ...kpi.target_state import STATES, get_target_state
from ...models.figures.crm_kpi_breakdown import NO_BREAKDOWN

# Filters by what a target can be of.
OWNER_FILTERS = {"period", "comparison", "company_ids", "team_ids", "user_ids"}
BREAKDOWNS = (None, "salesperson", "team", "month", "quarter")
MOST_YEARS = 10
MEDIAN_FACTS = {name for names in MEDIANS.values() for name in names}


class CrmKpi(models.AbstractModel):
    """The targets beside the figures."""

    _inherit = "crm.kpi"

    @api.model
    @api.readonly
    def get_figures(
        self,
        filters=None,
        codes=None,
        breakdown=None,
        with_trend=False,
        with_targets=False,
    ):
        """Return the figures, see the method of the same name, and their targets.

        :param bool with_targets: give to each cell a ``target`` as well: None, or a
            dict with ``target``; ``made``, the figure as far as it is held against the
            target; ``expected``, what should be made by today: of each target that adds
            up to it, the share of the company's working days that are over, today's
            included; ``gap``, made less target;
            ``state`` (upcoming, ahead, on_track, behind, reached, missed) and
            ``state_label``; ``source`` (own, odoo, parts, members, wider, several) and
            ``source_label``; ``is_partial``, whether some months have no target.
            Salespeople, teams and months with a target and nothing made are keys too.
            ``target_note`` tells why there can be no targets, else it is empty
        """
        answer = super().get_figures(filters, codes, breakdown, with_trend)
        if with_targets:
            self._add_targets(answer, dict(filters or {}), breakdown)
        return answer

    @api.model
    @api.readonly
    def get_target_figures(self):
        """Return the figures that can have a target, see :meth:`get_catalogue`."""
        return [
            figure
            for figure in self.get_catalogue()
            if can_have_target(self._get_kpi_by_code()[figure["code"]])
        ]

    @api.model
    def _add_targets(self, answer, filters, breakdown):
        """Add the targets to the cells of an answer, and keys that have only them."""
        start, end = (
            fields.Date.to_date(answer["period"][side]) for side in ("start", "end")
        )
        period = Period(start, fields.Date.add(end, days=1))
        answer["target_note"] = self._get_target_note(filters, breakdown, period)
        if answer["target_note"]:
            for cells in answer["values"].values():
                for cell in cells:
                    cell["target"] = None
            return
        known = self._get_kpi_by_code()
        codes = [code for code in answer["values"] if can_have_target(known[code])]
        companies = self._get_target_companies(filters)
        book = self.env["crm.target"]._get_book(codes, companies, period)
        self._add_target_keys(answer, filters, breakdown, book, period)
        made = self._get_made(answer, filters, codes, breakdown)
        working_days = self._get_working_days(companies, book)
        for code, cells in answer["values"].items():
            for key, cell in zip(answer["keys"], cells, strict=True):
                cell["target"] = None
                if code in codes:
                    cell["target"] = self._get_target_cell(
                        code,
                        self._get_target_owners(filters, breakdown, key["id"], book),
                        self._get_target_period(period, breakdown, key["id"]),
                        book,
                        working_days,
                        made.get((code, key["id"])),
                    )

    @api.model
    def _get_target_note(self, filters, breakdown, period):
        """Return why there can be no targets, in words, or an empty text."""
        if filters.keys() - OWNER_FILTERS and any(
            filters[name] for name in filters.keys() - OWNER_FILTERS
        ):
            return self.env._(
                "Targets are those of companies, teams and salespeople: without "
                "another filter they show here."
            )
        if breakdown not in BREAKDOWNS:
            return self.env._(
                "Targets are those of salespeople, teams, months and quarters."
            )
        if not cut(period):
            return self.env._("Targets are for whole months, quarters and years.")
        if period.end > fields.Date.add(period.start, years=MOST_YEARS):
            return self.env._("Targets show for ten years at most.")
        return ""

    @api.model
    def _get_working_days(self, companies, book):
        """Return {company: sorted working days} of the periods of the targets."""
        spans = [span for code, _who, span in book.own if code in SUMS]
        if not spans:
            return {}
        first = min(span.start for span in spans)
        end = max(span.end for span in spans)
        return {
            company.id: company._get_working_days(first, end) for company in companies
        }

    @api.model
    def _get_codes_with_targets(self, filters, codes):
        """Return those of the codes that have a target that the user may read, in the
        period of the filters."""
        period, _comparison, _domain = self._read_filters(filters)
        companies = self._get_target_companies(dict(filters or {}))
        book = self.env["crm.target"]._get_book(codes, companies, period)
        found = {code for code, _who in book.spans_of}
        return [code for code in codes if code in found]

    # ------------------------------------------------------------
    # Whose targets
    # ------------------------------------------------------------

    @api.model
    def _get_target_companies(self, filters):
        companies = self.env.companies
        if filters.get("company_ids"):
            companies = companies.filtered(lambda one: one.id in filters["company_ids"])
        return companies or self.env.company

    @api.model
    def _get_target_users(self, filters):
        """Return the ids of the salespeople whose targets are meant, or None for all:
        who sees own opportunities only is held against the own target only."""
        ids = filters.get("user_ids") or None
        group = "sales_team.group_sale_salesman_all_leads"
        if self.env.su or self.env.user.has_group(group):
            return ids
        return [self.env.uid] if not ids or self.env.uid in ids else []

    @api.model
    def _get_target_owners(self, filters, breakdown, key, book):
        """Return the owners of the targets of a key, see :class:`Who`."""
        companies = self._get_target_companies(filters).ids
        teams, users = filters.get("team_ids"), self._get_target_users(filters)
        if breakdown == "salesperson":
            if not key or (users is not None and key not in users):
                return []
            users = [key]
        elif breakdown == "team":
            if not key or (teams and key not in teams):
                return []
            teams = [key]
        if users is not None:
            return [
                Who(company, team, user)
                for company in companies
                for team in teams or [ANY]
                for user in users
            ]
        if teams:
            return [Who(company, team) for company in companies for team in teams]
        return [Who(company) for company in companies]

    @api.model
    def _get_target_period(self, period, breakdown, key):
        """Return the period of a key: its month or quarter, as far as it is in."""
        if breakdown not in ("month", "quarter"):
            return period
        if not key:
            return None
        start, end = self._get_key_period(breakdown, key)
        return Period(max(start, period.start), min(end, period.end))

    @api.model
    def _add_target_keys(self, answer, filters, breakdown, book, period):
        """Add the salespeople, teams and months that have a target and no figure."""
        keys = answer["keys"]
        known = {key["id"] for key in keys}
        if breakdown in ("month", "quarter"):
            step = 1 if breakdown == "month" else 3
            day, more = period.start, set()
            if breakdown == "quarter":
                day = day.replace(month=(day.month - 1) // 3 * 3 + 1)
            while day < period.end:
                more.add(fields.Date.to_string(day))
                day = fields.Date.add(day, months=step)
        elif breakdown:
            get = book.get_users if breakdown == "salesperson" else book.get_teams
            more = {
                key
                for code in answer["values"]
                for key in get(code)
                if self._has_target(code, filters, breakdown, key, book, period)
            }
        else:
            return
        more -= known
        if not more:
            return
        ids = (known | more) - {NO_BREAKDOWN}
        if breakdown in ("month", "quarter"):
            ordered = [
                {"id": day, "label": self._get_period_label(day, breakdown)}
                for day in sorted(ids)
            ]
        else:
            ordered = self._get_record_keys(ids, breakdown)
        ordered += [key for key in keys if key["id"] == NO_BREAKDOWN]
        places = {key["id"]: index for index, key in enumerate(keys)}
        for code, cells in answer["values"].items():
            answer["values"][code] = [
                cells[places[key["id"]]]
                if key["id"] in places
                else self._get_empty_cell(code, bool(answer["comparison"]))
                for key in ordered
            ]
        answer["keys"] = ordered

    @api.model
    def _has_target(self, code, filters, breakdown, key, book, period):
        owners = self._get_target_owners(filters, breakdown, key, book)
        return any(book.find_period(code, owner, period) for owner in owners)

    @api.model
    def _get_empty_cell(self, code, is_compared):
        """Return the cell of a key of which nothing was counted."""
        kpi = self._get_kpi_by_code()[code]
        facts = {
            name: Cells(is_sum=name not in MEDIAN_FACTS)
            for name in kpi.facts
            if name != HOURLY_COST
        }
        return self._get_cell(kpi, facts, NO_BREAKDOWN, is_compared)

    @api.model
    def _get_made(self, answer, filters, codes, breakdown):
        """Return {(code, key): what is held against the target}.

        It is the figure itself, unless it counts more than the targets are about:
        opportunities of nobody or of others that the user works on as well.
        """
        users = self._get_target_users(filters)
        if users and not filters.get("user_ids"):
            answer = self.get_figures(
                {**filters, "user_ids": users, "comparison": "none"}, codes, breakdown
            )
        return {
            (code, key["id"]): answer["values"][code][index]["value"]
            for code in codes
            for index, key in enumerate(answer["keys"])
        }

    # ------------------------------------------------------------
    # One target
    # ------------------------------------------------------------

    @api.model
    def _get_target_cell(self, code, owners, period, book, working_days, made):
        """Return the ``target`` of a cell, see :meth:`get_figures`."""
        if not period or not cut(period):
            return None
        total = self._find_total(book, code, owners, period)
        if not total:
            return None
        kpi = self._get_kpi_by_code()[code]
        is_level = code not in SUMS
        if made is None and not is_level:
            made = self._get_empty_cell(code, False)["value"]
        tomorrow = fields.Date.add(fields.Date.context_today(self), days=1)
        target = expected = total.value
        if not is_level:
            expected = sum(
                row.value
                * get_share_of_days(
                    working_days[row.who.company],
                    Period(row.span.start, row.span.end),
                    tomorrow,
                )
                for row in total.rows
            )
        if kpi.unit == "amount":
            currency = self.env.company.currency_id
            target, expected = currency.round(target), currency.round(expected)
        state = get_target_state(
            made,
            target,
            expected,
            has_begun=tomorrow > period.start,
            is_over=tomorrow > period.end,
            is_level=is_level,
            is_limit=is_limit(kpi),
        )
        months = sum((span.get_parts("month") for span in cut(period)), [])
        return {
            "target": target,
            "made": made,
            "expected": expected,
            "gap": None if made is None else made - target,
            "state": state,
            "state_label": self.env._(STATES[state]) if state else "",
            "source": total.source,
            "source_label": self.env._(SOURCES[total.source]),
            "is_partial": len(total.months) < len(months),
        }

    @api.model
    def _find_total(self, book, code, owners, period):
        """Return what :class:`TargetBook` finds for all the owners together. A level
        of several is not known."""
        found = [book.find_period(code, owner, period) for owner in owners]
        found = [each for each in found if each]
        if len(found) == 1 and (code in SUMS or len(owners) == 1):
            return found[0]
        if not found or code not in SUMS:
            return None
        return Found(
            sum(each.value for each in found),
            "several",
            tuple(row for each in found for row in each.rows),
        )
