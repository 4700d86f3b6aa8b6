"""Where an opportunity stands: in which stage of which pipeline, and whether it is
active, open or closed there.
"""

from typing import NamedTuple

from ..change.deal_change import get_plain_values

STANDING_FIELDS = frozenset({"active", "pipeline_id", "stage_id", "type", "won_status"})


class Standing(NamedTuple):
    """The plain values that say where an opportunity stands."""

    active: bool
    pipeline_id: int | bool
    stage_id: int | bool
    type: str
    won_status: str

    @property
    def place(self):
        """Its pipeline and stage."""
        return (self.pipeline_id, self.stage_id)

    @property
    def is_active(self):
        """Tell whether it is an opportunity that is not archived, open or won."""
        return bool(self.active and self.type == "opportunity")

    def is_open(self, layouts):
        """Tell whether it is in an open stage of its pipeline.

        :param dict layouts: {pipeline id: :class:`PipelineLayout`}
        """
        layout = layouts.get(self.pipeline_id)
        line = layout and layout.get_line(self.stage_id)
        return bool(self.is_active and line and not line.is_won)


def get_standings(leads):
    """Return where opportunities stand now, in their order."""
    leads = leads.sudo()
    actives, pipeline_ids, stage_ids, types = (
        get_plain_values(leads, name) for name in Standing._fields[:-1]
    )
    statuses = leads._get_won_statuses_of(actives, stage_ids)
    return list(map(Standing, actives, pipeline_ids, stage_ids, types, statuses))


def get_standings_before(change):
    """Return where opportunities stood before a change, in the order of its leads;
    None for each created one."""
    if change.is_creation:
        return [None] * len(change.leads)
    if "standings" not in change.notes:
        columns = map(change.get_before, Standing._fields)
        change.notes["standings"] = list(map(Standing, *columns))
    return change.notes["standings"]


def get_standings_after(change):
    """Return where opportunities stand after a change, as long as no other change of
    opportunities comes after it."""
    number = change.leads._get_underway().number
    known = change.notes.get("standings_after")
    if not known or known[0] != number:
        change.notes["standings_after"] = number, get_standings(change.above)
    return change.notes["standings_after"][1]
