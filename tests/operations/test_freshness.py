"""What is late or missing is said to who reads, in words, and says nothing of anybody else."""

import httpx
import pytest

from access.permits import handle, permit, person_of
from innsyn.access.audience import Audience
from innsyn.journal import freshness, gaps
from innsyn.journal.port import Source, Unusable
from world import KARI, OLA, World, patient, result, utc


async def said(browser: httpx.AsyncClient, name: str) -> str:
    """What the first page says of a service."""
    page = (await browser.get("/")).text
    _, _, after = page.partition(f"<strong>{name}</strong>")
    return after.partition("</li>")[0].replace("<span>", "").replace("</span>", "").strip()


async def two(world: World) -> tuple[httpx.AsyncClient, httpx.AsyncClient]:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    await world.take(result("a", "kari"), result("b", "ola"))
    await freshness.told(
        world.worker, [Source(source="st-olavs", name="St. Olavs", contact=utc(2026, 11, 20, 8))]
    )
    return await world.log_in(KARI), await world.log_in(OLA)


def broken(id_: str, body: bytes, source: str = "st-olavs") -> Unusable:
    return Unusable(
        position=90, source=source, reason="too_deep", explanation="", body=body, kind="Observation", id=id_
    )


async def test_who_is_concerned_is_told_how_much_and_others_only_that_something_may_be_missing(
    world: World,
) -> None:
    kari, ola = await two(world)
    assert await said(kari, "St. Olavs") == await said(ola, "St. Olavs")
    await world.intake.take([broken("x", b'{"subject": {"reference": "Patient/kari"}, "code": {{')])
    await world.owner.execute("UPDATE journal.quarantine SET landed_at = '2026-11-19 08:00Z'")
    await world.owner.execute("UPDATE journal.source SET missing_since = '2026-11-19 08:00Z'")
    assert "1 oppføring om deg mangler her siden 19. nov. kl. 09.00" in await said(kari, "St. Olavs")
    theirs = await said(ola, "St. Olavs")
    assert theirs.endswith("Noe fra St. Olavs kan mangle siden 19. nov. kl. 09.00.")
    # When it has been mended, nobody is told any longer.
    await world.take(result("x", "kari"), now=utc(2026, 11, 23, 8))
    await world.owner.execute("UPDATE journal.quarantine SET position = 0")
    await world.take(result("x", "kari", value=42))
    assert "mangle" not in await said(kari, "St. Olavs") + await said(ola, "St. Olavs")


async def test_a_service_of_which_nothing_could_be_read_is_named_to_whom_it_concerns(world: World) -> None:
    kari, ola = await two(world)
    await world.intake.take([broken("y", b'"patient": {"reference":"Patient/kari"}', source="legevakten")])
    assert "1 oppføring om deg" in await said(kari, "legevakten")
    assert await said(ola, "legevakten") == ""


async def test_a_gap_is_told_to_who_reads_that_service_until_it_is_closed(world: World) -> None:
    kari, ola = await two(world)
    await gaps.notice(world.worker, "journal", "3", 10, 20, "fürst")
    assert "mangle" not in await said(kari, "St. Olavs")
    await gaps.notice(world.worker, "journal", "4", 10, 20)
    assert "Noe fra St. Olavs kan mangle siden i dag kl." in await said(kari, "St. Olavs")
    assert "Noe fra St. Olavs kan mangle siden i dag kl." in await said(ola, "St. Olavs")
    assert await gaps.close(world.worker, "journal", "4", 0, 20) == 1
    assert "mangle" not in await said(kari, "St. Olavs")


async def test_a_gap_that_opens_again_is_open_since_then_and_one_of_two_services_is_of_nobody_alone(
    world: World,
) -> None:
    await gaps.notice(world.worker, "journal", "3", 10, 20, "a")
    await world.owner.execute("UPDATE journal.gap SET noticed_at = '2026-11-01'")
    await gaps.notice(world.worker, "journal", "3", 10, 15, "b")
    [gap] = await gaps.known(world.worker)
    assert (gap.until, gap.source, gap.noticed_at.date().isoformat()) == (20, "", "2026-11-01")
    assert await gaps.close_noticed(world.worker, "journal", gap.noticed_at) == 1
    await gaps.notice(world.worker, "journal", "3", 10, 20, "a")
    [again] = await gaps.known(world.worker)
    assert again.noticed_at > gap.noticed_at


async def test_the_web_sees_only_its_reader_in_quarantine_and_of_that_only_that_it_is_there(
    world: World,
) -> None:
    await two(world)
    await world.intake.take([broken("x", b'{"subject": {"reference": "Patient/kari"}, "code": {{')])
    assert await world.web.fetchval("SELECT count(source) FROM journal.quarantine") == 0
    assert await world.owner.fetchval("SELECT count(person_id) FROM journal.quarantine") == 1


@pytest.mark.parametrize("audience", [Audience.HELPER, Audience.PARENT_OF_CHILD])
async def test_whoever_reads_for_another_is_told_what_all_are_told(world: World, audience: Audience) -> None:
    kari, ola = await two(world)
    await permit(world, OLA, KARI, audience=audience)
    await world.intake.take(
        [
            broken("x", b'{"subject": {"reference": "Patient/kari"}, "code": {{'),
            broken("y", b'"patient": {"reference":"Patient/kari"}', source="legevakten"),
        ]
    )
    on = await handle(world, ola, await person_of(world, KARI))
    page = (await ola.get(f"/for/{on}/")).text
    assert "St. Olavs" in page
    assert "om deg" not in page
    assert "legevakten" not in page
    assert "om deg" in (await kari.get("/")).text
