from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..common import PipelineCase
from .common import ShareMixin


@tagged("post_install", "-at_install")
class TestShares(ShareMixin, PipelineCase):
    """Who has how much of a deal, however it is changed, and who may change it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._turn_on()
        cls.deal = cls._new_deal(cls.equipment, cls.offer)
        cls.nobody = cls.env["res.users"]

    def _give(self, user, deal=None, **vals):
        return (
            self.env["crm.lead.share"]
            .with_user(user)
            .create({"lead_id": (deal or self.deal).id, **vals})
        )

    def test_off_by_default(self):
        company = self.env["res.company"].create({"name": "New one"})
        self.assertFalse(company.uses_deal_shares)
        self.company.uses_deal_shares = False
        with (
            self.assertRefused(UserError, "Deal", "Shares", "Tartempion"),
            self.env.cr.savepoint(),
        ):
            self._share(self.deal, {self.colleague: 40})
        self.assertFalse(self.deal.is_share_shown)

    def test_rest_is_the_owners(self):
        self._share(self.deal, {self.colleague: 40}, self.salesman)
        self.assertShares(self.deal, {self.salesman: 60, self.colleague: 40})
        self._share(self.deal, {self.manager: 33.33}, self.salesman)
        self.assertShares(
            self.deal,
            {self.salesman: 26.67, self.colleague: 40, self.manager: 33.33},
        )
        share = self.deal.share_ids.filtered(lambda one: one.user_id == self.colleague)
        share.with_user(self.salesman).percentage = 66.67
        self.assertShares(self.deal, {self.colleague: 66.67, self.manager: 33.33})
        share.with_user(self.salesman).unlink()
        self.assertShares(self.deal, {self.salesman: 66.67, self.manager: 33.33})

    def test_number_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self._share(self.deal, {self.colleague: 33.3}, self.salesman)
        share = self.deal.share_ids.filtered(lambda one: one.user_id == self.colleague)
        self.assertIn("33.3 %", share.display_name)
        self.assertIn("33,3 %", share.with_context(lang="fr_FR").display_name)

    def test_form(self):
        with Form(self.deal.with_user(self.salesman)) as form:
            form.collaborator_ids.add(self.colleague)
            with form.share_ids.new() as line:
                line.user_id = self.colleague
                line.percentage = 25
            self.assertEqual(len(form.share_ids), 2)
        self.assertShares(self.deal, {self.salesman: 75, self.colleague: 25})

    def test_all_given(self):
        """Whole sets are taken as they are, and refused unless they add up."""
        self.deal.collaborator_ids = self.colleague
        lines = [(self.salesman, 10), (self.colleague, 90)]
        self.deal.share_ids = [
            Command.create({"user_id": user.id, "percentage": percentage})
            for user, percentage in lines
        ]
        self.assertShares(self.deal, dict(lines))
        other = self._new_deal(self.equipment, collaborator_ids=self.colleague.ids)
        for percentages in ((50, 40), (60, 50), (100, 0)):
            with (
                self.assertRefused(ValidationError, "Deal", "Shares"),
                self.env.cr.savepoint(),
            ):
                other.share_ids = [
                    Command.create({"user_id": user.id, "percentage": percentage})
                    for (user, _), percentage in zip(lines, percentages, strict=True)
                ]
        junk = (float("nan"), "nan", "inf", "ten", [1])
        for percentage in (-1, 0, 100.01, *junk):
            with (
                self.assertRefused(ValidationError, "Deal", "Shares", "colleague"),
                self.env.cr.savepoint(),
            ):
                self._give(
                    self.manager,
                    other,
                    user_id=self.colleague.id,
                    percentage=percentage,
                )
        self.assertShares(other, {})

    def test_only_members(self):
        with self.assertRefused(ValidationError, "pipeline_colleague", "Deal", "Coll"):
            self._give(self.manager, user_id=self.colleague.id, percentage=10)

    def test_once(self):
        self._share(self.deal, {self.colleague: 40})
        with self.assertRefused(ValidationError, "Deal", "pipeline_colleague"):
            self._give(self.manager, user_id=self.colleague.id, percentage=10)

    def test_no_records(self):
        """What another program may send as a salesperson or an opportunity."""
        shares = self.env["crm.lead.share"].with_user(self.manager)
        self.deal.collaborator_ids = self.colleague
        for name, value in (
            ("user_id", [self.colleague.id]),
            ("user_id", "7"),
            ("lead_id", [self.deal.id]),
            ("lead_id", {}),
        ):
            vals = {
                "lead_id": self.deal.id,
                "user_id": self.colleague.id,
                "percentage": 10,
            }
            with self.assertRefused(UserError, name):
                shares.create([vals, {**vals, name: value}])
        self.assertShares(self.deal, {})

    def test_creation_and_import(self):
        deal = self._new_deal(
            self.equipment,
            user=self.salesman,
            collaborator_ids=self.colleague.ids,
            share_ids=[
                Command.create({"user_id": self.colleague.id, "percentage": 20})
            ],
        )
        self.assertShares(deal, {self.salesman: 80, self.colleague: 20})
        result = (
            self.env["crm.lead"]
            .with_user(self.manager)
            .load(
                [
                    *("name", "type", "user_id/.id", "collaborator_ids/.id"),
                    *("share_ids/user_id/.id", "share_ids/percentage"),
                ],
                [
                    [
                        "Imported",
                        "opportunity",
                        str(self.salesman.id),
                        str(self.colleague.id),
                        str(self.colleague.id),
                        "35.5",
                    ]
                ],
            )
        )
        self.assertFalse(result["messages"])
        imported = self.env["crm.lead"].browse(result["ids"])
        self.assertShares(imported, {self.salesman: 64.5, self.colleague: 35.5})

    def test_owner_changes(self):
        self._share(self.deal, {self.colleague: 40})
        self.deal.with_user(self.manager).user_id = self.manager
        self.assertShares(self.deal, {self.manager: 60, self.colleague: 40})
        self.deal.with_user(self.manager).user_id = self.colleague
        self.assertShares(self.deal, {self.colleague: 100})

    def test_owner_who_stays_a_collaborator(self):
        self._share(self.deal, {self.colleague: 40})
        self.deal.with_user(self.manager).write(
            {
                "user_id": self.manager.id,
                "collaborator_ids": [Command.link(self.salesman.id)],
            }
        )
        self.assertShares(self.deal, {self.manager: 60, self.colleague: 40})

    def test_many_at_once(self):
        """As many queries for twenty as for two hundred."""
        counts = []
        for number in (20, 200):
            deals = self.env["crm.lead"].create(
                [
                    self._prepare_deal(
                        self.equipment,
                        collaborator_ids=self.colleague.ids,
                        share_ids=[
                            Command.create(
                                {"user_id": self.colleague.id, "percentage": 20}
                            )
                        ],
                    )
                    for _rank in range(number)
                ]
            )
            self.env.flush_all()
            self.env.cr.flush()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            deals.with_user(self.manager).user_id = self.manager
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertShares(deals[-1], {self.manager: 80, self.colleague: 20})
        self.assertLessEqual(counts[1], counts[0] + 10)

    def test_nobody(self):
        self._share(self.deal, {self.colleague: 40})
        self.deal.with_user(self.manager).user_id = False
        self.assertShares(self.deal, {self.nobody: 60, self.colleague: 40})
        self.deal.with_user(self.manager).user_id = self.salesman
        self.assertShares(self.deal, {self.salesman: 60, self.colleague: 40})

    def test_collaborator_leaves(self):
        self._share(self.deal, {self.colleague: 40, self.manager: 10})
        self.deal.with_user(self.colleague).action_stop_collaborating()
        self.assertShares(self.deal, {self.salesman: 90, self.manager: 10})

    def test_archived_collaborator_keeps_it(self):
        self._share(self.deal, {self.colleague: 40})
        self.colleague.active = False
        self.deal.with_user(self.manager).user_id = self.manager
        self.assertShares(self.deal, {self.manager: 60, self.colleague: 40})

    def test_won(self):
        """What was won stays with who had it, unless a sales manager says so."""
        self._share(self.deal, {self.colleague: 40})
        self.deal.action_set_won()
        own = self.deal.with_user(self.salesman)
        for vals in (
            {"share_ids": [Command.clear()]},
            {
                "share_ids": [
                    Command.update(self.deal.share_ids[0].id, {"percentage": 1})
                ]
            },
        ):
            with (
                self.assertRefused(AccessError, "Deal", "Shares"),
                self.env.cr.savepoint(),
            ):
                own.write(vals)
        self.deal.with_user(self.manager).write(
            {
                "user_id": self.all_documents.id,
                "collaborator_ids": [Command.unlink(self.colleague.id)],
            }
        )
        kept = {self.salesman: 60, self.colleague: 40}
        self.assertShares(self.deal, kept)
        share = self.deal.sudo().share_ids.filtered(lambda one: one.percentage == 40)
        self.deal.with_user(self.manager).share_ids = [
            Command.update(share.id, {"percentage": 50}),
            Command.update((self.deal.sudo().share_ids - share).id, {"percentage": 50}),
        ]
        self.assertShares(self.deal, dict.fromkeys(kept, 50))
        self.assertIn("Shares:", self.deal.sudo().message_ids[0].body)
        # Open again it is its salesperson's and its collaborators'.
        self.deal.with_user(self.manager).stage_id = self.offer
        self.assertShares(self.deal, {self.all_documents: 100})

    def test_lost_and_reopened(self):
        self._share(self.deal, {self.colleague: 40})
        self.deal.action_set_lost()
        self.deal.with_user(self.manager).user_id = self.manager
        self.assertShares(self.deal, {self.salesman: 60, self.colleague: 40})
        self.deal.with_user(self.manager).action_restore()
        self.assertShares(self.deal, {self.manager: 60, self.colleague: 40})

    def test_who_may(self):
        self._share(self.deal, {self.colleague: 40}, self.salesman)
        theirs = self.deal.share_ids.filtered(lambda one: one.user_id == self.colleague)
        for user in (self.colleague, self.all_documents):
            self.assertEqual(
                self.deal.with_user(user).share_ids.mapped("percentage"),
                self.deal.share_ids.mapped("percentage"),
            )
            self.assertFalse(self.deal.with_user(user).is_share_editable)
            for name, arguments in (
                ("write", [{"percentage": 90}]),
                ("unlink", []),
            ):
                with (
                    self.assertRefused(AccessError, "Deal", "Shares"),
                    self.env.cr.savepoint(),
                ):
                    getattr(theirs.with_user(user), name)(*arguments)
            with (
                self.assertRefused(AccessError, "Deal", "Shares"),
                self.env.cr.savepoint(),
            ):
                self.deal.with_user(user).share_ids = [Command.clear()]
        hidden = self._new_deal(self.equipment)
        with self.assertRaises(AccessError):
            self._give(self.colleague, hidden, user_id=self.salesman.id, percentage=100)
        for user in (self.salesman, self.manager):
            self.assertTrue(self.deal.with_user(user).is_share_editable)
        self.assertFalse(
            self.env["crm.lead.share"].with_user(self.foreigner).search([])
        )

    def test_another_deals_line(self):
        """A line goes nowhere else, by whatever command."""
        self._share(self.deal, {self.colleague: 40})
        mine = self._new_deal(self.equipment, user=self.colleague, user_id=False)
        mine = mine.with_user(self.manager)
        mine.user_id = self.colleague
        line = self.deal.share_ids[0]
        for command in (
            Command.link(line.id),
            Command.set(line.ids),
            Command.update(line.id, {"lead_id": mine.id}),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                mine.with_user(self.colleague).share_ids = [command]
        with self.assertRaises(UserError):
            line.with_user(self.manager).lead_id = mine
        self.assertShares(self.deal, {self.salesman: 60, self.colleague: 40})

    def test_merge(self):
        other = self._new_deal(self.equipment, self.negotiation)
        self._share(self.deal, {self.colleague: 40})
        survivor = (self.deal | other).with_user(self.manager).merge_opportunity()
        self.assertShares(survivor, {self.salesman: 60, self.colleague: 40})

    def test_copy(self):
        """What is agreed about one deal is not about the next one."""
        self._share(self.deal, {self.colleague: 40})
        self.assertShares(self.deal.with_user(self.manager).copy(), {})

    def test_convert(self):
        lead = self._new_deal(user=self.manager, type="lead", user_id=self.salesman.id)
        self._share(lead, {self.colleague: 30})
        lead.with_user(self.manager).convert_opportunity(
            self.env["res.partner"], user_ids=self.all_documents.ids
        )
        self.assertShares(lead, {self.all_documents: 70, self.colleague: 30})

    def test_turned_off_later(self):
        """Shares stay; they can be taken away, and no new ones be given."""
        self._share(self.deal, {self.colleague: 40})
        self.company.uses_deal_shares = False
        self.env.invalidate_all()
        self.assertTrue(self.deal.is_share_shown)
        self.assertFalse(self.deal.is_share_editable)
        self.deal.with_user(self.manager).user_id = self.manager
        self.assertShares(self.deal, {self.manager: 60, self.colleague: 40})
        self.deal.with_user(self.manager).share_ids = [Command.clear()]
        self.assertShares(self.deal, {})

    def test_settings(self):
        settings = self.env["crm.pipeline.settings"].with_user(self.manager)
        self.company.uses_deal_shares = False
        with Form(settings) as form:
            form.uses_deal_shares = True
        form.record.action_save()
        self.assertTrue(self.company.uses_deal_shares)

    def test_nothing_is_asked_without_shares(self):
        """Deals that are not shared are written as they were before."""
        self.env.flush_all()
        shares = self.env["crm.lead.share"]
        self.assertFalse(shares._are_there())
        self.deal.read(["user_id", "stage_id"])
        with self._watch() as queries:
            self.deal.with_user(self.manager).write(
                {"user_id": self.manager.id, "stage_id": self.negotiation.id}
            )
            self.env.flush_all()
        self.assertTrue(queries)
        self.assertFalse([query for query in queries if "crm_lead_share" in query])
