from odoo import models
from odoo.exceptions import UserError
from odoo.orm.model_classes import add_to_registry
from odoo.tests import tagged

from ..common import PipelineCase

WITNESS = "crm.lead.concern.witness"
NOBODY = "Nobody refers to anybody."


@tagged("post_install", "-at_install")
class TestChange(PipelineCase):
    """The one place that sees deals change, with a concern of another addon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seen = []

        class CrmLeadConcernWitness(models.AbstractModel):
            _module = None
            _name = WITNESS
            _inherit = "crm.lead.concern"
            _description = "Tells What It Sees"

            def _get_watched_fields(self):
                return {"referred", "stage_id", "user_id", "team_id"}

            def _complete_create(self, change, vals_list):
                return [{"referred": "Unknown", **vals} for vals in vals_list]

            def _complete_write(self, change, vals):
                if vals.get("referred") == "me":
                    return dict(vals, referred=self.env.user.name)
                return vals

            def _check(self, change):
                if "nobody" in change.leads.mapped("referred"):
                    raise UserError(NOBODY)

            def _record(self, change):
                cls.seen.append(
                    {
                        lead.id: {
                            name
                            for name in self._get_watched_fields()
                            if change.has_changed(lead, name)
                        }
                        for lead in change.leads
                    }
                )

        class CrmLead(models.Model):
            _module = None
            _inherit = "crm.lead"

            def _get_concerns(self):
                return [*super()._get_concerns(), WITNESS]

        for name in (WITNESS, "crm.lead"):
            cls._restore(name)
        add_to_registry(cls.registry, CrmLeadConcernWitness)
        add_to_registry(cls.registry, CrmLead)
        cls.registry._setup_models__(cls.env.cr, ["crm.lead", WITNESS])

    @classmethod
    def _restore(cls, name):
        model = cls.registry.get(name)

        def restore():
            if model is None:
                del cls.registry[name]
            else:
                model._base_classes__ = bases
            cls.registry._setup_models__(cls.env.cr, ["crm.lead"])

        bases = model is not None and model._base_classes__
        cls.addClassCleanup(restore)

    def setUp(self):
        super().setUp()
        self.deals = self._new_deal(self.equipment) + self._new_deal(self.equipment)
        self.env.flush_all()
        self.seen.clear()

    def test_creation(self):
        deals = (
            self.env["crm.lead"]
            .with_user(self.salesman)
            .create([self._prepare_deal(self.equipment) for _number in range(3)])
        )
        self.assertEqual(set(deals.mapped("referred")), {"Unknown"})
        names = {"referred", "stage_id", "user_id", "team_id"}
        self.assertEqual(self.seen, [dict.fromkeys(deals.ids, names)])
        with self.assertRefused(UserError, NOBODY):
            self._new_deal(self.equipment, referred="nobody")

    def test_write(self):
        self.deals[0].stage_id = self.offer
        self.seen.clear()
        self.deals.write({"stage_id": self.offer.id, "referred": "me"})
        self.assertEqual(set(self.deals.mapped("referred")), {self.salesman.name})
        self.assertEqual(
            self.seen,
            [
                {
                    self.deals[0].id: {"referred"},
                    self.deals[1].id: {"referred", "stage_id"},
                }
            ],
        )

    def test_what_it_computes(self):
        """A change of the salesperson is seen with the team that follows from it."""
        self.deals.with_user(self.manager).user_id = self.manager
        self.assertEqual(self.seen[0][self.deals[0].id], {"user_id"})
        self.seen.clear()
        self.deals.sudo().write({"user_id": self.foreigner.id})
        self.assertIn("user_id", self.seen[0][self.deals[0].id])

    def test_computed_by_others(self):
        """A stored field that is computed anew without a write is seen in the end."""
        self.env.cr.flush()
        self.seen.clear()
        other = self.foreign_team

        def compute(leads):
            for lead in leads:
                lead.team_id = other if lead in self.deals else lead.team_id

        self.equipment.team_ids = False
        self.patch(self.registry["crm.lead"], "_compute_team_id", compute)
        self.env.add_to_compute(self.deals._fields["team_id"], self.deals)
        self.env.flush_all()
        self.env.cr.flush()
        self.assertEqual(self.deals.team_id, other)
        self.assertIn(dict.fromkeys(self.deals.ids, {"team_id"}), self.seen)

    def test_refused(self):
        with self.assertRefused(UserError, NOBODY), self.env.cr.savepoint():
            self.deals.write({"referred": "nobody"})
        self.assertEqual(self.seen, [])

    def test_what_concerns_nobody(self):
        self.deals.write({"color": 3})
        self.assertEqual(self.seen, [])

    def test_every_concern_is_there(self):
        for name in self.env["crm.lead"]._get_concerns():
            self.assertIn(name, self.env)
        listed = set(self.env["crm.lead"]._get_concerns())
        known = {
            name for name in self.env.registry if name.startswith("crm.lead.concern.")
        }
        self.assertEqual(known, listed)
