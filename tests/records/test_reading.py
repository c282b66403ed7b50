"""What the feed says is what its owner reads, and nobody else."""

import httpx

from world import KARI, OLA, World, patient, result, utc


async def entries(browser: httpx.AsyncClient, **query: str) -> list[dict[str, object]]:
    answer = await browser.get("/api/entries", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, object]] = answer.json()["entries"]
    return found


async def titles(browser: httpx.AsyncClient, **query: str) -> list[object]:
    return [entry.get("title") for entry in await entries(browser, **query)]


async def test_a_result_in_the_feed_is_read_by_its_owner_and_nobody_else(world: World) -> None:
    now = utc(2026, 11, 22, 9)
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"), result("a", "kari"), now=now)
    kari, ola = await world.log_in(KARI), await world.log_in(OLA)
    [entry] = await entries(kari)
    assert {key: value for key, value in entry.items() if key != "id"} == {
        "kind": "lab_results",
        "at": "2026-11-20T10:15:00+01:00",
        "title": "HbA1c",
        "value": "41",
        "unit": "mmol/mol",
        "status": "final",
        "source": "st-olavs",
        "recorded": "2026-11-22T09:00:00Z",
    }
    assert await entries(ola) == []
    page = f"/journal/lab_results/{entry['id']}"
    assert (await kari.get(page)).status_code == 200
    assert (await ola.get(page)).status_code == 404
    assert (await ola.get(f"/api/entries/{entry['id']}")).status_code == 404


async def test_the_same_batch_twice_changes_nothing(world: World) -> None:
    batch = (patient("kari", KARI, "Kari"), result("a", "kari"), result("b", "kari", "Kreatinin", 78))
    first = await world.take(*batch)
    before = await world.owner.fetch("SELECT * FROM record.entry ORDER BY entry_id")
    again = await world.take(*batch)
    assert (first.projected.total(), again.projected.total(), again.unchanged.total()) == (2, 0, 3)
    assert await world.owner.fetch("SELECT * FROM record.entry ORDER BY entry_id") == before
    assert await world.owner.fetchval("SELECT count(*) FROM journal.resource") == 3


async def test_a_correction_replaces_and_says_so_and_an_older_version_is_only_kept(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"), now=utc(2026, 11, 1))
    await world.take(result("a", "kari", value=41), version=1, now=utc(2026, 11, 2))
    await world.take(result("a", "kari", value=47, status="corrected"), version=3, now=utc(2026, 11, 3))
    late = await world.take(result("a", "kari", value=99), version=2, now=utc(2026, 11, 4))
    kari = await world.log_in(KARI)
    [entry] = await entries(kari)
    assert (entry["value"], entry["recorded"], entry["corrected"]) == (
        "47",
        "2026-11-02T00:00:00Z",
        "2026-11-03T00:00:00Z",
    )
    assert dict(late.not_shown) == {("Observation", "earlier_version"): 1}
    kept = await world.owner.fetch("SELECT version FROM journal.resource WHERE id = 'a' ORDER BY version")
    assert [row["version"] for row in kept] == [1, 2, 3]


async def test_a_later_version_that_corrects_nothing_is_a_change_also_in_the_same_batch(world: World) -> None:
    first, second = result("a", "kari", status="preliminary"), result("a", "kari")
    await world.take(patient("kari", KARI, "Kari"), first, second, now=utc(2026, 11, 3))
    [entry] = await entries(await world.log_in(KARI))
    assert (entry["recorded"], entry.get("corrected"), entry["changed"]) == (
        "2026-11-03T00:00:00Z",
        None,
        "2026-11-03T00:00:00Z",
    )


async def test_what_was_said_wrongly_or_deleted_is_gone(world: World) -> None:
    await world.take(
        patient("kari", KARI, "Kari"), result("a", "kari"), result("b", "kari", "Kreatinin"), version=1
    )
    kari = await world.log_in(KARI)
    assert await titles(kari) == ["Kreatinin", "HbA1c"] or await titles(kari) == ["HbA1c", "Kreatinin"]
    wrong = await world.take(result("a", "kari", status="entered-in-error"), version=2)
    assert dict(wrong.not_shown) == {("Observation", "entered_in_error"): 1}
    await world.delete("Observation", "b", 2)
    assert await entries(kari) == []


async def test_a_deleted_result_does_not_come_back_with_an_older_version(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"), result("a", "kari"), version=2)
    await world.delete("Observation", "a", 3)
    await world.take(result("a", "kari"), version=1)
    assert await entries(await world.log_in(KARI)) == []


async def test_a_result_waits_for_its_patient_and_is_counted_meanwhile(world: World) -> None:
    early = await world.take(result("a", "kari"))
    assert [(bad.entry, bad.reason) for bad in early.quarantined] == [("Observation/a", "unknown_patient")]
    assert await world.owner.fetchval("SELECT missing FROM journal.source WHERE source = 'st-olavs'") == 1
    late = await world.take(patient("kari", KARI, "Kari"))
    early.add(late)
    assert (early.projected["Observation"], early.quarantined, early.balances) == (1, [], True)
    assert await titles(await world.log_in(KARI)) == ["HbA1c"]
    assert await world.owner.fetchval("SELECT missing FROM journal.source WHERE source = 'st-olavs'") == 0


async def test_a_practitioner_who_comes_late_gets_the_name_in_place(world: World) -> None:
    performer = [{"reference": "Practitioner/vik", "display": "Lege"}]
    await world.take(patient("kari", KARI, "Kari"), result("a", "kari", performer=performer))
    kari = await world.log_in(KARI)
    assert [entry["author"] for entry in await entries(kari)] == ["Lege"]
    await world.take({"resourceType": "Practitioner", "id": "vik", "name": [{"text": "Anne Vik"}]})
    assert [entry["author"] for entry in await entries(kari)] == ["Anne Vik"]


async def test_a_resource_that_moves_to_another_person_is_shown_to_neither(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    await world.take(result("a", "kari"), version=1)
    moved = await world.take(result("a", "ola"), version=2)
    assert [bad.reason for bad in moved.quarantined] == ["moved_to_another_person"]
    assert await entries(await world.log_in(KARI)) == []
    assert await entries(await world.log_in(OLA)) == []


async def test_one_person_in_two_systems_has_one_journal(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"), patient("k-17", KARI, "Kari"))
    await world.take(result("a", "kari"), source="st-olavs")
    await world.take(result("b", "k-17", "Kreatinin"), source="fastlege")
    kari = await world.log_in(KARI)
    assert sorted(map(str, await titles(kari))) == ["HbA1c", "Kreatinin"]
    assert await titles(kari, source="fastlege") == ["Kreatinin"]


async def test_a_panel_stands_for_its_parts_whichever_comes_first(world: World) -> None:
    report = {
        "resourceType": "DiagnosticReport",
        "id": "panel",
        "status": "final",
        "category": [{"coding": [{"code": "LAB"}]}],
        "code": {"text": "Blodprøver"},
        "subject": {"reference": "Patient/kari"},
        "effectiveDateTime": "2026-11-20",
        "result": [{"reference": "Observation/a"}, {"reference": "Observation/b"}],
    }
    await world.take(patient("kari", KARI, "Kari"), result("a", "kari"))
    await world.take(report)
    await world.take(result("b", "kari", "Kreatinin"))
    kari = await world.log_in(KARI)
    [panel] = await entries(kari)
    assert (panel["title"], panel["parts"]) == ("Blodprøver", 2)
    opened = (await kari.get(f"/api/entries/{panel['id']}")).json()
    assert [member["title"] for member in opened["members"]] == ["HbA1c", "Kreatinin"]
    # Found by its own name, although the list shows it under the panel.
    assert await titles(kari, q="kreatinin") == ["Kreatinin"]
    # A panel that lets a part go, and then goes itself.
    await world.take({**report, "result": [{"reference": "Observation/a"}]})
    assert sorted(map(str, await titles(kari))) == ["Blodprøver", "Kreatinin"]
    await world.take({**report, "status": "entered-in-error"})
    assert sorted(map(str, await titles(kari))) == ["HbA1c", "Kreatinin"]


async def test_words_are_found_by_stem_and_beginning_and_only_in_ones_own_record(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    note = [{"text": "Blodsukkeret har vært stabilt. Metforminen fortsetter."}]
    await world.take(result("a", "kari", note=note), result("b", "ola", "Ferritin", note=note))
    kari = await world.log_in(KARI)
    for words in ("metformin", "stabile", "blodsuk", "HbA1c metformin", "Metforminen!"):
        assert await titles(kari, q=words) == ["HbA1c"], words
    assert await titles(kari, q="ferritin") == []
    assert await titles(kari, q="') | 'a:*") == []


async def test_the_list_goes_on_where_it_stopped_and_shows_everything_once(world: World) -> None:
    # Many at the same instant: the id decides between them.
    results = [result(f"r{n}", "kari", f"Prøve {n}") for n in range(130)]
    await world.take(patient("kari", KARI, "Kari"), *results)
    kari = await world.log_in(KARI)
    seen: list[str] = []
    cursor = ""
    for _ in range(3):
        answer = (await kari.get("/api/entries", params={"cursor": cursor})).json()
        seen += [entry["title"] for entry in answer["entries"]]
        cursor = answer["next"]
    assert cursor == ""
    assert sorted(seen) == sorted(f"Prøve {n}" for n in range(130))


async def test_a_page_is_one_question_however_much_there_is(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"), result("a", "kari"))
    kari = await world.log_in(KARI)
    addresses = ["/", "/journal", "/journal/lab_results", "/journal/medications", "/settings"]
    one = [await _questions(world, kari, address) for address in addresses]
    await world.take(result("b", "kari"), result("c", "kari"))
    three = [await _questions(world, kari, address) for address in addresses]
    assert one == three == [1, 1, 1, 1, 1]


async def _questions(world: World, browser: httpx.AsyncClient, address: str) -> int:
    """Statements that the web role ran for this address (each answers with one row in the access log)."""
    before = await world.owner.fetchval("SELECT count(*) FROM access.log")
    asked = world.pool.asked
    assert (await browser.get(address)).status_code == 200
    assert await world.owner.fetchval("SELECT count(*) FROM access.log") == before + 1
    return world.pool.asked - asked


async def test_a_misspelt_word_finds_what_it_is_most_like_in_ones_own_record(world: World) -> None:
    await world.take(patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))
    await world.take(result("a", "kari", "Kreatinin"), result("b", "ola", "Kreatinkinase"))
    kari = await world.log_in(KARI)
    page = (await kari.get("/journal", params={"q": "kreatinim"})).text
    assert "Kreatinin" in page
    assert "Kreatinkinase" not in page
