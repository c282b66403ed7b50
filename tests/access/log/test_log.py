"""The access log as its person meets it: whole, in plain words, in one round trip, and for nobody else."""

import re
from datetime import UTC, datetime
from typing import Any

import msgspec

from access.log_filled import A_STRANGER, BOTH, NOW, STAY, TWO_NURSES, filled, lines, links
from access.looked import EVERYBODY, decision, look_up
from world import KARI, OLA, World, result


async def test_look_ups_are_told_by_unit_and_contact_in_plain_words(world: World) -> None:
    kari = await filled(world)
    page = (await kari.get("/access/log")).text
    told = lines(page)
    assert told[0].startswith(f"{A_STRANGER} 12. nov. Oppgitt grunn: de behandler deg")
    assert any(line.startswith(f"{TWO_NURSES} 7. nov. Øyeblikkelig hjelp · Oppgitt grunn:") for line in told)
    assert "3 oppslag" in next(line for line in told if line.startswith(TWO_NURSES))
    # Lifted to the top, and not told twice.
    assert page.index("unexplained") < page.index(A_STRANGER) < page.index(TWO_NURSES)
    assert page.count(A_STRANGER) == 1
    assert "Det kan ha en god grunn" in page


async def test_nobody_sees_somebody_elses_log(world: World) -> None:
    kari, ola = await filled(world), await world.log_in(OLA)
    of_kari, of_ola = (await kari.get("/access/log")).text, (await ola.get("/access/log")).text
    assert ("Carl Vik" in of_kari, "Carl Vik" in of_ola) == (True, False)
    assert [line for line in lines(of_ola) if "sykepleier" in line] == [
        line
        for line in lines(of_ola)
        if line.startswith("Bente Vik (sykepleier) ved Medisinsk sengepost 2 under")
    ]
    address = links(of_kari)[A_STRANGER]
    missing = f"/access/log/lookups/{'0b5b2c1e-2f50-4f0e-9d28-0f5d2a3f7c11'}"
    assert (await kari.get(address)).status_code == 200
    strange, nothing = await ola.get(address), await ola.get(missing)
    assert (strange.status_code, strange.content) == (404, nothing.content)
    assert (await ola.post(f"{address}/ask", data={"words": ""})).status_code == 404
    assert await world.owner.fetchval("SELECT count(*) FROM journal.outbox") == 0
    again = (await kari.get("/access/log")).text
    reading = next(href for href in links(again).values() if "readings" in href)
    assert ((await kari.get(reading)).status_code, (await ola.get(reading)).status_code) == (200, 404)
    for file in ("export.csv", "export.json"):
        assert "Carl Vik" in (await kari.get(f"/access/log/{file}")).text
        assert "Carl Vik" not in (await ola.get(f"/access/log/{file}")).text


async def test_the_own_readings_of_a_day_are_one_line(world: World) -> None:
    kari = await filled(world)
    for _ in range(3):
        await kari.get("/journal")
    again = await world.log_in(KARI)
    await again.get("/")
    told = [line for line in lines((await kari.get("/access/log")).text) if line.startswith("Du ")]
    assert told == ["Du leste journalen din i dag 4 visninger · 2 innlogginger"]


async def test_a_day_of_readings_is_told_one_by_one_with_the_entry_that_was_opened(world: World) -> None:
    await world.take(*BOTH, result("r", "kari", "HbA1c"))
    kari = await world.log_in(KARI)
    entry = (await kari.get("/api/entries")).json()["entries"][0]["id"]
    await kari.get(f"/journal/lab_results/{entry}")
    page = (await kari.get("/access/log")).text
    opened = (await kari.get(links(page)["Du leste journalen din"])).text
    assert f'<a class="ds-link" href="/journal/lab_results/{entry}">HbA1c</a>' in opened
    assert re.findall(r'<th scope="row">([^<]+)</th>', opened) == [
        "Så i loggen",
        "Leste en oppføring",
        "Så på en liste",
    ]
    assert len(re.findall(r"<td>[0-2]\d\.[0-5]\d</td>", opened)) == 3


async def permitted(world: World, *, until: str = "9999-01-01") -> None:
    """Ola may read Kari's record."""
    await world.owner.execute(
        "INSERT INTO access.permit (subject_id, actor_id, handle_on, audience, capabilities, valid_from,"
        " valid_until, rule, book, origin, origin_id)"
        " SELECT k.person_id, o.person_id, k.person_id, 16, 1, '2020-01-01', $1::timestamptz, 'fullmakt', 'x',"
        " 'fullmakt', gen_random_uuid() FROM identity.person k, identity.person o"
        " WHERE k.given_name = 'Kari' AND o.given_name = 'Ola'",
        datetime.fromisoformat(until).replace(tzinfo=UTC),
    )


async def handle(world: World) -> str:
    """What stands for Kari in Ola's newest session."""
    found: str = await world.owner.fetchval(
        "SELECT access.handle_of(s.handle_key, k.person_id) FROM identity.person k, identity.session s"
        " JOIN identity.person o USING (person_id) WHERE k.given_name = 'Kari' AND o.given_name = 'Ola'"
        " ORDER BY s.started_at DESC LIMIT 1"
    )
    return found


async def test_what_a_helper_has_read_and_tried_stands_in_the_log_and_the_helper_does_not_see_it(
    world: World,
) -> None:
    kari = await filled(world)
    await permitted(world)
    ola = await world.log_in(OLA)
    base = f"/for/{await handle(world)}"
    assert (await ola.get(f"{base}/journal")).status_code == 200
    for address in ("/access/log", "/access/log/export.csv", "/access/log/export.json"):
        assert (await ola.get(f"{base}{address}")).status_code == 404
    await world.owner.execute("UPDATE access.permit SET valid_until = now() - interval '1 second'")
    assert (await ola.get(f"{base}/journal")).status_code == 404
    told = [line for line in lines((await kari.get("/access/log")).text) if "Ola" in line]
    assert [line.partition(" · ")[0].partition(" i dag ")[0] for line in told] == [
        "Ola Nordli leste i journalen din"
    ]
    assert ("én visning" in told[0], "stoppet én gang" in told[0]) == (True, True)
    of_helpers = lines((await kari.get("/access/log?who=helpers")).text)
    assert [line.startswith("Ola Nordli") for line in of_helpers] == [True]
    # In Ola's own log there is nothing of what he read in Kari's record.
    assert [line for line in lines((await ola.get("/access/log")).text) if "Kari" in line] == []


async def test_one_line_is_told_look_up_by_look_up(world: World) -> None:
    kari = await filled(world)
    title = links((await kari.get("/access/log")).text)
    page = (await kari.get(title[TWO_NURSES])).text
    assert f"{TWO_NURSES}</h1>" in page
    rows = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td></tr>', page)
    assert rows == [
        ("Anne Vik (sykepleier)", "7. november 2026 kl. 09.00", "Leste", "øyeblikkelig hjelp"),
        ("Bente Vik (sykepleier)", "4. november 2026 kl. 09.00", "Leste", "du var innlagt"),
        ("Anne Vik (sykepleier)", "3. november 2026 kl. 09.00", "Leste", "du var innlagt"),
    ]
    # Any of the look-ups leads to the line it is told in.
    ids = [
        row[0]
        for row in await world.owner.fetch("SELECT lookup_id FROM access.lookup WHERE name = 'Bente Vik'")
    ]
    statuses = {(await kari.get(f"/access/log/lookups/{id_}")).status_code for id_ in ids}
    assert statuses == {200, 404}  # Ola's is not hers


async def test_asking_why_leaves_one_task_for_the_unit_and_says_how_far_it_has_come(world: World) -> None:
    kari = await filled(world)
    address = links((await kari.get("/access/log")).text)[A_STRANGER]
    for _ in range(2):
        answer = await kari.post(f"{address}/ask", data={"words": " Hvorfor\nmeg? "})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{address}?asked=1")
    [row] = await world.owner.fetch("SELECT * FROM journal.outbox")
    who = await world.owner.fetchval("SELECT person_id FROM identity.person WHERE given_name = 'Kari'")
    assert (row["person_id"], row["author_id"], row["resource_type"], row["state"]) == (
        who,
        who,
        "Task",
        "queued",
    )
    task: dict[str, Any] = msgspec.json.decode(row["resource"])
    assert {name: task[name] for name in ("resourceType", "status", "owner")} == {
        "resourceType": "Task",
        "status": "requested",
        "owner": {"type": "Organization", "display": "Hudavdelingen", "reference": "Organization/skin"},
    }
    assert task["input"][1:] == [
        {"type": {"text": "Antall oppslag"}, "valueInteger": 1},
        {"type": {"text": "Spørsmål"}, "valueString": "Hvorfor\nmeg?"},
    ]
    assert KARI not in row["resource"].decode()
    page = (await kari.get(f"{address}?asked=1")).text
    assert ("Spørsmålet er lagret" in page, '<form method="post" action="/access/log' in page) == (
        True,
        False,
    )
    await world.owner.execute("UPDATE journal.outbox SET state = 'received'")
    told = lines((await kari.get("/access/log")).text)[0]
    assert "Du har spurt hvorfor: mottatt" in told
    # The act is in the log as well.
    acts = await world.owner.fetch("SELECT purpose FROM access.log WHERE act")
    assert [act["purpose"] for act in acts] == ["access_log.ask"]


async def test_a_citizen_who_was_turned_away_from_reads_so(world: World) -> None:
    event = look_up("x", by="carl", outcome="8", at="2026-11-12T10:00:00+01:00", template="")
    event["extension"].append(decision("Deltar i behandlingen", chosen=True))
    await world.take(*EVERYBODY, *BOTH, event, now=NOW)
    kari = await world.log_in(KARI)
    page = (await kari.get("/access/log")).text
    assert (
        lines(page)[0]
        == f"{A_STRANGER} 12. nov. Ble stoppet og fikk ikke se noe · Oppgitt grunn: Deltar i behandlingen"
    )
    opened = (await kari.get(links(page)[A_STRANGER])).text
    assert "Den som åpnet, valgte grunnen selv" in opened


async def test_it_is_spoken_in_every_language(world: World) -> None:
    kari = await filled(world)
    told = {}
    for locale in ("nn", "en"):
        await kari.post("/settings", data={"locale": locale})
        told[locale] = set(links((await kari.get("/access/log?who=health")).text))
    assert told == {
        "nn": {
            "2 sjukepleiarar ved Medisinsk sengepost 2 under opphaldet ditt 3.–7. november",
            "Carl Vik (sykepleier) ved Hudavdelingen",
        },
        "en": {
            "2 nurses at Medisinsk sengepost 2 during your stay 3–7 November",
            "Carl Vik (sykepleier) at Hudavdelingen",
        },
    }


async def test_what_stands_in_a_withheld_entry_is_not_told_by_the_log(world: World) -> None:
    """A contact that may not be shown explains nothing in words; that it was opened is told all the same."""
    secret = STAY | {"meta": {"tag": [{"system": "urn:innsyn:release-class", "code": "4"}]}}
    await world.take(*EVERYBODY, *BOTH, secret, look_up("a", contact="stay"), now=NOW)
    kari = await world.log_in(KARI)
    page = (await kari.get("/access/log")).text
    assert "oppholdet ditt" not in page
    assert lines(page)[0].startswith("Anne Vik (sykepleier) ved Medisinsk sengepost 2 3. nov.")
