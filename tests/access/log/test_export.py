"""The log to take along: a spreadsheet that runs nothing, and AuditEvents that any FHIR system can read."""

import csv
import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from access.looked import EVERYBODY, decision, look_up
from innsyn.access.reader import Reader
from innsyn.records.access_log import export, queries
from innsyn.records.access_log.export import as_csv
from innsyn.records.access_log.kept import HEALTH, Kept
from world import KARI, OLA, World, patient, utc

NOW = utc(2026, 11, 20)
BOTH = (patient("kari", KARI, "Kari"), patient("ola", OLA, "Ola"))


def read(body: bytes) -> list[list[str]]:
    """The file as Excel in Norwegian reads it."""
    assert body.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig")), delimiter=";"))


async def test_a_spreadsheet_with_everybody_who_looked(world: World) -> None:
    event = look_up("a", template="BLAALYS", entity=[{"what": {"reference": "Observation/1"}}])
    event["extension"].append(decision("Blålys"))
    await world.take(*EVERYBODY, *BOTH, event, look_up("b", of="ola", by="bente"), now=NOW)
    kari = await world.log_in(KARI)
    await kari.get("/journal")
    answer = await kari.get("/access/log/export.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="innsynslogg.csv"'
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (
        "text/csv; charset=utf-8",
        "no-store",
    )
    head, own, looked = read(answer.content)
    assert head == [
        "Tidspunkt", "Hvem", "Rolle eller rett", "Enhet", "Virksomhet", "Hva", "Grunn",
        "Grunn med deres ord", "Øyeblikkelig hjelp", "Stoppet",
    ]  # fmt: skip
    assert (own[1], own[3:6]) == ("Kari Nordli", ["", "Innsyn", "Så på en liste"])
    assert looked == [
        "2026-11-03 10:00:00", "Anne Vik", "sykepleier", "Medisinsk sengepost 2", "Sykehuset Levanger",
        "Leste: prøvesvar", "øyeblikkelig hjelp", "Blålys", "ja", "",
    ]  # fmt: skip
    # To take the log along is a reading like any other.
    assert [row[5] for row in read((await kari.get("/access/log/export.csv")).content)][1] == "Så i loggen"


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "\uff1d1", "=cmd|'/c calc'!A0"]


@pytest.mark.parametrize("evil", FORMULAS)
def test_no_cell_is_a_formula(evil: str) -> None:
    row = Kept(
        id="1",
        at=NOW,
        by=HEALTH,
        name=evil,
        role=evil,
        unit=evil,
        organisation=evil,
        act="read",
        decision=evil,
    )
    cells = read(as_csv([row], "nb"))[1]
    assert [cell for cell in cells if cell[:1] in set("=+-@\t\r\uff1d") or "\n" in cell] == []
    assert len(cells) == 10


@pytest.mark.parametrize("evil", ['";"', 'a"b', "a;b", "a\r\nb;c"])
def test_no_text_becomes_a_cell_or_a_row_of_its_own(evil: str) -> None:
    rows = read(as_csv([Kept(id="1", at=NOW, by=HEALTH, name=evil, act="read")], "nb"))
    assert [len(row) for row in rows] == [10, 10]
    assert rows[1][1] == " ".join(evil.split())


@pytest.mark.parametrize(("told", "shown"), [("", "2026-11-20 01:00:00"), ("2026-11-20", "2026-11-20")])
def test_a_day_without_a_clock_gets_none(told: str, shown: str) -> None:
    row = Kept(id="1", at=NOW, by=HEALTH, told=told, act="read")
    assert read(as_csv([row], "nb"))[1][0] == shown


# http://hl7.org/fhir/R4/auditevent.html: what must be there, and what may.
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_FIELDS = {
    "resourceType", "id", "type", "action", "recorded", "outcome", "purposeOfEvent", "agent", "source", "entity",
}  # fmt: skip


def must_be_r4(event: dict[str, Any]) -> None:
    assert event.keys() <= _FIELDS
    assert event["resourceType"] == "AuditEvent"
    assert _ID.fullmatch(event["id"])
    assert event["type"].keys() == {"system", "code", "display"}
    assert event["action"] in set("CRUDE")
    assert _INSTANT.fullmatch(event["recorded"])
    assert event["outcome"] in {"0", "4", "8", "12"}
    assert len(event["agent"]) == 1
    for agent in event["agent"]:
        assert agent.keys() <= {"requestor", "name", "who", "role"}
        assert agent["requestor"] is True
        assert all(agent.values())
        assert all(role.keys() == {"text"} and role["text"] for role in agent.get("role", []))
    assert event["source"]["observer"]["display"]
    assert all(purpose.keys() == {"text"} and purpose["text"] for purpose in event.get("purposeOfEvent", []))
    for entity in event["entity"]:
        assert entity.keys() == {"what", "role"}
        assert entity["what"].keys() <= {"type", "display", "identifier"}


async def test_a_bundle_of_audit_events_with_the_own_readings_too(world: World) -> None:
    await world.take(
        *EVERYBODY, *BOTH, look_up("a", outcome="8"), look_up("b", agent=[]), look_up("c", of="ola"), now=NOW
    )
    kari = await world.log_in(KARI)
    await kari.get("/journal")
    answer = await kari.get("/access/log/export.json")
    assert answer.headers["content-type"] == "application/fhir+json"
    assert answer.headers["content-disposition"] == 'attachment; filename="innsynslogg.json"'
    bundle = answer.json()
    assert (bundle["resourceType"], bundle["type"], bundle.keys() >= {"timestamp", "entry"}) == (
        "Bundle",
        "collection",
        True,
    )
    urls = [entry["fullUrl"] for entry in bundle["entry"]]
    assert len(urls) == len(set(urls)) == 3
    for entry in bundle["entry"]:
        must_be_r4(entry["resource"])
    own, *looked = [entry["resource"] for entry in bundle["entry"]]
    assert (own["agent"], own["action"]) == (
        [{"requestor": True, "name": "Kari Nordli", "who": {"display": "Kari Nordli"}}],
        "R",
    )
    assert sorted((event["outcome"], event["agent"][0].get("name", "")) for event in looked) == [
        ("0", ""),
        ("4", "Anne Vik"),
    ]
    assert KARI not in answer.text


async def test_only_the_period_and_no_more_than_fits(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    days = [look_up(f"d{n}", at=f"2026-11-{n:02}T10:00:00+01:00") for n in range(1, 11)]
    await world.take(*EVERYBODY, *BOTH, *days, now=NOW)
    kari = await world.log_in(KARI)
    some = read((await kari.get("/access/log/export.csv?from=2026-11-03&to=2026-11-05")).content)[1:]
    assert [row[0][:10] for row in some] == ["2026-11-05", "2026-11-04", "2026-11-03"]
    monkeypatch.setattr(queries, "MOST_EXPORTED", 4)
    newest = read((await kari.get("/access/log/export.csv?to=2026-11-10")).content)[1:]
    assert [row[0][8:10] for row in newest] == ["10", "09", "08", "07"]


def test_an_empty_log_is_an_empty_bundle() -> None:
    now = datetime.now(UTC)
    reader = Reader(
        **dict.fromkeys(Reader.__struct_fields__) | {"subject_name": "Kari", "at": now}  # type: ignore[arg-type]
    )
    assert b'"entry":[]' in export.as_bundle([], reader)
