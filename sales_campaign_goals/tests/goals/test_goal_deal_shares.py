import random

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.sales_pipeline_plus.kpi.target_share import share_out

from ..common_goal import GoalCase


@tagged("post_install", "-at_install")
class TestGoalDealShares(GoalCase):
    """A shared opportunity counts for the goals of its salespeople, and adds up."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        companies = cls.company | cls.other_company
        companies.uses_deal_shares = True
        cls.users = cls.salesman | cls.colleague | cls.all_documents
        (cls.users | cls.manager | cls.env.user).company_ids |= companies
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": companies.ids}
        )
        cls.campaign = cls._new_campaign(user=cls.env.user, company_id=False)

    def _new_goals(self, **vals):
        """Return the goal of all, and one for each salesperson."""
        return (
            self._new_goal(**vals),
            self._new_goal().browse(
                self._new_goal(user_id=user.id, **vals).id for user in self.users
            ),
        )

    def _share(self, deal, sizes):
        """Share a deal out; ``sizes`` in hundredths of a percent, the owner's last."""
        users = [*(self.users - deal.user_id), deal.user_id]
        deal.with_user(self.manager).write(
            {
                "collaborator_ids": [Command.set([user.id for user in users[:-1]])],
                "share_ids": [
                    Command.create({"user_id": user.id, "percentage": size / 100})
                    for user, size in zip(users, sizes, strict=True)
                ],
            }
        )
        return dict(zip(users, sizes, strict=True))

    def test_sums_and_numbers(self):
        self._set_rates()
        chance = random.Random(26)
        total, sums = self._new_goals(
            measure="sum", sum_field="crm.lead.expected_revenue"
        )
        count, counts = self._new_goals(measure="count")
        expected = dict.fromkeys(self.users, 0)
        numbers = dict.fromkeys(self.users, 0)
        for number in range(30):
            company = chance.choice([self.company, self.other_company])
            owner = chance.choice(self.users)
            deal = self._new_opportunity(
                self.campaign,
                chance.randrange(-20000, 100000) / 100,
                user_id=owner.id,
                company_id=company.id,
            )
            parts = {owner: 10000}
            if number % 3:
                sizes = share_out(10000, [chance.randrange(1, 9) for _ in self.users])
                parts = self._share(deal, sizes)
            amount = company.currency_id._convert(
                deal.expected_revenue, self.campaign.currency_id, self.company
            )
            cents = round(100 * amount)
            for user, part in zip(
                parts, share_out(cents, list(parts.values())), strict=True
            ):
                expected[user] += part
                numbers[user] += 1
        found = [round(100 * value) for value in self._current(sums)]
        self.assertEqual(found, list(expected.values()))
        self.assertEqual(sum(found), round(100 * self._current(total)))
        self.assertEqual(self._current(counts), list(numbers.values()))
        self.assertEqual(self._current(count), 30)
        for goal in [*counts, *sums, count]:
            self._assert_list_is_number(goal)

    def test_number_without_currency(self):
        """What is no money is divided without rounding."""
        _total, goals = self._new_goals(measure="sum", sum_field="crm.lead.probability")
        deal = self._new_opportunity(self.campaign, 100, user_id=self.salesman.id)
        deal.probability = 50
        self._share(deal, [2500, 2500, 5000])
        values = dict(zip(self.users, self._current(goals), strict=True))
        self.assertEqual(values[self.salesman], 25)
        self.assertEqual(values[self.colleague], 12.5)
