from odoo.exceptions import AccessError
from odoo.tests import Form

from ..common import PipelineCase

SPINDLE = {"name": "aaaa", "string": "Spindle", "type": "char"}
POWER = {"name": "bbbb", "string": "Power", "type": "integer", "default": 11}
COLOUR = {
    "name": "cccc",
    "string": "Colour",
    "type": "selection",
    "selection": [["r", "Red"], ["b", "Blue"]],
}
CUSTOMS = {"name": "dddd", "string": "Customs", "type": "boolean"}
SPARE_COLOUR = {
    "name": "eeee",
    "string": "Colour",
    "type": "selection",
    "selection": [["1", "Blue"], ["2", "Green"]],
}


class TestPipelineProperties(PipelineCase):
    """Each pipeline has its own fields, kept when the opportunity moves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.equipment.lead_properties_definition = [SPINDLE, POWER, COLOUR]
        cls.spares.lead_properties_definition = [CUSTOMS, SPARE_COLOUR]
        cls.deal = cls._new_deal(cls.equipment, cls.offer, name="Lathe")
        cls.deal.pipeline_properties = {"aaaa": "A2-6", "bbbb": 22, "cccc": "b"}

    def _move(self, deal, pipeline, team):
        deal.with_user(self.manager).write(
            {"pipeline_id": pipeline.id, "team_id": team.id, "stage_id": self.offer.id}
        )
        self.assertStored()

    def assertStored(self):
        self.env.flush_all()
        self.env.invalidate_all()

    def assertProperties(self, deal, expected):
        self.assertStored()
        found = deal.read(["pipeline_properties"])[0]["pipeline_properties"]
        self.assertEqual(
            {p["string"]: p.get("value") or False for p in found}, expected
        )

    def test_defaults(self):
        given = self._new_deal(self.equipment, self.offer)
        by_team = self._new_deal()
        self.assertEqual(by_team.pipeline_id, self.equipment)
        for deal in (given, by_team):
            self.assertProperties(
                deal, {"Spindle": False, "Power": 11, "Colour": False}
            )

    def test_folded_away(self):
        """The form shows them where one is filled in."""
        self.assertEqual(self.deal.pipeline_properties_state, "filled")
        self.deal.pipeline_properties = {"aaaa": False, "bbbb": 0, "cccc": False}
        self.assertStored()
        self.assertEqual(self.deal.pipeline_properties_state, "empty")
        self.equipment.lead_properties_definition = []
        self.assertStored()
        self.assertEqual(self.deal.pipeline_properties_state, "none")

    def test_tracking(self):
        """Properties are tracked where somebody has defined some, and only there."""
        leads = self.env["crm.lead"]
        for pipelines, definition in ((self.equipment, [SPINDLE]), (self.spares, [])):
            pipelines.lead_properties_definition = definition
        self._assert_prepared({"pipeline_properties"})
        self.equipment_team.lead_properties_definition = [SPINDLE]
        self._assert_prepared({"lead_properties", "pipeline_properties"})
        self.equipment_team.lead_properties_definition = []
        for pipeline in self.env["crm.pipeline"].search([]):
            pipeline.lead_properties_definition = []
        self._assert_prepared(set())
        self.assertIn("pipeline_properties", leads._track_get_fields())

    def _assert_prepared(self, names):
        key = "mail.tracking.crm.lead"
        self.env.cr.precommit.data.pop(key, None)
        self.deal._track_prepare(self.deal._fields)
        prepared = self.env.cr.precommit.data.pop(key)[self.deal.id]
        self.assertEqual({name for name in prepared if "properties" in name}, names)

    def test_move_and_back(self):
        self._move(self.deal, self.spares, self.spares_team)
        self.assertProperties(self.deal, {"Customs": False, "Colour": "1"})
        self.deal.with_user(self.manager).pipeline_properties = {
            "dddd": True,
            "eeee": "2",
        }
        self._move(self.deal, self.equipment, self.equipment_team)
        # Green is not an option here: what it was before comes back.
        self.assertProperties(
            self.deal, {"Spindle": "A2-6", "Power": 22, "Colour": "b"}
        )
        self._move(self.deal, self.spares, self.spares_team)
        self.assertProperties(self.deal, {"Customs": True, "Colour": "1"})

    def test_emptied_elsewhere(self):
        """A property of both pipelines is one and the same."""
        self._move(self.deal, self.spares, self.spares_team)
        self.deal.with_user(self.manager).pipeline_properties = {"eeee": False}
        self._move(self.deal, self.equipment, self.equipment_team)
        self.assertProperties(
            self.deal, {"Spindle": "A2-6", "Power": 22, "Colour": False}
        )

    def test_move_by_the_wizard_and_in_the_form(self):
        move = (
            self.env["crm.pipeline.move"]
            .with_user(self.manager)
            .browse(
                self.env["crm.pipeline.move"]
                .with_user(self.manager)
                ._open(self.deal.with_user(self.manager), self.spares)["res_id"]
            )
        )
        move.action_move()
        self.assertEqual(self.deal.pipeline_id, self.spares)
        with Form(self.deal.with_user(self.manager)) as form:
            form.team_id = self.equipment_team
            form.pipeline_id = self.equipment
        self.assertProperties(
            self.deal, {"Spindle": "A2-6", "Power": 22, "Colour": "b"}
        )
        with Form(self.deal.with_user(self.manager)) as form:
            form.team_id = self.spares_team
            form.pipeline_id = self.spares
        self._move(self.deal, self.equipment, self.equipment_team)
        self.assertProperties(
            self.deal, {"Spindle": "A2-6", "Power": 22, "Colour": "b"}
        )

    def test_written_together_with_the_pipeline(self):
        """As the web client does, which sends what its form shows."""
        self.deal.with_user(self.manager).write(
            {
                "pipeline_id": self.spares.id,
                "team_id": self.spares_team.id,
                "pipeline_properties": [{**CUSTOMS, "value": True}],
            }
        )
        self.assertProperties(self.deal, {"Customs": True, "Colour": False})
        self._move(self.deal, self.equipment, self.equipment_team)
        self.assertProperties(
            self.deal, {"Spindle": "A2-6", "Power": 22, "Colour": "b"}
        )

    def test_copied_pipeline(self):
        """It has the same properties: their values go along."""
        copy = self.equipment.copy()
        self.assertEqual(
            copy.lead_properties_definition, self.equipment.lead_properties_definition
        )
        self._move(self.deal, copy, self.equipment_team)
        self.assertProperties(
            self.deal, {"Spindle": "A2-6", "Power": 22, "Colour": "b"}
        )

    def test_several_deals(self):
        other = self._new_deal(self.equipment, self.offer)
        other.pipeline_properties = {"aaaa": "B", "cccc": "r"}
        deals = self.deal + other
        self._move(deals, self.spares, self.spares_team)
        self.assertProperties(self.deal, {"Customs": False, "Colour": "1"})
        self.assertProperties(other, {"Customs": False, "Colour": False})
        self._move(deals, self.equipment, self.equipment_team)
        self.assertProperties(other, {"Spindle": "B", "Power": 11, "Colour": "r"})

    def test_deleted_property(self):
        self._move(self.deal, self.spares, self.spares_team)
        self.equipment.lead_properties_definition = [POWER]
        self._move(self.deal, self.equipment, self.equipment_team)
        self.assertProperties(self.deal, {"Power": 22})

    def test_search_and_group(self):
        other = self._new_deal(self.equipment, self.offer)
        other.pipeline_properties = {"aaaa": "B", "cccc": "r"}
        Leads = self.env["crm.lead"].with_user(self.salesman)
        self.assertEqual(
            Leads.search([("pipeline_properties.aaaa", "=", "A2-6")]), self.deal
        )
        groups = Leads.formatted_read_group(
            [("pipeline_id", "=", self.equipment.id)],
            ["pipeline_properties.cccc"],
            ["__count"],
        )
        self.assertEqual(
            {g["pipeline_properties.cccc"]: g["__count"] for g in groups},
            {"b": 1, "r": 1},
        )
        # What is kept for later is not found.
        self._move(self.deal, self.spares, self.spares_team)
        self.assertFalse(Leads.search([("pipeline_properties.aaaa", "=", "A2-6")]))

    def test_definition_is_the_managers(self):
        changed = [{**SPINDLE, "string": "Nose", "definition_changed": True}]
        with self.assertRaises(AccessError):
            self.deal.with_user(self.salesman).pipeline_properties = [
                dict(definition) for definition in changed
            ]
        with self.assertRaises(AccessError):
            self.equipment.with_user(self.all_documents).lead_properties_definition = []
        self.env.invalidate_all()
        self.assertEqual(self.equipment.lead_properties_definition[0], SPINDLE)
        self.deal.with_user(self.manager).pipeline_properties = changed
        self.assertEqual(self.equipment.lead_properties_definition[0]["string"], "Nose")

    def test_merge(self):
        other = self._new_deal(self.equipment, self.qualified)
        other.pipeline_properties = {"aaaa": "B", "cccc": "r"}
        self.deal.pipeline_properties = {"aaaa": False, "bbbb": 22, "cccc": "b"}
        merged = (self.deal + other).with_user(self.manager).merge_opportunity()
        self.assertEqual(merged, self.deal)
        self.assertProperties(merged, {"Spindle": "B", "Power": 22, "Colour": "b"})

    def test_new_attempt(self):
        self.deal.action_set_lost()
        action = self.deal.action_new_attempt()
        self.assertProperties(
            self.env["crm.lead"].browse(action["res_id"]),
            {"Spindle": "A2-6", "Power": 22, "Colour": "b"},
        )

    def test_export(self):
        self.salesman.group_ids += self.env.ref("base.group_allow_export")
        data = self.deal.export_data(["name", "pipeline_properties.aaaa"])
        self.assertEqual(data["datas"], [["Lathe", "A2-6"]])
