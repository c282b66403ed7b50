"""What became of what was read, counted: everything stands somewhere."""

import hashlib
from collections import Counter
from collections.abc import Sequence

import msgspec

from innsyn.identity.persons import Linked
from innsyn.journal.lookup import Key
from innsyn.journal.port import Entry, Unusable
from innsyn.journal.quarantine import Quarantined
from innsyn.journal.versions import Landed
from innsyn.measures import INTAKE_ENTRIES
from innsyn.records.outcome import Bad, Outcome


class Tally(msgspec.Struct):
    """What became of what was read: `read` is always the sum of the four below it."""

    read: Counter[str] = msgspec.field(default_factory=Counter)
    projected: Counter[str] = msgspec.field(default_factory=Counter)
    not_shown: Counter[tuple[str, str]] = msgspec.field(default_factory=Counter)
    unchanged: Counter[str] = msgspec.field(default_factory=Counter)
    quarantined: list[Quarantined] = msgspec.field(default_factory=list)
    linked: list[Linked] = msgspec.field(default_factory=list)
    # In quarantine since an earlier batch, and used now: (kind, kind/id).
    mended: list[tuple[str, str]] = msgspec.field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Count another batch in."""
        for name in ("read", "projected", "not_shown", "unchanged"):
            getattr(self, name).update(getattr(other, name))
        self.linked += other.linked
        self.mended += other.mended
        mended = {entry: kind for kind, entry in other.mended}
        used = [mended[bad.entry] for bad in self.quarantined if bad.entry in mended]
        self.projected.update(used)
        self.quarantined = [bad for bad in self.quarantined if bad.entry not in mended] + other.quarantined

    @property
    def balances(self) -> bool:
        """Does everything that was read stand somewhere? False is a defect of ours."""
        parts = (self.projected, self.not_shown, self.unchanged)
        return self.read.total() == sum(part.total() for part in parts) + len(self.quarantined)


def tally_of(
    batch: Sequence[Entry | Unusable], landed: Sequence[Landed], outcome: Outcome, again: set[Key]
) -> Tally:
    """Count a batch. `again` are the resources of earlier batches that were projected with it."""
    tally = Tally(linked=outcome.linked)
    tally.read.update(each.kind or "?" for each in batch)
    tally.unchanged.update(each.kind for each in batch if isinstance(each, Entry))
    tally.unchanged.subtract(each.kind for each in landed)
    tally.not_shown.update((each.kind, "earlier_version") for each in landed if not each.newest)
    tally.not_shown.update((each.kind, reason) for each, reason in outcome.not_shown if each.key not in again)
    tally.projected.update(each.landed.kind for each in outcome.written if each.landed.key not in again)
    tally.quarantined = [unusable(each) for each in batch if isinstance(each, Unusable)]
    tally.quarantined += [quarantined(bad) for bad in outcome.bad if bad.landed.key not in again]
    tally.mended = [
        (each.landed.kind, name_of_entry(each.landed)) for each in outcome.written if each.landed.key in again
    ]
    return tally


def count(tally: Tally) -> None:
    """For whoever watches this process."""
    for outcome, number in (
        ("projected", tally.projected.total()),
        ("not_shown", tally.not_shown.total()),
        ("unchanged", tally.unchanged.total()),
        ("quarantined", len(tally.quarantined)),
        ("mended", len(tally.mended)),
    ):
        INTAKE_ENTRIES.labels(outcome).inc(number)


def name_of_entry(landed: Landed) -> str:
    """kind/id, as quarantine knows it."""
    return f"{landed.kind}/{landed.id}"


def quarantined(bad: Bad) -> Quarantined:
    """As it is kept in quarantine."""
    landed = bad.landed
    return Quarantined(
        entry=name_of_entry(landed),
        source=landed.source,
        kind=landed.kind,
        id=landed.id,
        position=landed.position,
        reason=bad.reason,
        explanation=bad.explanation,
        body=landed.body,
        # It was about this person before: what cannot be used now is missing there.
        person_id=landed.known_person,
    )


def unusable(thing: Unusable) -> Quarantined:
    """What tells neither kind nor id is known by its bytes: the same broken thing twice is one thing."""
    told = f"{thing.kind}/{thing.id}" if thing.kind and thing.id else hashlib.sha256(thing.body).hexdigest()
    return Quarantined(
        entry=told,
        source=thing.source,
        kind=thing.kind,
        id=thing.id,
        position=thing.position,
        reason=thing.reason,
        explanation=thing.explanation,
        body=thing.body,
    )
