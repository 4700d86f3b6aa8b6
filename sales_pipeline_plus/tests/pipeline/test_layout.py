import unittest

from odoo.tests import BaseCase, tagged

from ...models.pipeline.pipeline_layout import (
    Layouts,
    PipelineLayout,
    StageLine,
)

try:
    from hypothesis import given, settings
    from hypothesis import strategies as st
except ImportError:
    raise unittest.SkipTest("hypothesis is not installed") from None

TEAMS = st.sampled_from([False, 1, 2, 3])
COMPANIES = st.sampled_from([False, 1, 2])
STAGES = st.integers(1, 5)


@st.composite
def layouts(draw):
    """Any set-up of up to five pipelines."""
    pipelines = {}
    for pipeline_id in draw(st.lists(st.integers(1, 9), unique=True, max_size=5)):
        stage_ids = draw(st.lists(STAGES, unique=True, max_size=5))
        pipelines[pipeline_id] = PipelineLayout(
            id=pipeline_id,
            active=draw(st.booleans()),
            company_id=draw(COMPANIES) or None,
            team_ids=frozenset(draw(st.sets(st.integers(1, 3), max_size=2))),
            follow_odoo_stages=draw(st.booleans()),
            probability_method="stage",
            lines=tuple(
                StageLine(
                    id=10 * pipeline_id + stage_id,
                    stage_id=stage_id,
                    probability=10.0 * stage_id,
                    is_won=draw(st.booleans()),
                    team_ids=frozenset(draw(st.sets(st.integers(1, 3), max_size=1))),
                )
                for stage_id in stage_ids
            ),
        )
    choices = st.sampled_from([None, *pipelines])
    return Layouts(
        pipelines,
        {team: choice for team in (1, 2, 3) if (choice := draw(choices))},
        {company: choice for company in (1, 2) if (choice := draw(choices))},
    )


def may_enter(pipeline, team_id, company_id):
    """Read the rule word for word: active, of the company, of the team."""
    if not pipeline.active:
        return False
    if pipeline.company_id and pipeline.company_id != company_id:
        return False
    return not (pipeline.team_ids and team_id and team_id not in pipeline.team_ids)


def expect_default(setup, team_id, company_id):
    """Ask the team, the company, and for no company all companies in turn."""
    choices = [setup.team_defaults.get(team_id), setup.company_defaults.get(company_id)]
    if not company_id:
        choices += setup.company_defaults.values()
    for choice in choices:
        pipeline = setup.pipelines.get(choice)
        if not pipeline or not may_enter(pipeline, team_id, company_id):
            continue
        if [line for line in pipeline.lines if not line.is_won]:
            return pipeline
    return None


@tagged("post_install", "-at_install")
class TestLayout(BaseCase):
    """The choice of a pipeline, against a slow and simple reading of its rules."""

    @settings(derandomize=True, database=None, deadline=None, max_examples=300)
    @given(layouts(), TEAMS, COMPANIES)
    def test_default(self, setup, team_id, company_id):
        found = setup.get_default(team_id, company_id)
        self.assertEqual(found, expect_default(setup, team_id, company_id))

    @settings(derandomize=True, database=None, deadline=None, max_examples=300)
    @given(layouts(), TEAMS, COMPANIES, st.integers(0, 9), st.one_of(st.none(), STAGES))
    def test_find(self, setup, team_id, company_id, current_id, stage_id):
        found = setup.find(team_id, company_id, current_id, stage_id)
        default = expect_default(setup, team_id, company_id)
        current = setup.pipelines.get(current_id)
        if current:
            # Archived or not, it is kept wherever its limits allow it.
            if may_enter(current._replace(active=True), team_id, company_id):
                self.assertEqual(found, current)
                return
        fitting = [
            pipeline
            for pipeline in setup.pipelines.values()
            if may_enter(pipeline, team_id, company_id)
            and stage_id in [line.stage_id for line in pipeline.lines]
        ]
        if not default:
            self.assertIsNone(found)
        elif not stage_id or not fitting or default in fitting:
            self.assertEqual(found, default)
        else:
            self.assertEqual(found, min(fitting, key=lambda pipeline: pipeline.id))

    @settings(derandomize=True, database=None, deadline=None, max_examples=100)
    @given(layouts(), TEAMS, STAGES)
    def test_stages(self, setup, team_id, stage_id):
        for pipeline in setup.pipelines.values():
            line = pipeline.get_line(stage_id)
            in_pipeline = [line.stage_id for line in pipeline.lines]
            self.assertEqual(line is not None, stage_id in in_pipeline)
            shown = pipeline.get_stage_ids(team_id)
            self.assertEqual(shown, [s for s in in_pipeline if s in shown])
            if not pipeline.follow_odoo_stages:
                self.assertEqual(shown, in_pipeline)
            elif line:
                self.assertEqual(
                    stage_id in shown, not line.team_ids or team_id in line.team_ids
                )
