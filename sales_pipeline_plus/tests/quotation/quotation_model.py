"""The rule of the main quotation, in plain Python beside the product."""

from dataclasses import dataclass, field


@dataclass
class Quotation:
    number: int
    amount: int
    state: str = "draft"


@dataclass
class Deal:
    """An opportunity of a pipeline where it follows its main quotation.

    ``taken``: whether its amount came from a quotation; ``given``: whether a person
    changed it since.
    """

    amount: int = 0
    taken: bool = False
    given: bool = False
    status: str = "open"
    chosen: int | None = None
    quotations: dict = field(default_factory=dict)

    def get_main(self):
        """Return the chosen one, else the confirmed one, else the first one."""
        alive = [q for q in self.quotations.values() if q.state != "cancel"]
        chosen = [q for q in alive if q.number == self.chosen]
        confirmed = [q for q in alive if q.state == "sale"]
        first = sorted(confirmed or alive, key=lambda q: q.number)
        return next(iter(chosen or first), None)

    def give(self, amount):
        if amount != self.amount:
            self.amount, self.given, self.taken = amount, True, False

    def follow(self):
        """Whatever happened: an open deal has what its main quotation says, unless
        somebody gave something else."""
        main = self.get_main()
        if self.status != "open" or self.given or not main or not main.amount:
            return
        if self.taken or not self.amount:
            if main.amount != self.amount:
                self.amount, self.taken = main.amount, True

    def can_use(self):
        main = self.get_main()
        return bool(
            self.status != "lost"
            and main
            and main.amount
            and main.amount != self.amount
        )

    def use(self):
        self.amount = self.get_main().amount
        self.taken, self.given = True, False
