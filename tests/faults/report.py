"""What a run has done and found."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

# Seconds until the first good answer after each trouble, from the goals of the product.
BACK_WITHIN = {
    "web": 3.0,
    "worker": 2.0,
    "nats": 5.0,
    "relay": 5.0,
    "postgres": 10.0,
    "partition": 5.0,
    "disk": 10.0,
    "clock": 5.0,
}


@dataclass
class Report:
    """What was done and what was found. `wrong` empty: nothing was lost, doubled or of a wrong version."""

    seed: int
    entries: int
    writes: int
    troubles: Counter[str] = field(default_factory=Counter)
    overlapped: int = 0
    back: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    raw_deliveries: int = 0
    seconds: float = 0.0

    def lines(self) -> list[str]:
        """For a person."""
        back = ", ".join(
            f"{kind} {max(each):.1f} s (most {BACK_WITHIN[kind]:.0f})" for kind, each in self.back.items()
        )
        return [
            f"seed {self.seed}: {self.entries} entries, {self.writes} writes in {self.seconds:.0f} s",
            f"troubles {dict(self.troubles)}, {self.overlapped} of them with work under way",
            f"first good answer at the latest: {back}",
            f"answers to those who wrote {self.answers}; delivered {self.raw_deliveries} times",
            *self.wrong,
        ]
