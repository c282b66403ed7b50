"""The authorization matrix: every route, met by everybody there is a rule about. What is expected comes from the book.

Routes come from the application, persons from `personas.py`, and what a person may see from the rule book and the
levels of a fullmakt. So a new route is met by everybody without being named here, and a
rule that changes moves its row.
"""

from uuid import UUID, uuid4

import httpx
import pytest

from access.every_kind import NEVER_SHOWN, TITLES, WITHHELD, every_kind
from access.permits import ALWAYS, handle, permit, person_of, site
from access.personas import PERSONAS, Persona
from access.test_isolation import EXPECTED, routes
from innsyn.access.audience import Audience
from innsyn.access.book.versions import HELSENORGE
from innsyn.access.capability import ONE_FORM_RULE
from innsyn.access.fullmakt.levels import LEVELS, kind_of_form
from innsyn.records.kinds import Kind
from world import World, result, utc

RECORD = ("/journal", "/forms", "/messages", "/api/entries", "/api/forms", "/live")
# What there is for somebody with one form (tests/access/test_one_form.py has the routes of the form itself).
ONE_FORM = ("/forms", "/api/forms", "/live")
MARKS = ("Marka", "98765")


async def arrange(world: World, persona: Persona) -> tuple[httpx.AsyncClient, str, dict[str, UUID]]:
    """The browser of the person, what the addresses of the record begin with, and its entries by title."""
    await world.take(*persona.feed())
    await world.take(*every_kind("ella"))
    entries = {}
    for row in await world.owner.fetch(
        "SELECT entry_id, convert_from(line, 'UTF8') AS line FROM record.entry"
    ):
        for kind, title in [*TITLES.items(), ("withheld", WITHHELD), ("never", NEVER_SHOWN)]:
            if f'"{title}"' in row["line"]:
                entries[kind] = row["entry_id"]
    assert set(entries) == {*TITLES, "withheld", "never"}
    subject_id = await person_of(world, persona.subject)
    if persona.session == "none":
        return world.browser(), "/for/AAAAAAAAAAAAAAAA", entries
    browser = await world.log_in(persona.actor)
    if persona.level:
        given = LEVELS[persona.level]
        await permit(
            world,
            persona.actor,
            persona.subject,
            audience=Audience.HELPER,
            capabilities=given.everywhere,
            kinds=[kind_of_form(str(UUID(int=1)))] if persona.only_forms else given.kinds,
            until=utc(2020, 1, 1) if persona.ended else ALWAYS,
            rule=ONE_FORM_RULE if persona.only_forms else "fullmakt",
        )
    base = "" if persona.own else f"/for/{await handle(world, browser, subject_id)}"
    if persona.session == "expired":
        await world.owner.execute("UPDATE identity.session SET last_used_at = now() - interval '31 minutes'")
    return browser, base, entries


def permitted(persona: Persona) -> set[str]:
    """The kinds of which this person sees the entry."""
    kinds = persona.kinds()
    return set(TITLES) if kinds is None else {kind for kind in TITLES if kind in kinds}


def status_of(persona: Persona) -> int:
    """What is met at the address of the record."""
    if persona.session != "open":
        return 401
    return 200 if persona.opens and not persona.only_forms else 404


def may(persona: Persona, address: str) -> bool:
    """Is there anything at this address of the record for this person?"""
    if address.startswith("/messages"):
        return persona.has_messages
    return persona.opens and (not persona.only_forms or address.startswith(ONE_FORM))


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.name)
async def test_what_is_seen_is_what_the_rule_book_says(world: World, persona: Persona) -> None:
    browser, base, entries = await arrange(world, persona)
    expected, status = permitted(persona), status_of(persona)
    lists = [
        f"{base}/journal",
        f"{base}/api/entries",
        f"{base}/api/entries?q=marka",
        f"{base}/journal?q=marka",
    ]
    for address in [*lists, f"{base}/"]:
        answer = await browser.get(address)
        # The first page of whoever has one form is the page of forms.
        leads_on = persona.only_forms and address == f"{base}/"
        assert answer.status_code == (303 if leads_on else status), address
        found = {kind for kind, title in TITLES.items() if title in answer.text}
        if address != f"{base}/":
            assert found == (expected if status == 200 else set()), address
        assert found <= expected, address
        assert NEVER_SHOWN not in answer.text
        assert "98765" not in answer.text
    for kind, entry in entries.items():
        place = "lab_results" if kind in {"withheld", "never"} else kind.removesuffix(".past")
        # A result that waits is a placeholder to whoever may see results; the other is nobody's.
        seen = kind in expected or (kind == "withheld" and "lab_results" in expected)
        wanted = 200 if seen and status == 200 else 404 if status == 200 else status
        for address in (f"{base}/journal/{place}/{entry}", f"{base}/api/entries/{entry}"):
            answer = await browser.get(address)
            assert answer.status_code == wanted, (kind, address)
            if wanted != 200 or kind == "withheld":
                assert not any(mark in answer.text for mark in MARKS), (kind, address)


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.name)
async def test_every_route_by_everybody(world: World, persona: Persona) -> None:
    browser, base, entries = await arrange(world, persona)
    expected = permitted(persona) if status_of(persona) == 200 else set()
    forbidden = [title for kind, title in TITLES.items() if kind not in expected] + [
        NEVER_SHOWN,
        WITHHELD,
        "98765",
    ]
    differences = []
    for method, route in sorted(routes(world)):
        row = EXPECTED[method, route]
        some = (entries["lab_results"], entries["notes"], uuid4())
        for entry in some if "{entry}" in row.address else some[:1]:
            address = row.address.format(entry=entry)
            for prefix in {base, "/for/AAAAAAAAAAAAAAAA"}:
                ours = prefix == base
                answer = await world.browser_like(browser).request(
                    method, f"{prefix}{address}", data=row.form
                )
                told = [title for title in forbidden if title in answer.text]
                of_record = address == "/" or address.startswith(RECORD)
                wrong = prefix and not of_record and answer.status_code not in {404, 405, 401}
                may_open = ours and may(persona, address)
                opened = prefix and of_record and answer.status_code == 200 and not may_open
                if told or wrong or opened or (answer.status_code >= 500 and "login" not in route):
                    differences.append((method, f"{prefix}{address}", answer.status_code, told))
    assert differences == []


# (Of the own record there is no other to compare with.)
TOLD = {rule.key for rule in HELSENORGE.rules if rule.denies} - {"secret_address", "deceased"}
CLOSED = [each for each in PERSONAS if not each.opens and not each.own]


@pytest.mark.parametrize("persona", CLOSED, ids=lambda each: each.name)
async def test_closed_looks_like_not_there(world: World, persona: Persona) -> None:
    browser, base, entries = await arrange(world, persona)
    for address in ("/", "/journal", "/api/entries", f"/journal/lab_results/{entries['lab_results']}"):
        closed = await browser.get(f"{base}{address}")
        nowhere = await browser.get(f"/for/AAAAAAAAAAAAAAAA{address}")
        assert closed.status_code == nowhere.status_code
        if persona.rule in TOLD:
            # Somebody the rules speak of is told which rule, and nothing of the other one.
            assert address.startswith("/api/") or f"/rules#{persona.rule}" in closed.text
            assert "Ella" not in closed.text
        else:
            assert _bare(closed) == _bare(nowhere)


@pytest.mark.parametrize("persona", [each for each in PERSONAS if each.opens], ids=lambda each: each.name)
async def test_what_one_may_not_know_of_leaves_no_trace_anywhere(world: World, persona: Persona) -> None:
    """The whole site is byte for byte the same with and without it: counts, search, news, freshness, refusals."""
    browser, base, entries = await arrange(world, persona)
    ids = [str(entry) for entry in entries.values()]
    before = await site(browser, base, words=("marka", "hemmelig"), ids=ids)
    unseen = [
        resource
        for resource, kind in zip(every_kind("ella"), [*TITLES, "withheld", "never"], strict=True)
        if kind == "never" or (kind in TITLES and kind not in permitted(persona))
    ]
    # Again with other ids, from a service that nobody has heard of; and one that the person keeps from all others.
    kept = result("kept", "ella", "Marka hemmelig")
    await world.take(*({**each, "id": f"new-{each['id']}"} for each in unseen), source="et-ukjent-sted")
    if not persona.own:
        await world.take(kept, source="et-ukjent-sted")
        await world.owner.execute(
            "INSERT INTO access.hidden (person_id, entry_id, from_audience, by_id) "
            "SELECT person_id, entry_id, 28, person_id FROM record.entry WHERE line LIKE '%Marka hemmelig%'::bytea"
        )
    assert await world.owner.fetchval("SELECT count(*) FROM record.entry WHERE source = 'et-ukjent-sted'")
    assert await site(browser, base, words=("marka", "hemmelig"), ids=ids) == before


def _bare(answer: httpx.Response) -> str:
    # A page for logging in again leads back to the address that was asked for.
    return answer.text.replace(answer.request.url.path.split("/")[2], "")


def test_every_kind_is_in_the_matrix() -> None:
    assert {kind.removesuffix(".past") for kind in TITLES} == set(Kind)
