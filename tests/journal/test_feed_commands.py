"""`innsyn feed` as an operator uses it, against a real database."""

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from click.testing import CliRunner, Result

from innsyn.feed_commands import feed
from innsyn.identity.national_identity import REAL, SYNTHETIC, identity_of

_SECRET = "12846813010"

Innsyn = Callable[..., Result]


@pytest.fixture
def innsyn(worker_dsn: str, tmp_path: Path) -> Innsyn:
    def run(*arguments: object, **settings: str) -> Result:
        environment = {
            "INNSYN_HOME": str(tmp_path / "home"),
            "INNSYN_DATABASE_WORKER": worker_dsn,
            "COLUMNS": "160",
        }
        # The command runs a loop of its own, so not in the thread of ours.
        with ThreadPoolExecutor(1) as aside:
            command = aside.submit(
                CliRunner().invoke, feed, [*map(str, arguments)], env=environment | settings
            )
            return command.result()

    return run


def a_patient(id_: str, family: str, born: str | None = "1968-04-28") -> dict[str, Any]:
    name = [{"family": family, "given": ["Kari"]}]
    return {"resourceType": "Patient", "id": id_, "name": name} | ({"birthDate": born} if born else {})


def a_diagnosis(id_: str, patient: str, text: str = "Astma") -> dict[str, Any]:
    about = {"subject": {"reference": f"Patient/{patient}"}, "code": {"text": text}}
    return {"resourceType": "Condition", "id": id_, "recordedDate": "2026-11-20"} | about


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two people, something for no citizen, and one thing that is broken."""
    made = tmp_path / "journal"
    made.mkdir()
    said = [a_diagnosis("asthma", "kari"), a_diagnosis("cough", "ola"), a_patient("kari", "Nordli")]
    said += [a_patient("ola", "Aune", None), {"resourceType": "StructureDefinition", "id": "a-profile"}]
    broken = f'{{"resourceType":"Condition","id":"broken","code":{{"text":"{_SECRET}","text":"x"}}}}'
    (made / "all.ndjson").write_text("\n".join([*map(json.dumps, said), broken]))
    return made


def test_a_load_accounts_for_everything(innsyn: Innsyn, folder: Path) -> None:
    done = innsyn("load", folder)
    assert done.exit_code == 0, done.stderr
    assert "6 read = 2 projected + 3 not shown + 1 quarantined" in done.stdout
    assert "Condition/broken" in done.stdout
    assert "duplicate_key" in done.stdout
    assert _SECRET not in done.stdout + done.stderr


def test_loading_the_same_again_changes_nothing(innsyn: Innsyn, folder: Path, worker_dsn: str) -> None:
    innsyn("load", folder, "--assign-test-identifiers")
    before = asyncio.run(_rows(worker_dsn))
    again = innsyn("load", folder, "--assign-test-identifiers")
    assert "6 read = 0 projected + 0 not shown + 1 quarantined + 5 unchanged" in again.stdout
    assert asyncio.run(_rows(worker_dsn)) == before


def test_the_summary_for_scripts(innsyn: Innsyn, folder: Path) -> None:
    done = innsyn("load", folder, "--json", "--source", "st-olavs", "--assign-test-identifiers")
    told = json.loads(done.stdout)
    people = told.pop("people")
    assert told.pop("seconds") > 0
    assert told == {
        "feed": "files:st-olavs",
        "read": 6,
        "projected": 2,
        "not_shown": 3,
        "quarantined": 1,
        "unchanged": 0,
        "adds_up": True,
        "bytes": (folder / "all.ndjson").stat().st_size,
        "kinds": {
            "Condition": _row(read=3, projected=2, quarantined={"duplicate_key": 1}),
            "Patient": _row(read=2, not_shown={"who_it_is_about": 2}),
            "StructureDefinition": _row(read=1, not_shown=told["kinds"]["StructureDefinition"]["not_shown"]),
        },
        "quarantined_entries": [
            {
                "entry": "Condition/broken",
                "kind": "Condition",
                "source": "st-olavs",
                "position": 6,
                "reason": "duplicate_key",
                "explanation": "A field is given twice in the same object.",
            }
        ],
    }
    assert [(one["patient"], one["name"]) for one in people] == [
        ("Patient/ola", "Kari Aune"),
        ("Patient/kari", "Kari Nordli"),
    ]
    numbers = [identity_of(one["identifier"], allow=SYNTHETIC) for one in people]
    assert all(number is not None and number.origin == "tenor" for number in numbers)
    assert people[1]["identifier"].startswith("288468")
    assert (
        json.loads(
            innsyn("load", folder, "--json", "--source", "st-olavs", "--assign-test-identifiers").stdout
        )["people"]
        == people
    )


def _row(read: int, projected: int = 0, **parts: dict[str, int]) -> dict[str, Any]:
    return {"read": read, "projected": projected, "not_shown": {}, "quarantined": {}, "unchanged": 0} | parts


def test_a_patient_that_changes_keeps_the_number(innsyn: Innsyn, folder: Path) -> None:
    first = json.loads(innsyn("load", folder, "--json", "--assign-test-identifiers").stdout)["people"]
    (folder / "all.ndjson").write_text(json.dumps(a_patient("kari", "Nordli Berg")))
    [kari] = json.loads(innsyn("load", folder, "--json", "--assign-test-identifiers").stdout)["people"]
    assert kari == first[1] | {"name": "Kari Nordli Berg"}


def test_test_numbers_are_never_given_in_production(innsyn: Innsyn, folder: Path, worker_dsn: str) -> None:
    done = innsyn("load", folder, "--assign-test-identifiers", INNSYN_PRODUCTION="1")
    assert done.exit_code == 2
    assert "never given in production" in done.stderr
    assert asyncio.run(_rows(worker_dsn)) == []


def test_files_of_different_sources_do_not_mix(innsyn: Innsyn, tmp_path: Path) -> None:
    (tmp_path / "patient.json").write_text(json.dumps(a_patient("kari", "Nordli")))
    (tmp_path / "diagnosis.json").write_text(json.dumps(a_diagnosis("asthma", "kari")))
    innsyn("load", tmp_path / "patient.json", "--source", "one")
    assert "1 quarantined" in innsyn("load", tmp_path / "diagnosis.json", "--source", "another").stdout
    assert "1 projected" in innsyn("load", tmp_path / "diagnosis.json", "--source", "one").stdout


def test_what_is_in_quarantine_is_listed_explained_and_shown_on_request_only(
    innsyn: Innsyn, folder: Path
) -> None:
    assert "Nothing is in quarantine." in innsyn("quarantine", "list").stdout
    innsyn("load", folder)
    assert "Condition/broken" in innsyn("quarantine", "list").stdout
    assert "Condition/broken" not in innsyn("quarantine", "list", "--reason", "too_large").stdout
    shown = innsyn("quarantine", "show", "Condition/broken").stdout
    assert "duplicate_key: A field is given twice in the same object." in shown
    assert _SECRET not in shown
    assert _SECRET in innsyn("quarantine", "show", "Condition/broken", "--body").stdout
    assert innsyn("quarantine", "show", "Condition/other").exit_code == 1


def test_a_number_in_an_id_is_not_printed(innsyn: Innsyn, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(a_diagnosis(_SECRET, "nobody")))
    done = innsyn("load", tmp_path / "a.json")
    assert "1 quarantined" in done.stdout
    assert _SECRET not in done.stdout
    assert _SECRET not in innsyn("quarantine", "list").stdout
    assert _SECRET not in innsyn("quarantine", "show", f"Condition/{_SECRET}").stdout


def test_the_status_tells_how_far_each_feed_is_read(innsyn: Innsyn, folder: Path) -> None:
    innsyn("load", folder, "--source", "st-olavs")
    told = innsyn("status").stdout
    assert "files:st-olavs" in told
    assert " 6 " in told


def test_an_export_is_loaded_from_a_journal(innsyn: Innsyn, journal: str) -> None:
    told = json.loads(innsyn("export", f"{journal}/fhir/Group/all", "--json").stdout)
    assert told["adds_up"]
    assert told["read"] > 1000
    assert told["bytes"] > 1_000_000


def test_what_is_wrong_is_said_in_one_line(innsyn: Innsyn, tmp_path: Path) -> None:
    nobody = "postgresql://innsyn_worker@127.0.0.1:1/innsyn"
    for done, text in (
        (innsyn("load", tmp_path / "nowhere"), "is not there"),
        (innsyn("status", INNSYN_DATABASE_WORKER=""), "Set INNSYN_DATABASE_WORKER"),
        (innsyn("status", INNSYN_DATABASE_WORKER=nobody), "The database cannot be reached"),
        (innsyn("export", "http://127.0.0.1:1/Group/1"), "cannot be reached"),
    ):
        assert done.exit_code == 1
        assert text in done.stderr
        assert "Traceback" not in done.stderr


async def _rows(dsn: str) -> list[tuple[object, ...]]:
    db = await asyncpg.connect(dsn)
    try:
        kept = await db.fetch(
            "SELECT kind, id, version, digest, person_id FROM journal.resource ORDER BY 1, 2, 3"
        )
        shown = await db.fetch(
            "SELECT person_id, entry_id, version, line, detail FROM record.entry ORDER BY 2"
        )
        numbers = await db.fetch("SELECT value, person_id FROM identity.person_identifier ORDER BY 1")
    finally:
        await db.close()
    return [tuple(row) for row in (*kept, *shown, *numbers)]


def test_a_test_patient_with_a_number_of_the_real_form_gets_one_to_log_in_with(
    innsyn: Innsyn, folder: Path
) -> None:
    # No literal: a number of this form may be somebody's.
    real = next(number for n in range(10**5) if identity_of(number := f"020132{n:05}", allow=REAL))
    known = {"identifier": [{"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": real}]}
    (folder / "all.ndjson").write_text(json.dumps(a_patient("kari", "Nordli") | known))
    done = innsyn("load", folder, "--json", "--assign-test-identifiers")
    [kari] = json.loads(done.stdout)["people"]
    assert identity_of(kari["identifier"], allow=SYNTHETIC)
    assert real not in done.stdout + done.stderr
