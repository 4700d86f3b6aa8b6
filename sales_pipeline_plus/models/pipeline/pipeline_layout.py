"""The set-up of all pipelines as plain values, without any record.

The layout answers, without a query, what every write of an opportunity asks: which
pipeline does this team use, which stages does that pipeline have and in which order,
what is the probability there. :meth:`crm.pipeline._get_layout` builds and caches it.
"""

from typing import NamedTuple


class StageLine(NamedTuple):
    """One stage of one pipeline; ``probability`` is a percentage from 0 to 100.

    The required and recommended fields and the minimum score are those of this stage
    and of all before it.
    """

    id: int
    stage_id: int
    probability: float
    is_won: bool
    team_ids: frozenset
    required_fields: tuple = ()
    recommended_fields: tuple = ()
    minimum_score: float = 0.0
    limit_days: int = 0
    entry_policy: str = "everybody"
    entry_group_id: int | None = None
    entry_approval: bool = False

    def is_open_to(self, team_id):
        """Tell whether Odoo's own team limit of the stage lets ``team_id`` use it."""
        return not self.team_ids or team_id in self.team_ids


class PipelineLayout(NamedTuple):
    """One pipeline; ``lines`` are in the pipeline's own order."""

    id: int
    active: bool
    company_id: int | None
    team_ids: frozenset
    follow_odoo_stages: bool
    probability_method: str
    lines: tuple
    reopening_policy: str = "allowed"
    lost_reason_required: bool = False
    property_names: frozenset = frozenset()
    rule_events: frozenset = frozenset()
    next_action_policy: str = "off"
    home_company_ids: frozenset = frozenset()
    has_questions: bool = False
    quotation_policy: str = "off"
    call_cadence: tuple = ()

    @property
    def can_start(self):
        """Whether a new opportunity has an open stage to start in."""
        return self.active and any(not line.is_won for line in self.lines)

    def is_open_to(self, team_id, company_id):
        """Tell whether an opportunity of that team and company may be in here."""
        return self.company_id in (None, company_id) and (
            not self.team_ids or not team_id or team_id in self.team_ids
        )

    def is_usable(self, team_id, company_id):
        """Tell whether a new opportunity of that team and company may enter here."""
        return self.active and self.is_open_to(team_id, company_id)

    def get_line(self, stage_id):
        """Return the line of ``stage_id``, or None if the stage is not part of it."""
        return next((line for line in self.lines if line.stage_id == stage_id), None)

    def get_next_line(self, stage_id):
        """Return the line after the one of ``stage_id``, or None."""
        stage_ids = [line.stage_id for line in self.lines]
        if stage_id not in stage_ids:
            return None
        return next(iter(self.lines[stage_ids.index(stage_id) + 1 :]), None)

    def get_stage_ids(self, team_id):
        """Return the stage ids that ``team_id`` sees, in the pipeline's order.

        A pipeline that follows Odoo's stages keeps Odoo's rule that a stage with sales
        teams is for those teams only; elsewhere the pipeline alone decides.
        """
        return [
            line.stage_id
            for line in self.lines
            if not self.follow_odoo_stages or line.is_open_to(team_id)
        ]


class Layouts(NamedTuple):
    """All pipelines by id, in their order, and the ones that teams and companies chose
    for their new opportunities; ``has_team_properties`` tells whether any team defines
    properties of its leads, ``won_by_stage`` whether each stage is won,
    ``shared_stage_ids`` are those of no team, in Odoo's order, ``marks_customers``
    tells whether any company has a tag for new customers.
    """

    pipelines: dict
    team_defaults: dict
    company_defaults: dict
    has_team_properties: bool = False
    won_by_stage: dict = {}
    shared_stage_ids: tuple = ()
    marks_customers: bool = False

    @property
    def required_fields(self):
        """The names of all fields that some stage of some pipeline requires."""
        return frozenset(
            name
            for layout in self.pipelines.values()
            for line in layout.lines[-1:]
            for name in line.required_fields
        )

    def get_default(self, team_id, company_id, working_company_id=None):
        """Return the layout that new opportunities get, or None.

        The team's choice comes first, then the company's. Nothing else is a default:
        not the newest pipeline, nor the only one.

        :param working_company_id: whose choice counts for an opportunity of no company
        """
        chosen = [
            self.team_defaults.get(team_id),
            self.company_defaults.get(company_id or working_company_id),
        ]
        if not company_id:
            chosen.extend(self.company_defaults.values())
        for pipeline_id in chosen:
            layout = self.pipelines.get(pipeline_id)
            if layout and layout.can_start and layout.is_usable(team_id, company_id):
                return layout
        return None

    def get_usable(self, team_id, company_id):
        """Return the layouts that may be entered, the oldest one first."""
        return [
            self.pipelines[pipeline_id]
            for pipeline_id in sorted(self.pipelines)
            if self.pipelines[pipeline_id].is_usable(team_id, company_id)
        ]

    def find(
        self,
        team_id,
        company_id,
        current_id=None,
        stage_id=None,
        working_company_id=None,
    ):
        """Return the layout for an opportunity, or None when no pipeline suits.

        :param current_id: the opportunity's pipeline; kept as long as it is open to
            the team and the company, also when it was archived
        :param stage_id: its stage; if the default does not have it, the oldest pipeline
            with it is taken
        :param working_company_id: see :meth:`get_default`
        """
        current = self.pipelines.get(current_id)
        if current and current.is_open_to(team_id, company_id):
            return current
        default = self.get_default(team_id, company_id, working_company_id)
        if default and stage_id and not default.get_line(stage_id):
            for layout in self.get_usable(team_id, company_id):
                if layout.get_line(stage_id):
                    return layout
        return default
