"""Whatever is wrong with a code, the answer is the same: the same bytes, in the same time."""

import math
import random
import statistics
import time

import httpx

from access.fullmakt.giving import claimed, code_for, drafted, given
from access.permits import person_of
from innsyn.access.fullmakt.codes import new_code
from world import KARI, OLA, World

EVA = "05895894984"
_PAIRS = 300


async def test_no_answer_tells_why_or_whose(four: World) -> None:
    kari, ola, eva = await four.log_in(KARI), await four.log_in(OLA), await four.log_in(EVA)
    codes = {}
    for what in ("wrong name", "one word", "expired", "withdrawn", "worn", "secret giver"):
        codes[what] = await code_for(kari, await drafted(kari, label=what))
    codes["own"] = await code_for(ola, await drafted(ola))
    address = await drafted(kari)
    codes["used"] = await code_for(kari, address)
    assert (await claimed(eva, codes["used"], "Kari Nordli")).status_code == 303
    replaced = await drafted(kari)
    codes["replaced"] = await code_for(kari, replaced)
    await code_for(kari, replaced)
    await _make(four, "expired", "invited_until = now()")
    for _ in range(5):
        await claimed(eva, codes["worn"], "Eva Nordli")
    await _make(four, "withdrawn", "state = 'withdrawn'")
    names = {"wrong name": "Eva Nordli", "one word": "Kari", "own": "Ola Nordli"}

    answers = {"unknown": await claimed(ola, new_code(), "Kari Nordli")}
    for what, code in codes.items():
        if what != "secret giver":
            answers[what] = await claimed(ola, code, names.get(what, "Kari Nordli"))
        await four.owner.execute("UPDATE access.claim_try SET at = now() - interval '2 days'")
    await four.owner.execute(
        "UPDATE identity.person SET secret = true WHERE person_id = $1", await person_of(four, KARI)
    )
    answers["secret giver"] = await claimed(ola, codes["secret giver"], "Kari Nordli")
    first = answers["unknown"]
    assert first.status_code == 400
    assert "Koden og navnet kan ikke brukes." in first.text
    told = {what: (each.status_code, each.content) for what, each in answers.items()}
    assert told == dict.fromkeys(answers, (first.status_code, first.content))
    for code in codes.values():
        assert code not in first.text


async def _make(four: World, label: str, change: str) -> None:
    await four.owner.execute(f"UPDATE access.fullmakt SET {change} WHERE label = $1", label)  # noqa: S608


async def test_five_wrong_names_and_the_code_is_dead_and_the_giver_is_told(four: World) -> None:
    kari, ola = await four.log_in(KARI), await four.log_in(OLA)
    address = await drafted(kari)
    code = await code_for(kari, address)
    for _ in range(5):
        assert (await claimed(ola, code, "Eva Nordli")).status_code == 400
    assert (await claimed(ola, code, "Kari Nordli")).status_code == 400
    assert "prøvd med feil navn for mange ganger" in (await kari.get(address)).text
    assert (await claimed(ola, await code_for(kari, address), "Kari Nordli")).status_code == 303


async def test_ten_tries_a_day_whoever_s_code_it_is(four: World) -> None:
    kari, ola, eva = await four.log_in(KARI), await four.log_in(OLA), await four.log_in(EVA)
    code = await code_for(kari, await drafted(kari))
    for _ in range(10):
        refused = await claimed(ola, new_code(), "Kari Nordli")
    # A second session is the same person.
    eleventh = await claimed(await four.log_in(OLA), code, "Kari Nordli")
    assert (eleventh.status_code, eleventh.content) == (400, refused.content)
    assert (await claimed(eva, code, "Kari Nordli")).status_code == 303
    code = await code_for(kari, await drafted(kari))
    await four.owner.execute("UPDATE access.claim_try SET at = at - interval '25 hours'")
    assert (await claimed(ola, code, "Kari Nordli")).status_code == 303


async def test_what_cannot_be_a_code_is_told_without_asking(four: World) -> None:
    ola = await four.log_in(OLA)
    for code, name, told in (
        ("ABC", "Kari Nordli", "Se over koden."),
        ("", "", "Skriv navnet til den som ga deg koden."),
        ("O0O0O-O0O0O", "Kari Nordli", "Se over koden."),
    ):
        answer = await claimed(ola, code, name)
        assert answer.status_code == 400
        assert told in answer.text
    assert await four.owner.fetchval("SELECT count(*) FROM access.claim_try") == 0


async def test_no_fullmakt_of_others_can_be_told_from_none(four: World) -> None:
    kari, ola, eva = await four.log_in(KARI), await four.log_in(OLA), await four.log_in(EVA)
    address = await given(kari, ola, "Kari Nordli")
    nobodys = "/access/fullmakt/0b5b2c1e-2f50-4f0e-9d28-0f5d2a3f7c11"
    answers = []
    for each in (address, nobodys):
        for path, form in ((each, None), (f"{each}/change", None), (each, {"do": "end"})):
            method = "POST" if form else "GET"
            answer = await eva.request(method, path, data=form)
            answers.append((answer.status_code, answer.content))
    assert answers[:3] == answers[3:]
    assert {status for status, _ in answers} == {404}
    # What is the giver's to do is not the receiver's.
    for do in ("invite", "confirm", "preview", "still_right", "withdraw"):
        assert (await ola.post(address, data={"do": do})).status_code == 404


async def test_the_time_tells_nothing_either(four: World) -> None:
    kari, ola = await four.log_in(KARI), await four.log_in(OLA)
    known = await code_for(kari, await drafted(kari))
    took: dict[str, list[float]] = {"known": [], "unknown": []}
    order = random.Random(7)  # noqa: S311 - only which of the two comes first
    for number in range(_PAIRS + 5):
        await four.owner.execute("DELETE FROM access.claim_try")
        pair = ["known", "unknown"]
        order.shuffle(pair)
        for which in pair:
            code = known if which == "known" else new_code()
            seconds = await _timed(ola, code)
            if number >= 5:
                took[which].append(seconds)
    apart = abs(statistics.median(took["known"]) - statistics.median(took["unknown"]))
    assert apart < 0.0005, f"{apart * 1000:.2f} ms apart"
    assert mann_whitney(took["known"], took["unknown"]) > 0.001


async def _timed(browser: httpx.AsyncClient, code: str) -> float:
    begun = time.perf_counter()
    answer = await claimed(browser, code, "Ingen Kjent")
    assert answer.status_code == 400
    return time.perf_counter() - begun


def mann_whitney(one: list[float], other: list[float]) -> float:
    """How likely two samples that differ so much are from the same source (both sides, normal approximation)."""
    ranked = sorted([(value, 0) for value in one] + [(value, 1) for value in other])
    ranks = sum(place for place, (_, which) in enumerate(ranked, 1) if which == 0)
    few, many = len(one), len(other)
    u = ranks - few * (few + 1) / 2
    spread = math.sqrt(few * many * (few + many + 1) / 12)
    return math.erfc(abs(u - few * many / 2) / spread / math.sqrt(2))
