"""People who are told, and what the tests of notices ask of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from access.permits import person_of
from innsyn.notifications.channels.port import Letter
from innsyn.notifications.sending.claiming import claim
from world import KARI, OLA, World, patient

DAY = timedelta(days=1)
MARTE = "19868522227"


def now() -> datetime:
    """The clock of the test."""
    return datetime.now(UTC)


async def people(world: World) -> tuple[httpx.AsyncClient, httpx.AsyncClient]:
    """Kari and her helper Marte, who have been here, and Ola, who has not. The browsers of the first two."""
    await world.take(
        patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"), patient("marte", MARTE, "Marte")
    )
    return await world.log_in(KARI), await world.log_in(MARTE)


async def queued(world: World) -> list[tuple[Any, ...]]:
    """(who, of whom, kind, state, why), by the numbers of the two."""
    rows = await world.owner.fetch(
        "SELECT r.value, s.value, n.kind, n.state, n.why FROM notice.notice n"
        " JOIN identity.person_identifier r ON r.person_id = n.receiver_id"
        " JOIN identity.person_identifier s ON s.person_id = n.person_id ORDER BY 1, 2, 3, 4"
    )
    return [tuple(row) for row in rows]


class Devices:
    """Subscriptions that there are: one for everybody who is in it."""

    def __init__(self, *receivers: UUID) -> None:
        self._of: dict[UUID, Sequence[str]] = {each: [f"device of {each}"] for each in receivers}

    async def of(self, db: asyncpg.Connection, receivers: Sequence[UUID]) -> dict[UUID, Sequence[str]]:  # noqa: ARG002
        """As the port has it."""
        return {each: self._of[each] for each in receivers if each in self._of}


async def devices(world: World, *numbers: str) -> Devices:
    """A device for each of the people with these numbers."""
    return Devices(*[await person_of(world, number) for number in numbers])


async def claimed(world: World, there: Devices, at: datetime | None = None) -> list[Letter]:
    """What goes out now."""
    return await claim(world.worker, at or await world.owner.fetchval("SELECT now()"), there)
