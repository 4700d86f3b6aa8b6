from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time

from odoo import SUPERUSER_ID, Command, api
from odoo.modules.registry import Registry
from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..common_goal import GoalCase


@tagged("post_install", "-at_install")
class TestCampaignReminder(GoalCase):
    """Reminders of the end and of the goals, each once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time("2026-03-10 12:00:00"))
        cls.kind = cls.env["sales.campaign.type"].create({"name": "Fair"})
        cls.campaign.write(
            {
                "title": "Fair 2026",
                "type_id": cls.kind.id,
                "date_start": "2026-03-02",
                "date_end": "2026-03-27",
                "member_ids": [Command.set(cls.colleague.ids)],
            }
        )
        cls.goal = cls._new_goal(name="Visitors", counting="manual", target=10)

    def _remind(self):
        self.env.flush_all()
        self.env.invalidate_all()
        self.campaign._remind()

    def _run_cron(self, **options):
        cron = self.env.registry["ir.cron"]
        with patch.object(cron, "_commit_progress", lambda *a, **k: None):
            self.env["sales.campaign"]._cron_remind(**options)

    def _get_activities(self):
        return self.env["mail.activity"].search(
            [("res_model", "=", "sales.campaign"), ("res_id", "=", self.campaign.id)],
            order="id",
        )

    def _get_messages(self, user):
        return self.env["mail.message"].search(
            [
                ("model", "=", "sales.campaign"),
                ("res_id", "=", self.campaign.id),
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", user.partner_id.ids),
            ],
            order="id",
        )

    def test_behind_once(self):
        for _night in range(3):
            self._remind()
        (activity,) = self._get_activities()
        self.assertEqual(activity.user_id, self.salesman)
        self.assertIn("“Visitors” is behind", activity.summary)
        self.assertEqual(len(self._get_messages(self.colleague)), 1)
        self.assertFalse(self._get_messages(self.salesman), "has the activity")

    def test_behind_once_while_it_lasts(self):
        """The deadline moves: the goal is as far behind as it was."""
        self._remind()
        for deadline in ("2026-03-20", "2026-03-13", "2026-03-26"):
            self.goal.date_deadline = deadline
            self._remind()
        self.assertEqual(len(self._get_activities()), 1)
        # it catches up, and falls behind again
        self.goal.manual_count = 4
        self._remind()
        self.goal.manual_count = 1
        for _night in range(2):
            self._remind()
        self.assertEqual(len(self._get_activities()), 2)

    def test_behind_after_the_deadline_has_passed(self):
        self._remind()
        self.goal.date_deadline = "2026-03-06"
        self._remind()
        self.assertEqual(self.goal.state, "missed")
        self.goal.date_deadline = "2026-03-20"
        self._remind()
        self.assertEqual(len(self._get_activities()), 1)

    def test_milestone_again_after_falling_below(self):
        for count in (5, 2, 5, 5):
            self.goal.manual_count = count
            self._remind()
        self.assertEqual(len(self._get_messages(self.colleague)), 3, "two and behind")

    def test_milestones_once_each_and_the_highest_only(self):
        self.goal.manual_count = 5
        self._remind()
        self.assertFalse(self._get_activities())
        (half,) = self._get_messages(self.salesman)
        self.assertIn("50 % of the goal “Visitors” are reached", half.subject)
        self.goal.manual_count = 10
        for _night in range(2):
            self._remind()
        (_half, full) = self._get_messages(self.salesman)
        self.assertIn("“Visitors” is reached: 10 of 10", full.subject)
        self.assertEqual(len(self._get_messages(self.colleague)), 2)
        kinds = self.env["sales.campaign.reminder"].search(
            [("goal_id", "=", self.goal.id)]
        )
        self.assertEqual(
            set(kinds.mapped("kind")), {"reached_50", "reached_90", "reached_100"}
        )

    def test_end_near(self):
        self.goal.unlink()
        self._remind()
        self.assertFalse(self._get_activities())
        with freeze_time("2026-03-20 12:00:00"):
            self._remind()
            self._remind()
            (activity,) = self._get_activities()
            self.assertIn("“Fair 2026” ends on 03/27/2026", activity.summary)
        # the end is moved: it is another one
        self.campaign.date_end = "2026-04-03"
        with freeze_time("2026-03-30 12:00:00"):
            self._remind()
            self.assertEqual(len(self._get_activities()), 2)

    def test_days_before_of_the_type(self):
        self.goal.unlink()
        self.kind.reminder_days = 20
        self._remind()
        self.assertEqual(len(self._get_activities()), 1)

    def test_switched_off(self):
        self.campaign.has_reminders = False
        self._run_cron()
        self.campaign.has_reminders = True
        self.kind.has_reminders = False
        self._run_cron()
        self._remind()
        self.assertFalse(self._get_activities())
        self.kind.has_reminders = True
        self._remind()
        self.assertEqual(len(self._get_activities()), 1)

    def test_cron(self):
        self.env.flush_all()
        self._run_cron(batch_size=1)
        self.assertEqual(len(self._get_activities()), 1)

    def test_ended_or_not_begun(self):
        for start, end in (("2026-02-02", "2026-03-06"), ("2026-03-16", "2026-03-20")):
            self.campaign.write({"date_start": start, "date_end": end})
            self._remind()
        self.assertFalse(self._get_activities())

    def test_in_the_language_of_each(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.salesman.lang = "fr_FR"
        self.goal.unlink()
        with freeze_time("2026-03-20 12:00:00"):
            self._remind()
        self.assertIn("27/03/2026", self._get_activities().summary)
        self.assertIn("03/27/2026", self._get_messages(self.colleague).subject)

    def test_the_goal_of_one_salesperson(self):
        self.goal.user_id = self.colleague
        self._remind()
        self.assertFalse(self._get_activities())
        self.assertEqual(len(self._get_messages(self.colleague)), 1)
        self.assertFalse(self._get_messages(self.salesman))

    def test_who_may_not_read_is_not_told(self):
        self.goal.user_id = self.foreigner
        self.campaign.company_id = self.company
        self._remind()
        self.assertFalse(self._get_messages(self.foreigner))

    def test_what_is_not_to_be_exceeded_has_no_milestones(self):
        self.goal.write({"direction": "at_most", "manual_count": 1})
        self._remind()
        self.assertFalse(self._get_messages(self.colleague))


@tagged("post_install", "-at_install")
class TestTwoWorkersRemind(TransactionCase):
    """Two real transactions: both have begun before either reminds."""

    def setUp(self):
        super().setUp()
        self.registry_of_test = Registry(self.env.cr.dbname)
        with self._open() as env:
            campaign = env["sales.campaign"].create(
                {"title": "At once", "user_id": env.ref("base.user_admin").id}
            )
            self.campaign_id = campaign.id
            goal = env["sales.campaign.goal"].create(
                {
                    "name": "Leaflets",
                    "campaign_id": campaign.id,
                    "counting": "manual",
                    "target": 2,
                    "manual_count": 1,
                }
            )
            self.goal_id = goal.id
        self.addCleanup(self._remove)

    @contextmanager
    def _open(self):
        """A transaction of its own, committed at the end."""
        with self.registry_of_test.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _remove(self):
        with self._open() as env:
            env["sales.campaign"].browse(self.campaign_id).unlink()

    def test_once(self):
        with self._open() as one, self._open() as other:
            for env in (one, other):
                goal = env["sales.campaign.goal"].browse(self.goal_id)
                self.assertEqual(goal.percentage, 50)
            one["sales.campaign"].browse(self.campaign_id)._remind()
            one.cr.commit()
            with mute_logger("odoo.sql_db"):
                other["sales.campaign"].browse(self.campaign_id)._remind()
        with self._open() as env:
            reminder = env["sales.campaign.reminder"].search(
                [("campaign_id", "=", self.campaign_id)]
            )
            self.assertEqual(reminder.kind, "reached_50")
            messages = env["mail.message"].search_count(
                [
                    ("model", "=", "sales.campaign"),
                    ("res_id", "=", self.campaign_id),
                    ("subject", "like", "“Leaflets”"),
                ]
            )
            self.assertEqual(messages, 1)
