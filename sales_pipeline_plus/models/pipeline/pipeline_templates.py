"""Stages that a new pipeline can start with."""

from typing import NamedTuple

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)


class TemplateStage(NamedTuple):
    """A stage: its name, the chance to win in percent, the days allowed (0: any)."""

    name: str
    probability: float
    days: int = 0

    @property
    def is_won(self):
        """Only what is certain is won."""
        return self.probability == 100


class Template(NamedTuple):
    """A way of selling and its stages, in their order."""

    name: str
    stages: tuple[TemplateStage, ...]


WON = TemplateStage(_lt("Won"), 100)
TEMPLATES = {
    "projects": Template(
        _lt("Equipment and projects"),
        (
            TemplateStage(_lt("Contact"), 10, 14),
            TemplateStage(_lt("Need Known"), 25, 21),
            TemplateStage(_lt("Visit or Demonstration"), 40, 21),
            TemplateStage(_lt("Quotation Sent"), 60, 30),
            TemplateStage(_lt("Negotiation"), 80, 21),
            WON,
        ),
    ),
    "consumables": Template(
        _lt("Consumables"),
        (
            TemplateStage(_lt("Request"), 30, 3),
            TemplateStage(_lt("Quotation Sent"), 60, 10),
            WON,
        ),
    ),
    "services": Template(
        _lt("Services"),
        (
            TemplateStage(_lt("Contact"), 10, 10),
            TemplateStage(_lt("Need Known"), 30, 14),
            TemplateStage(_lt("Proposal Sent"), 50, 21),
            TemplateStage(_lt("Agreed in Principle"), 80, 14),
            WON,
        ),
    ),
    "temperature": Template(
        _lt("Hot, to follow, cold"),
        (
            TemplateStage(_lt("Cold"), 10),
            TemplateStage(_lt("To Follow"), 40),
            TemplateStage(_lt("Hot"), 70),
            WON,
        ),
    ),
}
