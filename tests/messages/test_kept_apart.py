"""What a hostile reader found: nothing meant for one alone reaches another, and no words of anybody's are dropped."""

import os
import re
from collections.abc import Mapping
from io import BytesIO
from uuid import uuid4

import httpx
from PIL import Image

from access.permits import handle, permit, person_of
from files import hostile
from files.daemon import clamd, needs_clamd
from innsyn.files.scanning import Scanner
from innsyn.messages.files.settling import settle
from messages.feed import saying
from messages.files.test_added import add
from messages.files.test_waiting import attached
from messages.written import answer_of, begun, there, thread_in, unit, unit_id, write
from notifications.telling import claimed, devices, now
from notifications.test_pages import listed
from world import KARI, OLA, World, result

SCHOOL: Mapping[str, str] = {"reference": "HealthcareService/school", "display": "Helsesykepleier"}
WARD: Mapping[str, str] = {"reference": "HealthcareService/ward", "display": "Barneavdelingen"}


async def _two(world: World) -> tuple[httpx.AsyncClient, httpx.AsyncClient, str]:
    """The browsers of Kari and of her helper Ola, and what the addresses of her record begin with for him."""
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    await permit(world, OLA, KARI, capabilities=3)
    return kari, ola, f"/for/{await handle(world, ola, await person_of(world, KARI))}"


async def test_a_thread_that_is_handed_on_to_somebody_for_one_alone_is_for_that_one_from_then_on(
    world: World,
) -> None:
    await there(world, unit("school", "Helsesykepleier", "self_only"))
    kari, ola, base = await _two(world)
    thread = thread_in(await write(world, kari))
    assert (await ola.get(f"{base}{thread}")).status_code == 200
    await world.take(answer_of(thread, "Sendt videre", recipient=[SCHOOL]))
    assert (await ola.get(f"{base}{thread}")).status_code == 404
    await world.take(answer_of(thread, "Dette er mellom oss to", sender=SCHOOL))
    assert "Dette er mellom oss to" in (await kari.get(thread)).text
    assert "Dette er mellom oss to" not in (await ola.get(f"{base}/messages")).text
    before = await world.owner.fetchval("SELECT count(*) FROM journal.outbox")
    typed = {"thread": thread.rpartition("/")[2], "text": "Hva er det?", "revision": "0", "do": "send"}
    assert (await ola.post(f"{base}/messages/drafts/{uuid4()}", data=typed)).status_code == 404
    assert await world.owner.fetchval("SELECT count(*) FROM journal.outbox") == before


async def test_a_helper_is_told_of_messages_and_not_of_those_for_one_alone(world: World) -> None:
    await there(world, unit("school", "Helsesykepleier", "self_only"))
    kari, ola, _ = await _two(world)
    thread = thread_in(await write(world, kari))
    await world.take(answer_of(thread, "Kom gjerne innom", sent=now().isoformat()))
    assert [len(await listed(each)) for each in (kari, ola)] == [1, 1]
    assert len(await claimed(world, await devices(world, KARI, OLA))) == 2
    await world.take(answer_of(thread, "Mellom oss to", sender=SCHOOL, sent=now().isoformat()))
    assert [len(await listed(each)) for each in (kari, ola)] == [2, 0]
    told = await claimed(world, await devices(world, KARI, OLA))
    assert [each.receiver_id for each in told] == [await person_of(world, KARI)]


async def test_a_helper_sees_what_a_service_has_written_that_takes_no_messages(world: World) -> None:
    await there(world, saying.unit("ward", name="Barneavdelingen", type=[]))
    _, ola, base = await _two(world)
    called = saying.answered("a", thread="x", sender=WARD, topic={"text": "Innkalling"}, text="Kom fastende.")
    await world.take(called)
    assert "Innkalling" in (await ola.get(f"{base}/messages")).text
    assert "Barneavdelingen" not in (await ola.get(f"{base}/messages/new")).text


async def test_a_helper_is_offered_nobody_who_is_there_for_one_alone(world: World) -> None:
    await there(world, unit("school", "Helsesykepleier", "self_only"), result("r1", "kari"))
    kari, ola, base = await _two(world)
    entry = await world.owner.fetchval("SELECT entry_id::text FROM record.entry WHERE kind = 'lab_results'")
    path = f"/messages/about/{entry}/wrong"
    assert "Helsesykepleier" in (await kari.get(path)).text
    page = (await ola.get(f"{base}{path}")).text
    assert "Helsesykepleier" not in page
    draft = re.search(r'name="draft" value="([^"]+)"', page)
    assert draft
    typed = {"draft": draft[1], "unit": str(await unit_id(world, "Helsesykepleier")), "reason": "mistake"}
    answer = await ola.post(f"{base}{path}", data={**typed, "comment": "Feil."})
    assert answer.status_code == 403
    assert await world.owner.fetchval("SELECT count(*) FROM journal.outbox") == 0


async def test_what_is_told_of_an_entry_in_other_words_is_kept_below_what_was_sent(world: World) -> None:
    await there(world, result("r1", "kari"))
    kari = await world.log_in(KARI)
    entry = await world.owner.fetchval("SELECT entry_id::text FROM record.entry WHERE kind = 'lab_results'")
    address = f"/messages/about/{entry}/wrong"
    draft = re.search(r'name="draft" value="([^"]+)"', (await kari.get(address)).text)
    assert draft
    typed = {"draft": draft[1], "unit": str(await unit_id(world)), "reason": "mistake"}
    first = await kari.post(address, data={**typed, "comment": "Feil dato."})
    again = await kari.post(address, data={**typed, "comment": "Feil dato."})
    assert (first.status_code, again.headers["location"]) == (303, first.headers["location"])
    other = await kari.post(address, data={**typed, "comment": "Og det er feil pasient!"})
    assert (other.status_code, "Og det er feil pasient!" in other.text) == (409, True)
    assert await world.owner.fetchval("SELECT count(*) FROM journal.outbox") == 1


async def test_what_is_typed_with_a_file_after_it_was_sent_is_there_to_send(world: World) -> None:
    await there(world)
    kari = await world.log_in(KARI)
    address = await begun(world, kari)
    await write(world, kari, address)
    answer = await add(world, kari, address, hostile.picture(), text="Og dette er det viktigste.")
    assert (answer.status_code, "Og dette er det viktigste." in answer.text) == (409, True)


async def test_of_a_long_thread_the_newest_is_shown(world: World) -> None:
    await there(world)
    kari = await world.log_in(KARI)
    thread = thread_in(await write(world, kari))
    await world.take(*(answer_of(thread, f"Svar {number:03}") for number in range(305)))
    await world.take(answer_of(thread, "Det aller siste", sent="2030-01-01T00:00:00Z"))
    page = (await kari.get(thread)).text
    assert "Det aller siste" in page
    assert page.index("Det aller siste") > page.rindex("Svar ")


@needs_clamd
async def test_files_that_the_daemon_cannot_take_hold_up_nobody_elses(world: World) -> None:
    await there(world)
    kari = await world.log_in(KARI)
    thread = thread_in(await write(world, kari))
    out = BytesIO()
    Image.frombytes("RGB", (700, 700), os.urandom(700 * 700 * 3)).save(out, "PNG")
    large = [attached(f"{number}.png", out.getvalue(), "image/png") for number in range(3)]
    await world.take(answer_of(thread, "Store", payload=large))
    small = attached("liten.jpg", hostile.picture(), "image/jpeg")
    await world.take(answer_of(thread, "Liten", payload=[small]))
    with clamd(StreamMaxLength="1M") as daemon:
        assert await settle(world.worker, Scanner(daemon.address)) == 1
    said = await world.owner.fetch("SELECT name, scan FROM message.attachment ORDER BY name")
    assert [tuple(row) for row in said] == [
        *((f"{number}.png", "waiting") for number in range(3)),
        ("liten.jpg", "clean"),
    ]


async def test_whom_one_knows_is_read_of_the_record_once_and_what_has_no_author_is_nobodys(
    world: World,
) -> None:
    house = {"reference": "Organization/s", "display": "Steinkjer kommune"}
    known = unit("house", "Legehuset", "known", providedBy=house)
    other = unit(
        "other", "Hudlegen", "known", providedBy={"reference": "Organization/v", "display": "Verdal kommune"}
    )
    await there(
        world, known, other, result("r1", "kari"), result("r2", "kari", "Kreatinin", performer=[house])
    )
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    pages = [(await each.get("/messages/new")) for each in (kari, ola)]
    assert [page.status_code for page in pages] == [200, 200]
    links = [len(re.findall(r'href="/messages/new/[0-9a-f-]{36}"', page.text)) for page in pages]
    # The unit of everybody, and to Kari the one whose house has written in her record.
    assert links == [2, 1]
