"""Versions of one resource, and what the history keeps of them."""

from collections.abc import Sequence
from datetime import datetime
from itertools import count
from typing import Any

import msgspec

from innsyn.journal.port import Entry
from world import World, result

_POSITION = count(10_000)
CLASS = "urn:innsyn:release-class"


def version(
    number: int,
    resource: dict[str, Any] | None,
    at: datetime,
    *,
    kind: str = "Observation",
    id_: str = "a",
    source: str = "st-olavs",
) -> Entry:
    """A version of a resource; without content: that it is deleted."""
    return Entry(
        position=next(_POSITION),
        source=source,
        kind=kind,
        id=id_,
        version=number,
        recorded=at,
        resource=msgspec.json.encode(resource) if resource is not None else None,
    )


def tagged(release_class: str) -> dict[str, Any]:
    """Meta that lets a resource open by this class."""
    return {"meta": {"tag": [{"system": CLASS, "code": release_class}]}}


def observed(value: float = 41, of: str = "kari", id_: str = "a", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """A result to give in several versions."""
    return dict(result(id_, of, value=value, **more))


async def say(world: World, *versions: Entry, at: datetime) -> None:
    """The journal says these in one batch."""
    await world.intake.take(list(versions), at)


async def kept(world: World, table: str, entry: Any = None) -> Sequence[dict[str, Any]]:  # noqa: ANN401
    """The rows of a table of the read model, those of one entry with its id taken out."""
    found = []
    for row in await world.owner.fetch(f"SELECT * FROM record.{table} ORDER BY 1, 2, 3"):  # noqa: S608 - by us
        if entry is not None and row["entry_id"] != entry:
            continue
        found.append(
            {
                name: value.replace(str(row["entry_id"]).encode(), b"ID")
                if isinstance(value, bytes)
                else value
                for name, value in row.items()
                if name != "entry_id"
            }
        )
    return found
