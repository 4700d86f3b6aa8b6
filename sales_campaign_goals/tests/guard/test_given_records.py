from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import GuardCase


@tagged("post_install", "-at_install")
class TestGivenRecords(GuardCase):
    """A field that the form shows only takes no record that is hidden from the user,
    whose name it would show."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secret = cls._new_campaign(
            cls.foreigner,
            title="Secret",
            goal_ids=[
                Command.create({"name": "Secret", "counting": "manual", "target": 5})
            ],
        )
        cls.secret_pattern = (
            cls.env["sales.campaign.pattern"]
            .with_user(cls.foreigner)
            .create({"name": "Secret", "average_basket": 100})
        )

    def test_campaigns_and_goals(self):
        step = self.secret_pattern.sudo().step_ids[:1]
        for record, name, hidden in (
            (self.campaign, "predecessor_id", self.secret),
            (self.goal, "predecessor_goal_id", self.secret.goal_ids),
            (self.goal, "pattern_step_id", step),
        ):
            for user in (self.owner, self.manager):
                with self.subTest(field=name, user=user.login):
                    with self.assertRaises(AccessError):
                        self._as(user, record).write({name: hidden.id})
        with self.assertRaises(AccessError):
            self._new_campaign(predecessor_id=self.secret.id)

    def test_values_of_a_pattern(self):
        """A form that reads them does not break."""
        goal = self._as(self.owner, self.goal)
        for values in (5, "x", [1], {"x": 1}, {"id": 1}, {"target": "x"}):
            with self.subTest(values=values), self.assertRaises(ValidationError):
                goal.pattern_values = values
        goal.pattern_values = {"name": "Calls", "target": 4.0}
        self.assertTrue(goal.is_changed_by_hand)
