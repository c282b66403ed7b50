"""The figures of the first page."""

from innsyn.access.opening import ReadSession
from innsyn.home.queries import Area, overview_of
from innsyn.identity.sessions import token_of
from world import KARI, World, patient, result


async def test_the_year_is_the_one_on_a_norwegian_calendar(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"), result("a", "kari", effectiveDateTime="2016"))
    kari = await world.log_in(KARI)
    found = await overview_of(ReadSession(world.web, token_of(kari.cookies["innsyn"])))
    assert found.areas == [Area("lab_results", 1, 0, 2016)]
