import random

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..common import ALL_DOCUMENTS, MANAGER, OWN_DOCUMENTS, PipelineCase

NOW = "2026-03-10 11:30:00"


@tagged("post_install", "-at_install")
class TestNextActionUsers(PipelineCase):
    """An activity counts if its user can do it: who is active and may open the deal,
    as Odoo's own rules say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].search([]).active = False
        cls.closed_company = cls.env["res.company"].create({"name": "Closed"})
        cls.companies = cls.company | cls.other_company | cls.closed_company
        everything = cls.env["res.company"].search([])
        groups = (OWN_DOCUMENTS, ALL_DOCUMENTS, MANAGER, "base.group_user")
        cls.users = cls.env["res.users"]
        for number, companies in enumerate(
            (
                cls.company,
                cls.other_company,
                cls.company | cls.other_company,
                cls.company | cls.closed_company,
                everything,
                everything - cls.closed_company,
            )
        ):
            for rank, group in enumerate(groups):
                user = cls._new_user(f"doer_{number}_{rank}", group, companies[0])
                user.company_ids = companies
                cls.users |= user
        cls.archived = cls._new_user("gone", MANAGER)
        cls.portal = cls._new_user("portal", "base.group_portal")
        cls.users |= cls.archived | cls.portal | cls.env.ref("base.user_root")

    def _can_do(self, user, deal):
        if user == self.env.ref("base.user_root"):
            return True
        companies = user.company_ids.filtered("active")
        reader = deal.with_user(user).with_context(allowed_company_ids=companies.ids)
        try:
            return user.active and bool(reader._filtered_access("read"))
        except AccessError:
            return False

    def test_random_users_and_deals(self):
        rng = random.Random(18)
        owners = [*self.users[:8], self.env["res.users"]]
        deals = self.env["crm.lead"].create(
            [
                self._prepare_deal(
                    self.equipment,
                    self.qualified,
                    name=f"Deal {number}",
                    team_id=False,
                    user_id=False,
                    company_id=rng.choice([False, *self.companies.ids]),
                )
                for number in range(len(self.users) * 6)
            ]
        )
        doers = {}
        for number, deal in enumerate(deals):
            doers[deal] = self.users[number % len(self.users)]
            helpers = rng.sample(self.users[:-1].ids, rng.choice([0, 0, 1, 12]))
            self.env.cr.execute(
                "UPDATE crm_lead SET user_id = %s WHERE id = %s",
                [rng.choice(owners).id or None, deal.id],
            )
            for helper in helpers:
                self.env.cr.execute(
                    "INSERT INTO crm_lead_collaborator_rel (lead_id, user_id)"
                    " VALUES (%s, %s)",
                    [deal.id, helper],
                )
        self.env["mail.activity"].create(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id("crm.lead"),
                    "res_id": deal.id,
                    "user_id": self.env.ref("base.user_root").id,
                    "date_deadline": "2026-03-12",
                }
                for deal in deals
            ]
        )
        for deal, doer in doers.items():
            self.env.cr.execute(
                "UPDATE mail_activity SET user_id = %s WHERE res_model = 'crm.lead'"
                " AND res_id = %s",
                [doer.id, deal.id],
            )
        self.archived.active = False
        self.env.cr.execute(
            "UPDATE res_company SET active = FALSE WHERE id = %s",
            [self.closed_company.id],
        )
        self.env.invalidate_all()
        self.env.registry.clear_cache()
        with freeze_time(NOW):
            expected = {
                deal: "planned" if self._can_do(doer, deal) else "missing"
                for deal, doer in doers.items()
            }
            self.assertEqual(set(expected.values()), {"planned", "missing"})
            wrong = [
                (
                    deal.next_action_state,
                    deal.company_id.name,
                    doers[deal].login,
                    doers[deal].company_ids.mapped("name"),
                )
                for deal in deals
                if deal.next_action_state != expected[deal]
            ]
            self.assertEqual(wrong, [])
            own = [("id", "in", deals.ids)]
            for state in ("planned", "missing"):
                self.assertEqual(
                    self.env["crm.lead"].search(
                        [*own, ("next_action_state", "=", state)]
                    ),
                    deals.filtered(
                        lambda deal, state=state: expected[deal] == state
                    ).sorted(),
                )
            groups = dict(
                self.env["crm.lead"]._read_group(
                    own, ["next_action_state"], ["__count"]
                )
            )
            self.assertEqual(
                groups,
                {
                    state: list(expected.values()).count(state)
                    for state in ("planned", "missing")
                },
            )

    def test_a_user_without_any_company(self):
        """A database may say so: deals of no company stay."""
        deals = self._new_deal(self.equipment, self.qualified) | self._new_deal(
            self.equipment, self.qualified, team_id=False, company_id=False
        )
        doer = self._new_user("nowhere", ALL_DOCUMENTS)
        for deal in deals:
            deal.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline="2026-03-12",
                user_id=doer.id,
            )
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM res_company_users_rel WHERE user_id = %s", [doer.id]
        )
        self.env.invalidate_all()
        with freeze_time(NOW):
            self.assertEqual(deals.mapped("next_action_state"), ["missing", "planned"])
