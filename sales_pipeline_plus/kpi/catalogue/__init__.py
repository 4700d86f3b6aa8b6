"""Every figure, named once: what it is called, means, and is computed from.

Page, workbook, digest and other programs read this catalogue and the engine
``crm.kpi``; none of them computes a figure of its own.
"""

from .breakdowns import BREAKDOWNS as BREAKDOWNS
from .closed import CLOSED
from .created import CREATED
from .effort import EFFORT
from .effort import HOURLY_COST as HOURLY_COST
from .facts import FACTS as FACTS
from .facts import MEDIANS as MEDIANS
from .facts import SOURCE_OF as SOURCE_OF
from .kpi import GROUPS as GROUPS
from .kpi import Kpi as Kpi
from .pipeline import PIPELINE
from .stages import STAGES

KPIS = (*CREATED, *CLOSED, *PIPELINE, *STAGES, *EFFORT)
BY_CODE = {kpi.code: kpi for kpi in KPIS}
