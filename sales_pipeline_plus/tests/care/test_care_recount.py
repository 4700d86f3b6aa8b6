import unittest
from datetime import timedelta

from odoo.tests import tagged

from ..common_random import examples
from .common import NOW, CareCase

try:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
except ImportError:
    raise unittest.SkipTest("hypothesis is not installed") from None

PLACES = ("company", "person", "own_deal", "hidden_deal")
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(("email", "note", "call", "meeting", "activity")),
        st.sampled_from(PLACES),
        # Hours from now: what was, and what is to come
        st.integers(-60 * 24, 20 * 24),
    ),
    max_size=6,
)


class Rollback(Exception):
    """Ends an example."""


@tagged("post_install", "-at_install")
class TestCareRecount(CareCase):
    """What is shown and found is what plain Python counts from what was done."""

    @settings(
        derandomize=True,
        database=None,
        deadline=None,
        max_examples=examples(10, 100),
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(events=EVENTS, age=st.integers(0, 60), limit=st.integers(1, 50))
    def test_recount(self, events, age, limit):
        try:
            with self.env.cr.savepoint():
                self._check(events, age, limit)
                raise Rollback
        except Rollback:
            self.env.invalidate_all()

    def _check(self, events, age, limit):
        self.gold.contact_days = limit
        company, person = self._new_customer(age=age)
        own = self._new_deal(self.equipment, self.offer, partner_id=person.id)
        hidden = self._new_deal(self.spares, self.offer, partner_id=company.id)
        self.env["mail.message"].search(
            [("model", "=", "crm.lead"), ("res_id", "in", (own + hidden).ids)]
        ).unlink()
        places = dict(zip(PLACES, (company, person, own, hidden), strict=True))
        for kind, place, hours in events:
            self._do(kind, places[place].sudo(), hours)
        for user, is_hidden in ((self.salesman, True), (self.manager, False)):
            seen = [
                (kind, hours)
                for kind, place, hours in events
                if not (is_hidden and place == "hidden_deal")
            ]
            state, last_kind, since = self._recount(seen, age, limit)
            found = self._get_care(company, user)
            self.assertEqual(found[0], state, (user.login, events))
            self.assertEqual(found[2], since, (user.login, events))
            self.assertIn(found[1], last_kind, (user.login, events))

    def _do(self, kind, record, hours):
        moment = NOW + timedelta(hours=hours)
        if kind == "meeting":
            if record._name == "crm.lead":
                self._meet(moment, opportunity_id=record.id)
            else:
                self._meet(moment, record)
        elif kind == "activity":
            record.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=self._get_day(hours),
                user_id=self.salesman.id,
            )
        else:
            vals = {"date": moment}
            if kind == "note":
                vals["subtype_id"] = self.env.ref("mail.mt_note").id
            if kind == "call":
                call = self.env.ref("mail.mail_activity_data_call")
                vals["mail_activity_type_id"] = call.id
            message_type = {"email": "email", "note": "comment"}.get(
                kind, "notification"
            )
            self._write(record, 0, message_type, **vals)

    def _get_day(self, hours):
        """Return the day in Paris, where it is two hours later in summer; it is
        summer in all of these."""
        return (NOW + timedelta(hours=hours + 2)).date()

    def _recount(self, events, age, limit):
        """Return the state, the possible kinds and the days since, in plain Python."""
        today = NOW.date()
        kinds = {"email": "message", "call": "call", "meeting": "meeting"}
        past = [
            (hours, kinds[kind])
            for kind, hours in events
            if kind in kinds and hours <= 0
        ]
        is_planned = any(
            (kind == "activity" and self._get_day(hours) >= today)
            or (kind == "meeting" and hours > -1)
            for kind, hours in events
        )
        since, last_kinds, begun = None, {False}, today - timedelta(days=age)
        if past:
            latest = max(hours for hours, _kind in past)
            last_kinds = {kind for hours, kind in past if hours == latest}
            begun = self._get_day(latest)
            since = (today - begun).days
        if begun > today - timedelta(days=limit):
            state = "good"
        else:
            state = "planned" if is_planned else "neglected"
        return state, last_kinds, since
