from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import date_utils

from ...tools.arguments import check_choice, refuse
from ...tools.days import get_start_of_day

TEAM = "sales_team.group_sale_salesman_all_leads"
ACTION = "sales_pipeline_plus.crm_first_page_action"
VIEWS = {
    "list": "crm_lead_view_list_first_page",
    "kanban": "crm_lead_view_kanban_first_page",
    "all": "crm_lead_view_list_review",
}


class CrmFirstPage(models.AbstractModel):
    """What a salesperson begins the day with, and what a manager helps the team with.

    A page of short lists of opportunities: Odoo's own list of each domain shows, counts
    and changes them, so that a list, its number and the whole list behind it agree.
    Other rooms add sections with ``_list_sections``.
    """

    _name = "crm.first.page"
    _description = "First Page of Sales"

    @api.model
    @api.readonly
    def get_first_page(self, whose=None):
        """Return what the page shows.

        :param str whose: ``mine``, or ``team``: the opportunities of the teams that the
            user leads, all that they may see when they lead none; without it ``team``
            for a leader and for who sees the team and has nothing open
        :return: dict: ``whose``; ``sees_team``; ``is_home``; ``views``, ids of the
            views of a section and of the list behind it; ``sections``, a list of dicts
            with ``code``, ``title``, ``empty`` (what is said of an empty one) and the
            ``domain`` of ``crm.lead``; ``salespeople`` of a team (see
            ``_get_salespeople``); ``changes`` (see ``_get_changes``);
            ``targets`` (see ``_get_targets``)
        :raises UserError: ``whose`` is something else
        """
        self.env["crm.lead"].check_access("read")
        if whose is not None:
            check_choice(self.env, "whose", whose, ("mine", "team"))
        sees_team = self.env.user.has_group(TEAM)
        teams = None
        if sees_team and whose != "mine":
            teams = self._get_led_teams()
            if not whose and not teams and self._has_own():
                teams = None
        return {"sees_team": sees_team, **self._get_page(teams)}

    @api.model
    def _get_page(self, teams):
        """Return what the page shows, for each room to add its own.

        :param teams: the teams that the user leads (none of them: all), or None on the
            page of one's own
        """
        deals = self.env["crm.lead"]._get_open_opportunity_domain()
        return {
            "whose": "mine" if teams is None else "team",
            "is_home": self.env.user.action_id == self._get_action(),
            "views": {
                code: self.env.ref(f"sales_pipeline_plus.{name}").id
                for code, name in VIEWS.items()
            },
            "sections": [
                {
                    "code": code,
                    "title": title,
                    "empty": empty,
                    "domain": list(deals & domain),
                }
                for code, title, empty, domain in self._list_sections(teams)
            ],
        }

    @api.model
    def set_home(self, is_home):
        """Let the page be the first one after logging in, or the usual one again.

        :param bool is_home: whether it is
        :raises UserError: it is neither
        :raises AccessError: who may not read opportunities has no such page
        """
        self.env["crm.lead"].check_access("read")
        if not isinstance(is_home, bool):
            refuse(self.env, "is_home", is_home, self.env._("true or false"))
        action = self._get_action()
        if is_home:
            self.env.user.action_id = action
        elif self.env.user.action_id == action:
            self.env.user.action_id = False

    @api.model
    def _get_action(self):
        return self.env["ir.actions.actions"].browse(self.env.ref(ACTION).id)

    @api.model
    def _get_led_teams(self):
        """Return the teams that a manager helps first; none means all."""
        return self.env["crm.team"].search([("user_id", "=", self.env.uid)])

    @api.model
    def _has_own(self):
        """Whether one's own page is about any opportunity."""
        leads = self.env["crm.lead"]
        own = leads._get_open_opportunity_domain() & self._get_whose_domain(None)
        return bool(leads.search_count(own, limit=1))

    @api.model
    def _get_whose_domain(self, teams):
        """Return the domain of the deals whose deadlines are looked after."""
        if teams is None:
            return Domain("user_id", "=", self.env.uid)
        return Domain("team_id", "in", teams.ids) if teams else Domain.TRUE

    @api.model
    def _get_whose_filters(self, teams):
        """Return the same as filters of the figures."""
        if teams is None:
            return {"user_ids": [self.env.uid]}
        return {"team_ids": teams.ids} if teams else {}

    @api.model
    def _list_sections(self, teams):
        """Return the sections: tuples of code, title, what is said when nothing is in
        them, and the domain of their open opportunities."""
        today = fields.Date.context_today(self)
        deals = self._get_whose_domain(teams)
        call = Domain("activity_type_id.category", "=", "phonecall")
        return [
            (
                "due",
                self.env._("Due today"),
                self.env._("Nothing is due today."),
                self._get_due_domain(teams, ~call) | self._get_meeting_domain(teams),
            ),
            (
                "call",
                self.env._("To call back"),
                self.env._("Nobody has to be called today."),
                self._get_due_domain(teams, call),
            ),
            (
                "closing",
                self.env._("Closing this month"),
                self.env._("No opportunity closes this month."),
                deals
                & Domain("date_deadline", "<=", date_utils.end_of(today, "month")),
            ),
            (
                "missing",
                self.env._("Nothing planned"),
                self.env._("Every opportunity has a next action."),
                deals & Domain("next_action_state", "=", "missing"),
            ),
        ]

    @api.model
    def _get_due_domain(self, teams, activities):
        """Return the domain of deals with such an activity that is due today or late.

        What is one's own to do may be on a colleague's opportunity.
        """
        # What is asked of a colleague within the house is no action of the deal.
        within = self.env["mail.activity.type"]._get_types_within_house()
        activities &= Domain("activity_type_id", "not in", within.ids)
        activities &= Domain("date_deadline", "<=", fields.Date.context_today(self))
        if teams is None:
            return Domain(
                "activity_ids", "any", activities & Domain("user_id", "=", self.env.uid)
            )
        # An activity of somebody who cannot do it is none.
        has_action = Domain("next_action_state", "!=", "missing")
        return (
            self._get_whose_domain(teams)
            & has_action
            & Domain("activity_ids", "any", activities)
        )

    @api.model
    def _get_meeting_domain(self, teams):
        """Return the domain of deals with a meeting of today that is not over.

        The days of one that takes all day are the same everywhere. What somebody has
        declined is not theirs to attend.
        """
        today = fields.Date.context_today(self)
        midnight = get_start_of_day(today + timedelta(days=1), self.env.tz)
        all_day = Domain("start_date", "<=", today) & Domain("stop_date", ">=", today)
        hours = Domain("stop", ">", fields.Datetime.now())
        hours &= Domain("start", "<", midnight)
        is_all_day = Domain("allday", "=", True)
        meetings = (is_all_day & all_day) | (~is_all_day & hours)
        if teams is None:
            attends = Domain("partner_id", "=", self.env.user.partner_id.id)
            attends &= Domain("state", "!=", "declined")
            meetings &= Domain("attendee_ids", "any", attends)
            return Domain("calendar_event_ids", "any", meetings)
        return self._get_whose_domain(teams) & Domain(
            "calendar_event_ids", "any", meetings
        )
