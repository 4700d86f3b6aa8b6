from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common import PipelineCase

START = datetime(2026, 1, 5, 9, 0)


def day(number):
    return START + timedelta(days=number)


class PassageCase(PipelineCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.equipment + cls.spares).reopening_policy = "allowed"

    def setUp(self):
        super().setUp()
        self._on(0)

    def _on(self, number):
        """Let it be the day ``number`` from now on."""
        self.env.flush_all()
        self.env.cr.flush()
        patcher = patch.object(self.env.cr, "now", lambda: day(number))
        patcher.start()
        self.addCleanup(patcher.stop)

    def _get_passages(self, deals):
        return self.env["crm.lead.passage"].search(
            [("lead_id", "in", deals.ids)], order="lead_id, date_in, id"
        )

    def assertPassages(self, deal, *expected):
        """Check (stage, day in, day out or None, outcome) of all its passages."""
        self.env.flush_all()
        self.env.cr.flush()
        self.env.invalidate_all()
        passages = self._get_passages(deal)
        self.assertEqual(
            [(p.stage_id, p.date_in, p.date_out or None, p.outcome) for p in passages],
            [
                (stage, day(entered), None if left is None else day(left), outcome)
                for stage, entered, left, outcome in expected
            ],
        )
        return passages


@tagged("post_install", "-at_install")
class TestPassages(PassageCase):
    def test_moves(self):
        """Each stay with its facts, in one pipeline's own order."""
        deal = self._new_deal(
            self.equipment, self.qualified, date_deadline="2026-05-01"
        )
        self._on(4)
        deal.write({"stage_id": self.negotiation.id, "expected_revenue": 2000})
        self._on(10)
        deal.with_user(self.manager).stage_id = self.offer
        deal.date_deadline = "2026-06-01"
        self._on(11)
        deal.stage_id = self.won
        first, second, third, last = self.assertPassages(
            deal,
            (self.qualified, 0, 4, "forward"),
            (self.negotiation, 4, 10, "back"),
            (self.offer, 10, 11, "won"),
            (self.won, 11, None, "open"),
        )
        self.assertEqual(
            (first + second + third + last).mapped("next_stage_id"),
            self.negotiation + self.offer + self.won,
        )
        self.assertEqual(first.days, 4)
        self.assertEqual(
            (first.amount, second.amount, third.amount), (1234.56, 2000, 2000)
        )
        self.assertEqual(
            (first.probability, second.probability, last.probability), (10, 80, 100)
        )
        self.assertEqual(second.date_deadline.isoformat(), "2026-05-01")
        self.assertEqual(last.date_deadline.isoformat(), "2026-06-01")
        self.assertEqual(third.entered_by_id, self.manager)
        self.assertEqual(last.entered_by_id, self.salesman)
        for passage in first + second + third + last:
            self.assertEqual(
                (
                    passage.pipeline_id,
                    passage.pipeline_stage_id,
                    passage.user_id,
                    passage.team_id,
                    passage.company_id,
                    passage.currency_id,
                ),
                (
                    self.equipment,
                    self._line(self.equipment, passage.stage_id),
                    self.salesman,
                    self.equipment_team,
                    self.company,
                    self.company.currency_id,
                ),
            )
        self.assertEqual(
            (first + second + third).mapped("conversion_rate"), [100, 0, 100]
        )

    def test_order_of_the_pipeline(self):
        """Negotiation comes before the offer among the spare parts."""
        deal = self._new_deal(self.spares, self.negotiation)
        self._on(1)
        deal.stage_id = self.offer
        self.assertPassages(
            deal, (self.negotiation, 0, 1, "forward"), (self.offer, 1, None, "open")
        )

    def test_lost_and_restored(self):
        deal = self._new_deal(self.equipment, self.offer)
        self._on(3)
        deal.action_set_lost()
        passages = self.assertPassages(deal, (self.offer, 0, 3, "lost"))
        self.assertEqual((passages.loss_rate, passages.conversion_rate), (100, 0))
        self.assertFalse(passages.next_stage_id)
        self._on(8)
        deal.action_restore()
        self._on(9)
        deal.action_set_won()
        self.assertPassages(
            deal,
            (self.offer, 0, 3, "lost"),
            (self.offer, 8, 9, "won"),
            (self.won, 9, None, "open"),
        )

    def test_lost_on_every_path(self):
        paths = {
            "button": lambda deal: deal.action_set_lost(),
            "write": lambda deal: deal.write({"active": False, "probability": 0}),
            "two writes": lambda deal: (
                deal.write({"probability": 0}),
                deal.write({"active": False}),
            ),
        }
        for name, lose in paths.items():
            with self.subTest(name):
                self._on(0)
                deal = self._new_deal(self.equipment, self.offer)
                self._on(2)
                lose(deal)
                self.assertPassages(deal, (self.offer, 0, 2, "lost"))

    def test_archived_is_still_there(self):
        deal = self._new_deal(self.equipment, self.offer)
        self._on(2)
        deal.action_archive()
        self.assertPassages(deal, (self.offer, 0, None, "open"))

    def test_other_pipeline(self):
        deal = self._new_deal(self.equipment, self.offer)
        self._on(2)
        deal.write({"team_id": self.spares_team.id, "pipeline_id": self.spares.id})
        first, second = self.assertPassages(
            deal, (self.offer, 0, 2, "left"), (self.offer, 2, None, "open")
        )
        self.assertEqual(first.pipeline_id, self.equipment)
        self.assertEqual(second.pipeline_id, self.spares)
        self.assertEqual(second.probability, 75)

    def test_moved_by_the_team(self):
        """In a pipeline that follows Odoo's stages the team decides on it."""
        own = self.env["crm.stage"].create(
            {"name": "P. Own", "sequence": 1, "team_ids": self.equipment_team.ids}
        )
        odoo = self._new_pipeline(
            "As in Odoo",
            {own: 10, self.qualified: 20, self.won: 100},
            follow_odoo_stages=True,
        )
        self.env["crm.team"].search([]).pipeline_id = odoo
        deal = self._new_deal(stage=own)
        self.assertPassages(deal, (own, 0, None, "open"))
        self._on(2)
        deal.with_user(self.manager).write(
            {"team_id": self.spares_team.id, "user_id": self.colleague.id}
        )
        _first, second = self.assertPassages(
            deal, (own, 0, 2, "forward"), (self.qualified, 2, None, "open")
        )
        self.assertEqual(second.team_id, self.spares_team)

    def test_conversion(self):
        """A lead has no passage; the deal's begins with the conversion."""
        lead = self._new_deal(type="lead", team_id=self.equipment_team.id)
        self.assertPassages(lead)
        self._on(3)
        lead.with_user(self.manager).convert_opportunity(
            False, user_ids=self.salesman.ids, team_id=self.equipment_team.id
        )
        passage = self.assertPassages(lead, (lead.stage_id, 3, None, "open"))
        self.assertEqual(passage.user_id, self.salesman)
        self._on(4)
        lead.type = "lead"
        self.assertPassages(lead, (lead.stage_id, 3, 4, "left"))

    def test_merge(self):
        head = self._new_deal(self.equipment, self.negotiation)
        tail = self._new_deal(self.equipment, self.qualified)
        self._on(2)
        merged = (head + tail).with_user(self.manager).merge_opportunity()
        self.assertEqual(merged, head)
        self.assertPassages(merged, (self.negotiation, 0, None, "open"))
        self.assertFalse(self._get_passages(tail))

    def test_created_and_deleted(self):
        deal = self._new_deal(self.equipment, self.qualified)
        deal.sudo().unlink()
        self.env.cr.flush()
        self.assertFalse(self._get_passages(deal))

    def test_created_closed(self):
        lost = self._new_deal(
            self.equipment, self.offer, self.manager, active=False, probability=0
        )
        passage = self.assertPassages(lost, (self.offer, 0, 0, "lost"))
        self.env.cr.execute(
            "SELECT days FROM crm_lead_passage WHERE id = %s", (passage.id,)
        )
        self.assertEqual(self.env.cr.fetchall(), [(None,)])
        self.assertFalse(passage.is_path_known)
        won = self._new_deal(self.equipment, self.won)
        self._get_passages(won)
        self.assertPassages(won, (self.won, 0, None, "open"))

    def test_nothing_changed(self):
        deal = self._new_deal(self.equipment, self.offer)
        self._on(1)
        deal.write({"stage_id": self.offer.id, "probability": 42, "name": "Same"})
        self.assertPassages(deal, (self.offer, 0, None, "open"))

    def test_several_moves_in_a_transaction(self):
        """None is forgotten, and they are there as soon as someone reads them."""
        deal = self._new_deal(self.equipment, self.qualified)
        deal.stage_id = self.offer
        deal.stage_id = self.negotiation
        self.assertEqual(
            deal.passage_ids.sorted("id").mapped("outcome"),
            ["forward", "forward", "open"],
        )

    def test_rolled_back(self):
        deal = self._new_deal(self.equipment, self.qualified)
        self._on(1)
        with self.assertRaises(ValueError), self.env.cr.savepoint():
            deal.stage_id = self.offer
            raise ValueError
        self.assertPassages(deal, (self.qualified, 0, None, "open"))

    def test_form(self):
        deal = self._new_deal(self.equipment, self.qualified)
        self._on(1)
        with Form(deal) as form:
            form.stage_id = self.offer
        self.assertPassages(
            deal, (self.qualified, 0, 1, "forward"), (self.offer, 1, None, "open")
        )

    def test_batch(self):
        """Many moves are written together."""
        leads = self.env["crm.lead"].with_user(self.all_documents)
        values = self._prepare_deal(self.spares, user_id=self.all_documents.id)

        def count(number):
            deals = leads.create([dict(values) for _rank in range(number)])
            self._get_passages(deals)
            deals.stage_id = self.offer
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["crm.lead.passage"]._write_moves()
            self.env.flush_all()
            self.assertEqual(len(self._get_passages(deals)), 2 * number)
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertEqual(count(5), count(50))

    def test_roles(self):
        own = self._new_deal(self.equipment, self.qualified)
        other = self._new_deal(self.spares, self.qualified)
        other.action_set_lost()
        foreign = self._new_deal(
            user=self.foreigner,
            user_id=self.foreigner.id,
            team_id=self.foreign_team.id,
            company_id=self.other_company.id,
        )
        deals = own + other + foreign
        every = self._get_passages(deals.sudo())
        self.assertEqual(len(every), 3)
        for user, visible in (
            (self.salesman, own),
            (self.colleague, other),
            (self.all_documents, own + other),
            (self.manager, own + other),
            (self.foreigner, foreign),
        ):
            passages = self.env["crm.lead.passage"].with_user(user)
            found = passages.search([("id", "in", every.ids)])
            self.assertEqual(found.lead_id, visible, user.login)
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
                found[:1].days = 1
            with self.assertRaises(AccessError):
                found[:1].unlink()
            with self.assertRaises(AccessError):
                passages.create({"lead_id": own.id, "date_in": day(0)})

    def test_collaborator(self):
        deal = self._new_deal(self.equipment, self.qualified)
        passages = self.env["crm.lead.passage"].with_user(self.colleague)
        domain = [("lead_id", "=", deal.id)]
        self.assertFalse(passages.search(domain))
        deal.sudo().collaborator_ids = self.colleague
        self.assertEqual(len(passages.search(domain)), 1)

    def test_report(self):
        """Numbers, days and rates by stage, as the pivot reads them."""
        deals = self.env["crm.lead"]
        for _number in range(4):
            deals += self._new_deal(self.equipment, self.qualified)
        self._on(2)
        deals[:2].stage_id = self.offer
        self._on(4)
        deals[2].action_set_lost()
        rows = (
            self.env["crm.lead.passage"]
            .with_user(self.manager)
            ._read_group(
                [("lead_id", "in", deals.ids)],
                ["stage_id"],
                ["__count", "days:avg", "conversion_rate:avg", "loss_rate:avg"],
            )
        )
        found = {row[0]: row[1:] for row in rows}
        number, days, conversion, loss = found[self.qualified]
        self.assertEqual(number, 4)
        self.assertAlmostEqual(days, (2 + 2 + 4) / 3)
        self.assertAlmostEqual(conversion, 200 / 3)
        self.assertAlmostEqual(loss, 100 / 3)
        self.assertEqual(found[self.offer], (2, False, False, False))
        groups = self.env["crm.lead.passage"]._read_group(
            [("lead_id", "in", deals.ids)], ["lost_reason_id"], ["__count"]
        )
        self.assertEqual(groups[0][1], 6)


@tagged("post_install", "-at_install")
class TestPassageHistory(PassageCase):
    """The fill at installation, from what stock Odoo tracked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "mail_notrack": False})

    def _on(self, number):
        """Date the messages of the day that ends, and let the next one begin."""
        self.env.flush_all()
        self.env.cr.flush()
        self.env.cr.execute(
            """UPDATE mail_message SET date = %s
                WHERE id > %s AND model = 'crm.lead'
            RETURNING id""",
            (self.env.cr.now(), self.last_message_id),
        )
        ids = [message_id for (message_id,) in self.env.cr.fetchall()]
        self.last_message_id = max([self.last_message_id, *ids])
        return super()._on(number)

    def setUp(self):
        self.env.cr.execute("SELECT COALESCE(max(id), 0) FROM mail_message")
        self.last_message_id = self.env.cr.fetchone()[0]
        super().setUp()

    def _track(self, deal):
        return deal.with_context(mail_notrack=False)

    def _describe(self, deals):
        """All but who moved: Odoo logs a transaction in its first user's name."""
        return [
            (
                p.lead_id,
                p.pipeline_id,
                p.stage_id,
                p.pipeline_stage_id,
                p.date_in,
                p.date_out,
                p.days,
                p.outcome,
                p.next_stage_id,
                p.is_path_known,
                p.conversion_rate,
                p.loss_rate,
                p.amount,
                p.user_id,
                p.team_id,
                p.company_id,
            )
            for p in self._get_passages(deals)
        ]

    def _build(self):
        """A history on every path, as the web client would write it."""

        def new(*args, **vals):
            deal = self._track(self._new_deal(*args, **vals))
            self.env.flush_all()
            self.env.cr.flush()
            self.env.cr.execute(
                "UPDATE crm_lead SET create_date = %s WHERE id = %s",
                (self.env.cr.now(), deal.id),
            )
            deal.invalidate_recordset()
            return deal

        moved = new(self.equipment, self.qualified)
        lost = new(self.equipment, self.offer)
        restored = new(self.spares, self.negotiation)
        never = new(self.spares, self.offer)
        between = new(self.equipment, self.qualified)
        archived = new(self.equipment, self.qualified)
        lead = new(type="lead")
        deals = moved + lost + restored + never + between + archived + lead
        self._on(2)
        moved.write({"stage_id": self.negotiation.id, "expected_revenue": 5000})
        lost.stage_id = self.negotiation
        lead.with_user(self.manager).convert_opportunity(False)
        self._on(5)
        moved.with_user(self.manager).stage_id = self.offer
        restored.action_set_lost()
        between.with_user(self.manager).write(
            {
                "team_id": self.spares_team.id,
                "pipeline_id": self.spares.id,
                "user_id": self.colleague.id,
            }
        )
        archived.action_archive()
        self._on(9)
        moved.expected_revenue = 7000
        lost.action_set_lost()
        restored.action_restore()
        lead.sudo().stage_id = self.offer
        self._on(12)
        moved.action_set_won()
        restored.stage_id = self.offer
        self._on(20)
        self.env.invalidate_all()
        return deals

    def test_fill(self):
        """The fill finds what was written with the moves."""
        deals = self._build()
        self.assertFalse(self.env["crm.lead.passage"]._fill_from_history())
        written = self._describe(deals)
        self.assertEqual(len(written), 15)
        self._get_passages(deals).sudo().unlink()
        self.env["crm.lead.passage"].sudo()._fill_from_history()
        for found, expected in zip(self._describe(deals), written, strict=True):
            self.assertEqual(found, expected)

    def test_fill_once(self):
        deals = self._build()
        passages = self._get_passages(deals)
        self.env["crm.lead.passage"].sudo()._fill_from_history()
        self.assertEqual(self._get_passages(deals), passages)

    def test_fill_without_tracking(self):
        """Closed deals that were never tracked: the stage of the end is known only."""
        deals = self.env["crm.lead"]
        for stage, vals in (
            (self.offer, {"active": False, "probability": 0}),
            (self.won, {}),
        ):
            deals += self._new_deal(self.equipment, stage, self.manager, **vals)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET create_date = %s, date_closed = %s WHERE id IN %s",
            (day(0), day(30), tuple(deals.ids)),
        )
        self.env.invalidate_all()
        self._get_passages(deals).sudo().unlink()
        self.env["crm.lead.passage"].sudo()._fill_from_history()
        self.assertPassages(deals[0], (self.offer, 30, 30, "lost"))
        self.assertPassages(deals[1], (self.won, 30, None, "open"))
        self.env.cr.execute(
            "SELECT days, conversion_rate, loss_rate, is_path_known "
            "FROM crm_lead_passage WHERE lead_id IN %s",
            (tuple(deals.ids),),
        )
        self.assertEqual(self.env.cr.fetchall(), [(None, None, None, False)] * 2)
