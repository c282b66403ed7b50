"""A log with something in it: a stay with two nurses, an emergency, and one whom nothing explains."""

import re

import httpx

from access.looked import EVERYBODY, look_up, stay
from world import KARI, OLA, World, patient, utc

NOW = utc(2026, 11, 20)
STAY = stay("stay", "kari", "2026-11-03T08:00:00+01:00", "2026-11-07T12:00:00+01:00")
TWO_NURSES = "2 sykepleiere ved Medisinsk sengepost 2 under oppholdet ditt 3.–7. november"
A_STRANGER = "Carl Vik (sykepleier) ved Hudavdelingen"
BOTH = (patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))


async def filled(world: World) -> httpx.AsyncClient:
    """Kari's stay with two nurses, an emergency and one who had no contact with her; Ola has a nurse of his own."""
    await world.take(
        *EVERYBODY,
        *BOTH,
        STAY,
        stay("olas", "ola", "2026-11-03T08:00:00+01:00", "2026-11-04T12:00:00+01:00"),
        look_up("a", at="2026-11-03T09:00:00+01:00", contact="stay"),
        look_up("b", at="2026-11-04T09:00:00+01:00", by="bente"),
        look_up("c", at="2026-11-07T09:00:00+01:00", template="BLAALYS"),
        look_up("e", at="2026-11-04T10:00:00+01:00", of="ola", by="bente"),
        now=NOW,
    )
    stranger = look_up("d", at="2026-11-12T23:00:00+01:00", by="carl", template="DELBEHAN")
    await world.take(stranger, source="hudklinikken", now=NOW)
    return await world.log_in(KARI)


def lines(page: str) -> list[str]:
    """The lines of the log as text, what nothing explains first."""
    found = re.findall(r'<li class="line[^>]*>(.*?)</li>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in found]


def links(page: str) -> dict[str, str]:
    """Title → address."""
    return {title: href for href, title in re.findall(r'<a href="(/access/log/[^"]+)">([^<]+)</a>', page)}
