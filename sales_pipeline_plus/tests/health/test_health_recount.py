import random
from datetime import timedelta
from statistics import median

import pytz
from freezegun import freeze_time

from odoo.tests import tagged

from ...models.health.lamps import FIELD_OF
from .common import NOW, HealthCase

ZONES = ("Pacific/Niue", "UTC", "Pacific/Kiritimati")


@tagged("post_install", "-at_install")
@freeze_time(NOW)
class TestHealthRecount(HealthCase):
    """The lamps of many deals at random, counted again in plain Python."""

    def setUp(self):
        super().setUp()
        rng = random.Random(11)
        self.equipment.write({"health_step_days": 5, "health_contact_days": 12})
        self.spares.write({"health_pace": 3, "health_postponements": 1})
        for pipeline in (self.equipment, self.spares):
            for number in range(rng.randint(5, 9)):
                deal = self.env["crm.lead"].create(
                    self._prepare_deal(pipeline, self.won, name=f"W{number}")
                )
                self._stay(deal, rng.randint(1, 20), "forward")
        self.deals = self.env["crm.lead"].create(
            [
                self._prepare_deal(
                    rng.choice([self.equipment, self.spares]),
                    rng.choice([self.qualified, self.offer, self.won]),
                    user_id=self.all_documents.id,
                    name=f"D{number}",
                    date_deadline=rng.choice(
                        [False, "2026-03-09", "2026-03-10", "2026-03-11", "2026-04-01"]
                    ),
                    partner_id=rng.choice([False, self.people[3].id]),
                )
                for number in range(40)
            ]
        )
        for deal in self.deals:
            self._scatter(rng, deal)
        self.env.flush_all()
        self.env.invalidate_all()

    def _scatter(self, rng, deal):
        self._begin(deal, rng.randint(0, 50))
        for _time in range(rng.choice([0, 0, 1, 2])):
            day = NOW.date() + timedelta(days=rng.randint(-1, 8))
            self._plan(deal, day, self.all_documents)
        self._add_contacts(
            deal,
            *(
                rng.choice([None, self.user_role, self.decider])
                for _person in range(rng.randint(0, 3))
            ),
        )
        for _time in range(rng.choice([0, 0, 1, 2])):
            moment = NOW - timedelta(days=rng.randint(0, 40), hours=rng.randint(0, 23))
            self._log(
                deal,
                moment,
                rng.choice(["email", "comment", "notification", "email_outgoing"]),
                is_internal=rng.random() < 0.2,
            )
        for question in self.questions:
            if question.pipeline_id == deal.pipeline_id and rng.random() < 0.7:
                self.env["crm.lead.answer"].create(
                    {
                        "lead_id": deal.id,
                        "question_id": question.id,
                        "yes_no": rng.choice(["yes", "yes", "no", False]),
                    }
                )
        deal.sudo().write(
            {
                "postponement_count": rng.randint(0, 3),
                "is_slip_unknown": rng.random() < 0.2,
            }
        )

    def _recount(self, deal, zone):
        """Return the states of the lamps of a deal, from its records one by one."""
        if deal.won_status != "pending":
            return dict.fromkeys(FIELD_OF, False)
        pipeline = deal.pipeline_id

        def to_day(moment):
            return pytz.utc.localize(moment).astimezone(pytz.timezone(zone)).date()

        today = to_day(NOW)
        days = [activity.date_deadline for activity in deal.activity_ids]
        # An activity is overdue by the day of its user, in UTC here.
        is_planned = (
            days
            and min(days) >= NOW.date()
            and (min(days) - today).days <= pipeline.health_step_days
        )
        contacts = deal.contact_ids
        talks = [
            to_day(message.date)
            for message in deal.message_ids
            if message.date <= NOW
            and (
                message.message_type in ("email", "email_outgoing")
                or (
                    message.message_type == "comment"
                    and message.subtype_id == self.env.ref("mail.mt_comment")
                    and not message.is_internal
                )
            )
        ]
        first_day = today - timedelta(days=pipeline.health_contact_days)
        if talks:
            talked = "good" if max(talks) >= first_day else "weak"
        else:
            talked = "unknown" if to_day(deal.date_start) >= first_day else "weak"
        stays = [
            passage.days
            for passage in self.env["crm.lead.passage"].search([])
            if passage.pipeline_id == pipeline
            and passage.stage_id == deal.stage_id
            and passage.is_path_known
            and passage.date_out
            and passage.lead_id.won_status == "won"
        ]
        pace = "unknown"
        if len(stays) >= 5:
            since = NOW - deal.date_last_stage_update
            limit = pipeline.health_pace * max(median(stays), 1)
            pace = "weak" if since.total_seconds() / 86400 > limit else "good"
        date = deal.date_deadline
        if not date:
            steady = "unknown"
        elif date < today or deal.postponement_count >= pipeline.health_postponements:
            steady = "weak"
        else:
            steady = "unknown" if deal.is_slip_unknown else "good"
        answers = deal.answer_ids.filtered("yes_no")
        score = "unknown"
        if answers:
            yes = answers.filtered(lambda answer: answer.yes_no == "yes")
            score = "good" if 100 * len(yes) / 3 >= 50 else "weak"
        return {
            "next_step": "good" if is_planned else "weak",
            "decision_maker": "good" if self.decider in contacts.role_ids else "weak",
            "contacts": "good" if len(contacts) >= 2 else "weak",
            "last_contact": talked,
            "pace": pace,
            "date": steady,
            "score": score,
        }

    def test_property_as_recounted_searched_sorted_and_grouped(self):
        for zone in ZONES:
            leads = self.env["crm.lead"].with_user(self.all_documents)
            leads = leads.with_context(tz=zone)
            deals = leads.browse(self.deals.ids)
            expected = {deal: self._recount(deal.sudo(), zone) for deal in deals}
            seen = set()
            for lamp, name in FIELD_OF.items():
                for deal, states in expected.items():
                    self.assertEqual(deal[name], states[lamp], (zone, lamp))
                    seen.add((lamp, states[lamp]))
                for state in ("good", "weak", "unknown", False):
                    found = leads.search([(name, "=", state), ("id", "in", deals.ids)])
                    self.assertEqual(
                        set(found),
                        {deal for deal in deals if expected[deal][lamp] == state},
                    )
                groups = leads._read_group(
                    [("id", "in", deals.ids)], [name], ["id:array_agg"]
                )
                for state, ids in groups:
                    self.assertEqual(
                        set(ids),
                        {
                            deal.id
                            for deal in deals
                            if expected[deal][lamp] == (state or False)
                        },
                    )
            self.assertLessEqual(
                {
                    (lamp, state)
                    for lamp in FIELD_OF
                    for state in ("good", "weak", False)
                },
                seen,
            )
            counts = {
                deal: list(states.values()).count("weak")
                for deal, states in expected.items()
            }
            for deal, count in counts.items():
                self.assertEqual(deal.health_weak_count, count)
            for limit in range(8):
                found = leads.search(
                    [("health_weak_count", ">=", limit), ("id", "in", deals.ids)]
                )
                self.assertLessEqual(
                    {deal for deal in deals if limit and counts[deal] >= limit},
                    set(found),
                )
                if limit:
                    self.assertTrue(all(counts[deal] >= limit for deal in found))
            in_order = leads.search(
                [("id", "in", deals.ids), ("deal_status", "in", ["open", "late"])],
                order="health_weak_count desc, id",
            )
            self.assertEqual(
                [deal.health_weak_count for deal in in_order],
                sorted((counts[deal] for deal in in_order), reverse=True),
            )
