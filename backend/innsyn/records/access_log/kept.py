"""One row of the log to take along: a look-up or a reading, with the same fields for both."""

from datetime import datetime
from uuid import UUID

import msgspec

SELF, HELPER, HEALTH = "self", "helper", "health"


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """`by` is SELF, HELPER or HEALTH. `act` is as of a look-up, of a reading its `purpose`; `rule` why a helper may.

    `told` is the time in the source's own precision. `entry` is the entry that was opened in Innsyn.
    """

    id: str
    at: datetime
    by: str
    told: str = ""
    name: str = ""
    role: str = ""
    rule: str = ""
    unit: str = ""
    organisation: str = ""
    act: str = ""
    purpose: str = ""
    writes: bool = False
    areas: tuple[str, ...] = ()
    reason: str = ""
    decision: str = ""
    emergency: bool = False
    chosen: bool = False
    refused: bool = False
    entry: UUID | None = None


class _Lookup(msgspec.Struct, frozen=True):
    id: UUID
    at: datetime
    told: str
    name: str
    role: str
    unit: str
    organisation: str
    act: str
    areas: tuple[str, ...]
    reason: str
    decision: str
    emergency: bool
    self_authorised: bool
    by_patient: bool
    refused: bool
    source: str


class _Reading(msgspec.Struct, frozen=True):
    id: int
    at: datetime
    purpose: str
    rule: str
    actor: UUID | None
    act: bool
    refused: bool
    entry: UUID | None


_lookup = msgspec.json.Decoder(_Lookup).decode
_reading = msgspec.json.Decoder(_Reading).decode
_WRITES = frozenset({"written", "changed", "deleted"})


def kept_lookup(told: str, services: dict[str, str]) -> Kept:
    """A row of access.lookup, as JSON."""
    row = _lookup(told)
    return Kept(
        id=str(row.id),
        at=row.at,
        by=SELF if row.by_patient else HEALTH,
        told=row.told,
        name=row.name,
        role=row.role,
        unit=row.unit,
        organisation=row.organisation or services.get(row.source, row.source),
        act=row.act,
        writes=row.act in _WRITES,
        areas=row.areas,
        reason=row.reason,
        decision=row.decision,
        emergency=row.emergency,
        chosen=row.self_authorised,
        refused=row.refused,
    )


def kept_reading(told: str, names: dict[str, str], own_name: str) -> Kept:
    """A row of access.log, as JSON."""
    row = _reading(told)
    return Kept(
        id=str(row.id),
        at=row.at,
        by=HELPER if row.actor else SELF,
        name=names.get(str(row.actor), "") if row.actor else own_name,
        rule=row.rule,
        organisation="Innsyn",
        purpose=row.purpose,
        writes=row.act,
        refused=row.refused,
        entry=row.entry,
    )
