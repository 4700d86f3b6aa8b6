from ..common_goal import GoalCase


class GoalRightsCase(GoalCase):
    """A campaign with a deal of the salesman, and one that is hidden from him."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.user_id = cls.salesman
        cls.mine = cls._new_opportunity(cls.campaign, 100, user_id=cls.salesman.id)
        cls.hidden = cls._new_opportunity(cls.campaign, 12345)
        cls.everyone = (cls.salesman, cls.colleague, cls.all_documents, cls.manager)

    def _write_goal(self, user, **vals):
        """Create a goal as this user."""
        return (
            self.env["sales.campaign.goal"]
            .with_user(user)
            .create(
                {
                    "name": "Goal",
                    "campaign_id": self.campaign.id,
                    "res_model": "crm.lead",
                    "target": 10,
                    **vals,
                }
            )
        )

    def assertCounts(self, goal, value):
        """Everybody sees this number."""
        for user in self.everyone:
            self.assertEqual(self._current(goal.with_user(user)), value, user.login)
