import logging
from datetime import timedelta

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.sales_pipeline_plus.tools.jobs import run_batch

_logger = logging.getLogger(__name__)

MILESTONES = (50, 90, 100)


class SalesCampaignReminder(models.Model):
    """A reminder that was given, so that it is given once for what it says."""

    _name = "sales.campaign.reminder"
    _description = "Reminder of a Campaign"
    _order = "create_date desc, id desc"
    _rec_name = "campaign_id"

    campaign_id = fields.Many2one(
        "sales.campaign", required=True, ondelete="cascade", readonly=True
    )
    goal_id = fields.Many2one(
        "sales.campaign.goal",
        ondelete="cascade",
        readonly=True,
        index="btree_not_null",
    )
    kind = fields.Selection(
        [
            ("end_near", "End near"),
            ("behind", "Goal behind pace"),
            ("reached_50", "Half of the goal reached"),
            ("reached_90", "Nine tenths of the goal reached"),
            ("reached_100", "Goal reached"),
        ],
        required=True,
        readonly=True,
    )
    day = fields.Date(
        required=True,
        readonly=True,
        help="The end of the campaign, or the deadline of the goal, that it is about. "
        "When the end is moved there is a new reminder of it; a goal is reminded of "
        "again only when it had caught up in between.",
    )

    _once_per_campaign = models.UniqueIndex(
        "(campaign_id, kind, day) WHERE goal_id IS NULL"
    )
    _once_per_goal = models.UniqueIndex("(goal_id, kind) WHERE goal_id IS NOT NULL")

    @api.model
    def _keep(self, wanted):
        """Note these reminders and return those that were not given before.

        Two workers cannot both get the same: the database lets one of them note it.

        :param wanted: list of ``(campaign id, goal id or None, kind, day)``
        """
        if not wanted:
            return []
        campaign_ids, goal_ids, kinds, days = zip(*wanted, strict=True)
        return self.env.execute_query(
            SQL(
                """INSERT INTO sales_campaign_reminder
                          (campaign_id, goal_id, kind, day, create_uid, create_date,
                           write_uid, write_date)
                   SELECT campaign_id, goal_id, kind, day,
                          %(user)s, now() AT TIME ZONE 'UTC',
                          %(user)s, now() AT TIME ZONE 'UTC'
                     FROM unnest(%(campaigns)s::int[], %(goals)s::int[],
                                 %(kinds)s::varchar[], %(days)s::date[])
                          AS wanted (campaign_id, goal_id, kind, day)
              ON CONFLICT DO NOTHING
                RETURNING campaign_id, goal_id, kind, day""",
                user=self.env.uid,
                campaigns=list(campaign_ids),
                goals=list(goal_ids),
                kinds=list(kinds),
                days=list(days),
            )
        )


class SalesCampaignType(models.Model):
    _inherit = "sales.campaign.type"

    has_reminders = fields.Boolean(
        string="Reminders",
        default=True,
        help="Remind of the end and of the goals of campaigns of this type. A campaign "
        "can be without reminders on its own.",
    )
    reminder_days = fields.Integer(
        string="Days before the End",
        default=7,
        help="How many days before its end a campaign is reminded of.",
    )

    _positive_reminder_days = models.Constraint(
        "CHECK(reminder_days BETWEEN 0 AND 36500)",
        "The days of the reminder before the end must be between 0 and 36,500.",
    )


class SalesCampaign(models.Model):
    """Reminders of the end of a campaign and of its goals, each once."""

    _inherit = "sales.campaign"

    has_reminders = fields.Boolean(
        string="Reminders",
        default=True,
        help="Remind the responsible and the members when the end is near, when a goal "
        "is behind its pace, and when 50, 90 and 100 % of a goal are reached. The type "
        "of the campaign can switch reminders off too.",
    )

    @api.model
    def _get_reminded_domain(self):
        """Domain of the campaigns with reminders, by themselves and by their type."""
        return Domain("has_reminders", "=", True) & (
            Domain("type_id", "=", False) | Domain("type_id.has_reminders", "=", True)
        )

    # ------------------------------------------------------------
    # EVERY NIGHT
    # ------------------------------------------------------------

    @api.model
    def _cron_remind(self, batch_size=100):
        """Give the reminders of the campaigns that run."""
        today = fields.Date.context_today(self)
        not_ended = Domain("date_end", "=", False) | Domain(
            "date_end", ">=", today - timedelta(days=1)
        )
        begun = Domain("date_start", "=", False) | Domain(
            "date_start", "<=", today + timedelta(days=1)
        )
        campaigns = self.search(
            self._get_reminded_domain() & begun & not_ended, order="id"
        )
        remaining = len(campaigns)
        for start in range(0, len(campaigns), batch_size):
            batch = self.browse(campaigns[start : start + batch_size].ids)
            run_batch(self.env, _logger, batch, "_remind")
            remaining -= len(batch)
            self.env["ir.cron"]._commit_progress(len(batch), remaining=remaining)

    def _remind(self):
        """Give the reminders that are due and were not given before."""
        companies = self.env["res.company"].sudo().search([])
        campaigns = self.sudo().with_context(
            allowed_company_ids=[
                self.env.company.id,
                *(companies - self.env.company).ids,
            ]
        )
        reminded = campaigns.filtered_domain(self._get_reminded_domain())
        wanted = reminded._list_due_reminders()
        try:
            with self.env.cr.savepoint():
                reminded._forget_ended_reminders()
                new = self.env["sales.campaign.reminder"]._keep(wanted)
        except SerializationFailure:
            # another worker has just given them
            return
        campaigns._give_reminders(new)

    def _forget_ended_reminders(self):
        """Forget the reminders of goals that have caught up, or fallen below what they
        had reached: when it happens again, it is another occurrence."""
        reminders = self.env["sales.campaign.reminder"].sudo()
        given = reminders.search([("goal_id", "in", self.goal_ids.ids)])
        given.filtered(
            lambda reminder: not reminder.goal_id._is_still_so(reminder.kind)
        ).unlink()

    def _list_due_reminders(self):
        """Return ``(campaign id, goal id or None, kind, day)`` of what is due."""
        wanted = []
        for campaign in self:
            today = campaign._get_reminder_day()
            start, end = campaign.date_start, campaign.date_end
            if (start and start > today) or (end and end < today):
                continue
            days = campaign.type_id.reminder_days if campaign.type_id else 7
            if end and (end - today).days <= days and (not start or start < end):
                wanted.append((campaign.id, None, "end_near", end))
            for goal in campaign.goal_ids:
                wanted += [
                    (campaign.id, goal.id, kind, goal.deadline or today)
                    for kind in goal._get_due_reminders(today)
                ]
        return wanted

    def _get_reminder_day(self):
        """Today in the time zone of the campaign."""
        self.ensure_one()
        now = self.with_context(tz=self._get_goal_timezone())
        return fields.Date.context_today(now)


class SalesCampaignGoal(models.Model):
    _inherit = "sales.campaign.goal"

    def _is_still_so(self, kind):
        """Tell whether what a reminder of this kind said still holds. Who has missed
        the deadline is still behind."""
        self.ensure_one()
        if kind == "behind":
            return self.state in ("behind", "missed")
        return self.percentage >= int(kind.removeprefix("reached_"))

    def _get_due_reminders(self, today):
        """Return the kinds of reminders that this goal calls for today.

        What is not to be exceeded has no milestones.
        """
        self.ensure_one()
        if self.deadline and self.deadline < today:
            return []
        kinds = ["behind"] if self.state == "behind" else []
        if self.direction == "at_least":
            kinds += [
                f"reached_{milestone}"
                for milestone in MILESTONES
                if self.percentage >= milestone
            ]
        return kinds
