"""The list of notices, where each leads, and what is chosen."""

import re

import httpx

from access.permits import handle, permit, person_of
from notifications.telling import MARTE, claimed, devices, people, queued
from world import KARI, OLA, World, result

_SHOWN = re.compile(r'name="shown" value="([0-9a-f -]*)"')
_LINK = re.compile(r'href="(/notices/[0-9a-f-]{36})">(<span class="ds-tag"[^>]*>Ulest</span> )?([^<]*)</a>')


async def listed(browser: httpx.AsyncClient) -> list[tuple[str, str, bool]]:
    """(address, words, unread) of each line of the list."""
    page = await browser.get("/notices")
    assert page.status_code == 200
    return [(address, words, bool(new)) for address, new, words in _LINK.findall(page.text)]


async def taken_as_read(browser: httpx.AsyncClient, page: httpx.Response) -> None:
    """The button of this page, which may have been open for a while."""
    found = _SHOWN.search(page.text)
    assert found
    answer = await browser.post("/notices/seen", data={"shown": found[1]})
    assert answer.headers["location"] == "/notices?seen=1"


async def test_a_notice_leads_to_exactly_its_item_and_is_read_from_then_on(world: World) -> None:
    kari, marte = await people(world)
    await world.take(result("r1", "kari"))
    ((address, words, new),) = await listed(kari)
    assert (words, new) == ("Nytt prøvesvar eller bildesvar", True)
    assert "HbA1c" not in (await kari.get("/notices")).text
    assert await listed(marte) == []
    assert (await marte.get(address)).status_code == 404
    led = await kari.get(address)
    assert led.status_code == 303
    page = await kari.get(led.headers["location"])
    assert (page.status_code, "HbA1c" in page.text) == (200, True)
    assert await listed(kari) == [(address, words, False)]


async def test_the_first_page_counts_what_the_list_has_unread(world: World) -> None:
    kari, marte = await people(world)
    assert "/notices" not in (await kari.get("/")).text
    await world.take(result("r1", "kari"), result("r2", "kari", "Kreatinin"))
    assert "Du har 2 uleste varsler" in (await kari.get("/")).text
    assert "/notices" not in (await marte.get("/")).text
    ((address, *_), _) = await listed(kari)
    await kari.get(address)
    assert "Du har ett ulest varsel" in (await kari.get("/")).text


async def test_a_notice_of_somebody_one_helps_leads_into_that_record_until_the_access_ends(
    world: World,
) -> None:
    _, marte = await people(world)
    await permit(world, MARTE, KARI, kinds=["lab_results"])
    await world.take(result("r1", "kari"))
    ((address, _, new),) = await listed(marte)
    assert new
    assert "Gjelder Kari Nordli" in (await marte.get("/notices")).text
    led = (await marte.get(address)).headers["location"]
    kari_id = await person_of(world, KARI)
    assert led.startswith(f"/for/{await handle(world, marte, kari_id)}/journal/lab_results/")
    assert (await marte.get(led)).status_code == 200
    await world.worker.execute("UPDATE access.permit SET valid_until = now()")
    assert await listed(marte) == []
    assert (await marte.get(address)).status_code == 404


async def test_all_can_be_taken_as_read_and_what_is_read_in_the_journal_is_read_here(world: World) -> None:
    kari, _ = await people(world)
    await world.take(result("r1", "kari"), result("r2", "kari", "Kreatinin"))
    entry = await world.owner.fetchval("SELECT entry_id FROM record.entry ORDER BY entry_id LIMIT 1")
    assert (await kari.get(f"/journal/lab_results/{entry}")).status_code == 200
    assert sorted(new for *_, new in await listed(kari)) == [False, True]
    await taken_as_read(kari, await kari.get("/notices"))
    assert [new for *_, new in await listed(kari)] == [False, False]
    # Neither goes out: one has been read, and the other was told to be.
    assert await claimed(world, await devices(world, KARI)) == []


async def test_what_comes_after_the_page_was_opened_is_not_taken_as_read(world: World) -> None:
    kari, marte = await people(world)
    await permit(world, MARTE, KARI, kinds=["lab_results"])
    await world.take(result("r1", "kari"))
    page = await kari.get("/notices")
    await world.take(result("r2", "kari", "LDL"))
    # Another's list takes nothing of mine as read.
    await taken_as_read(marte, page)
    assert ([new for *_, new in await listed(kari)], [new for *_, new in await listed(marte)]) == (
        [True, True],
        [True, True],
    )
    await taken_as_read(kari, page)
    assert [new for *_, new in await listed(kari)] == [True, False]
    there = await devices(world, KARI, MARTE)
    receivers = {each.receiver_id for each in await claimed(world, there)}
    assert receivers == {await person_of(world, KARI), await person_of(world, MARTE)}
    assert await queued(world) == [
        (KARI, KARI, "result", "sent", ""),
        (KARI, KARI, "result", "silent", "read"),
        (MARTE, KARI, "result", "sent", ""),
        (MARTE, KARI, "result", "sent", ""),
    ]


async def test_what_cannot_be_read_is_not_taken_as_read(world: World) -> None:
    _, marte = await people(world)
    await permit(world, MARTE, KARI, kinds=["lab_results"])
    await world.take(result("r1", "kari"), result("r2", "marte"))
    page = await marte.get("/notices")
    await world.worker.execute("UPDATE access.permit SET valid_until = now()")
    await taken_as_read(marte, page)
    seen = await world.owner.fetch(
        "SELECT receiver_id = person_id AS own, seen_at IS NOT NULL AS seen FROM notice.notice"
        " WHERE receiver_id = $1 ORDER BY 1",
        await person_of(world, MARTE),
    )
    assert [tuple(row) for row in seen] == [(False, False), (True, True)]


# As left by a helper's access that has ended: later than anything else, and not readable now.
_UNREADABLE = """
    INSERT INTO notice.notice (receiver_id, person_id, kind, item, key, due_at, send_at, state)
    SELECT $1, $2, 'result', gen_random_uuid(), sha256(g::text::bytea), now(), now(), 'sent'
    FROM generate_series(1, 250) g
"""


async def test_what_cannot_be_read_hides_nothing_of_what_can(world: World) -> None:
    kari, marte = await people(world)
    await world.take(*(result(f"r{number}", "kari", f"Prøve {number}") for number in range(103)))
    for who in (KARI, MARTE):
        await world.owner.execute(_UNREADABLE, await person_of(world, who), await person_of(world, OLA))
    assert (len(await listed(kari)), len(await listed(marte))) == (100, 0)
    assert "Du har 100 uleste varsler" in (await kari.get("/")).text
    await taken_as_read(kari, await kari.get("/notices"))
    assert "Du har 3 uleste varsler" in (await kari.get("/")).text


async def test_what_is_chosen_is_kept_and_holds_for_whoever_chose_it(world: World) -> None:
    kari, marte = await people(world)
    await permit(world, MARTE, KARI)
    form = {"way": ["own.result.sms", "others.result.push"], "quiet_from": "22:00", "quiet_until": "07:00"}
    assert (await kari.post("/settings/notices", data=form)).status_code == 303
    page = (await kari.get("/settings/notices")).text
    assert re.findall(r'value="([a-z.]+)" checked', page) == ["own.result.sms"]
    assert 'value="22:00"' in page
    assert "others." not in page
    untouched = (await marte.get("/settings/notices")).text
    assert 'value="others.result.push" checked' in untouched
    assert 'value="22:00"' not in untouched
    assert await world.owner.fetchval("SELECT count(DISTINCT receiver_id) FROM notice.choice") == 1


async def test_half_of_the_quiet_hours_is_asked_for_again_with_what_was_typed(world: World) -> None:
    kari, _ = await people(world)
    answer = await kari.post("/settings/notices", data={"way": ["own.form.sms"], "quiet_from": "22:00"})
    assert (answer.status_code, 'value="22:00"' in answer.text) == (422, True)
    assert re.findall(r'value="([a-z.]+)" checked', answer.text) == ["own.form.sms"]
    assert await queued(world) == []
