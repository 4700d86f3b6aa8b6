from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from ..common import PipelineCase
from ..share.common import ShareMixin


@tagged("post_install", "-at_install")
class TestQueryCount(ShareMixin, PipelineCase):
    """More deals, not more queries."""

    def _count(self, function):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        function()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _prepare_deals(self, number, *pipelines):
        # A deal of someone else makes Odoo notify him, with queries for each of them.
        return [
            self._prepare_deal(
                pipelines[rank % len(pipelines)], user_id=self.all_documents.id
            )
            for rank in range(number)
        ]

    def _new_deals(self, number):
        leads = self.env["crm.lead"].with_user(self.all_documents)
        return leads.create(self._prepare_deals(number, self.equipment, self.spares))

    def assertFlat(self, function, size=5, factor=10):
        """Check that many take no more queries than a few."""
        function(self._new_deals(2))
        few, many = self._new_deals(size), self._new_deals(size * factor)
        few = self._count(lambda: function(few))
        many = self._count(lambda: function(many))
        self.assertLessEqual(many, few)

    def test_move(self):
        self.assertFlat(lambda deals: deals.write({"stage_id": self.negotiation.id}))

    def test_own_value(self):
        self.assertFlat(lambda deals: deals.write({"probability": 42}))

    def test_move_with_a_value(self):
        self.assertFlat(
            lambda deals: deals.write(
                {"stage_id": self.negotiation.id, "probability": 60}
            )
        )

    def test_reset(self):
        def reset(deals):
            deals.action_reset_probability()

        self._new_deals(5).write({"probability": 42})
        self.assertFlat(reset)

    def test_reset_with_shares(self):
        """Odoo writes each deal by itself: their shares are read at once."""
        self._turn_on()
        shared = self._new_deals(1)
        self._share(shared, {self.salesman: 40})
        self.assertTrue(self.env["crm.lead.share"]._are_there())
        self.assertFlat(lambda deals: deals.action_reset_probability())

    def test_hold(self):
        """Put on hold, put on hold for longer, and woken up."""
        reason = self.env["crm.hold.reason"].create({"name": "Q. Budget"})
        day = fields.Date.today() + timedelta(days=60)

        def sleep(deals):
            deals._put_on_hold(day, reason)
            deals._put_on_hold(day + timedelta(days=30), reason)
            deals._wake_up_by_hand()

        self.assertFlat(sleep)

    def test_team(self):
        self.assertFlat(lambda deals: deals.write({"team_id": self.spares_team.id}))

    def test_create(self):
        """The layout of the pipelines is cached: no query asks for it.

        Odoo itself makes some queries for each opportunity.
        """
        odoo = self._new_pipeline(
            "As in Odoo", {self.qualified: 10, self.won: 100}, follow_odoo_stages=True
        )
        leads = self.env["crm.lead"].with_user(self.all_documents)
        self._new_deals(2)
        leads.create(self._prepare_deals(2, odoo))
        for number in (10, 50):
            vals_list = self._prepare_deals(number, odoo)
            following = self._count(lambda vals=vals_list: leads.create(vals))
            own = self._count(lambda n=number: self._new_deals(n))
            self.assertLessEqual(own, following + 3)

    def test_line(self):
        """A change of a probability is one statement, however many deals follow."""

        def change(number):
            self._new_deals(number)
            line = self._line(self.equipment, self.qualified)
            return self._count(lambda: line.write({"probability": number / 2}))

        change(2)
        few = change(10)
        self.assertLessEqual(change(100), few)
