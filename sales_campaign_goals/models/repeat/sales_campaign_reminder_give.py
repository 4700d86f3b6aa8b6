from collections import defaultdict

from markupsafe import Markup

from odoo import api, models
from odoo.tools import format_date

from .sales_campaign_reminder import MILESTONES


class SalesCampaign(models.Model):
    """Giving the reminders that are due, as activities."""

    _inherit = "sales.campaign"

    # ------------------------------------------------------------
    # GIVING THEM
    # ------------------------------------------------------------

    def _give_reminders(self, reminders):
        """Give reminders: to do for the responsible, a message to the members.

        :param reminders: rows of campaign id, goal id, kind and day
        """
        by_user = defaultdict(lambda: defaultdict(list))
        highest = self._get_highest_milestones(reminders)
        for campaign_id, goal_id, kind, day in reminders:
            campaign = self.browse(campaign_id)
            goal = self.env["sales.campaign.goal"].sudo().browse(goal_id)
            if kind.startswith("reached") and highest[goal_id] != kind:
                continue
            for user in campaign._get_reminded_users(goal):
                by_user[user][campaign].append((kind, goal.with_env(self.env), day))
        for user, by_campaign in by_user.items():
            allowed = self._filter_readable(user)
            for campaign, rows in by_campaign.items():
                if campaign in allowed:
                    campaign._remind_user(user, rows)

    @api.model
    def _get_highest_milestones(self, reminders):
        """Return ``{goal id: kind}``: who jumps to 100 % is not told of 50 %."""
        highest = {}
        for milestone in MILESTONES:
            kind = f"reached_{milestone}"
            highest.update(
                (goal_id, kind)
                for _campaign, goal_id, other, _day in reminders
                if other == kind
            )
        return highest

    def _get_reminded_users(self, goal):
        """Return the responsible and the members; of the goal of one salesperson, that
        salesperson."""
        self.ensure_one()
        users = goal.user_id or (self.user_id | self.member_ids)
        return users.filtered(lambda user: user.active and not user.share)

    def _filter_readable(self, user):
        """Return those of these campaigns that the user may read."""
        seen = self.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )
        return self.browse(seen._filtered_access("read").ids)

    def _remind_user(self, user, rows):
        """Remind one user of one campaign, in the user's language."""
        self.ensure_one()
        context = {"lang": user.lang, "tz": user.tz or self._get_goal_timezone()}
        campaign = self.with_context(**context)
        to_do = [row for row in rows if not row[0].startswith("reached")]
        if user == self.user_id and to_do:
            campaign._schedule_reminder(user, to_do)
            rows = [row for row in rows if row not in to_do]
        if rows:
            lines = [campaign._get_reminder_text(*row) for row in rows]
            campaign.message_notify(
                partner_ids=user.partner_id.ids,
                subject=(
                    lines[0]
                    if len(lines) == 1
                    else campaign.env._("News of the campaign “%s”", self.title)
                ),
                body=campaign._get_reminder_body(lines),
            )

    def _schedule_reminder(self, user, rows):
        lines = [self._get_reminder_text(*row) for row in rows]
        today = self._get_reminder_day()
        # no mail: an activity of the night is seen in the morning
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            date_deadline=today,
            summary=(
                lines[0]
                if len(lines) == 1
                else self.env._("%s reminders of the campaign", len(lines))
            ),
            note=self._get_reminder_body(lines),
        )

    @api.model
    def _get_reminder_body(self, lines):
        items = Markup("").join(Markup("<li>%s</li>") % line for line in lines)
        return Markup("<ul>%s</ul>") % items

    def _get_reminder_text(self, kind, goal, day):
        """Return what a reminder says, in the language of the context."""
        self.ensure_one()
        if kind == "end_near":
            return self.env._(
                "“%(campaign)s” ends on %(day)s",
                campaign=self.title,
                day=format_date(self.env, day),
            )
        goal = goal.with_env(self.env)
        if kind == "behind":
            return self.env._(
                "Goal “%(goal)s” is behind: %(progress)s, %(expected)s expected by "
                "today",
                goal=goal.name,
                progress=goal.progress_text,
                expected=goal.expected_text,
            )
        if kind == "reached_100":
            return self.env._(
                "Goal “%(goal)s” is reached: %(progress)s",
                goal=goal.name,
                progress=goal.progress_text,
            )
        return self.env._(
            "%(percentage)s %% of the goal “%(goal)s” are reached: %(progress)s",
            percentage=kind.removeprefix("reached_"),
            goal=goal.name,
            progress=goal.progress_text,
        )
