"""The citizens: synthetic numbers with right checksums, families that hold together, an address that is nowhere."""

import subprocess
import sys
from datetime import date
from typing import Any

import msgspec
import pytest

from standins.journal.app import demo_people
from standins.journal.demo.people import PEOPLE
from standins.journal.sequence import Journal

FIRST, SECOND = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1), (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
NUMBERS = [(one.key, pid) for one in PEOPLE for pid in (one.pid, one.earlier_pid) if pid]


@pytest.mark.parametrize(("key", "pid"), NUMBERS)
def test_identity_numbers_are_synthetic_and_add_up(key: str, pid: str) -> None:
    digits = [int(digit) for digit in pid]
    sums = [
        sum(weight * digit for weight, digit in zip(weights, digits, strict=False)) % 11
        for weights in (FIRST, SECOND)
    ]
    assert (key, len(pid), sums) == (key, 11, [0, 0])
    born = next(one.born for one in PEOPLE if one.key == key)
    day = int(pid[:2]) - (40 if int(pid[0]) >= 4 else 0)
    assert (day, int(pid[2:4]) - 80, int(pid[4:6])) == (born.day, born.month, born.year % 100)


def test_no_two_citizens_share_a_number_or_a_key() -> None:
    assert len({pid for _, pid in NUMBERS}) == len(NUMBERS)
    assert len({one.key for one in PEOPLE}) == len(PEOPLE)


def test_the_ages_are_those_they_are_told_to_have(today: date) -> None:
    ages = {
        one.key: today.year - one.born.year - ((today.month, today.day) < (one.born.month, one.born.day))
        for one in PEOPLE
    }
    assert ages == {one.key: int(one.about.split(" ")[0]) for one in PEOPLE}


def test_number_and_system_go_together(journal: Journal) -> None:
    systems = {
        (key, number["system"][-1], number.get("use"), number.get("period", {}).get("end"))
        for key in ("amir-haddad", "kari-nordli", "olena-kovalenko")
        for number in newest(journal, "Patient", key)["identifier"]
    }
    assert systems == {
        ("amir-haddad", "2", "official", None),
        ("kari-nordli", "1", "official", None),
        ("olena-kovalenko", "2", "old", "2024-09-02"),
        ("olena-kovalenko", "1", "official", None),
    }


def test_a_child_has_two_parents_seen_from_the_parent(journal: Journal) -> None:
    assert relations(journal, "ella-aune") == {"marte-aune": ["mor", "felles"], "per-aune": ["far", "felles"]}
    assert relations(journal, "marte-aune") == {
        "per-aune": ["ektefelleEllerPartner"],
        "ella-aune": ["barn"],
        "jonas-aune": ["barn"],
        "sigrid-aune": ["barn"],
    }


def test_every_rule_of_access_has_somebody_in_the_demo(journal: Journal) -> None:
    assert relations(journal, "odin-vold") == {
        "hanne-myhre": ["mor", "felles"],
        "lars-vold": ["far", "felles"],
    }
    assert relations(journal, "nora-vold") == {"lars-vold": ["far", "far"]}
    assert relations(journal, "anders-jama") == {"solveig-jama": ["N"], "henrik-fossum": ["GUARD"]}
    assert relations(journal, "olav-nordli") == {"kari-nordli": ["barn", "N"]}
    where = {key: newest(journal, "RelatedPerson", key).get("extension") for key in ("odin-vold-lars-vold",)}
    assert where == {"odin-vold-lars-vold": [{"url": "urn:innsyn:residence", "valueCode": "other"}]}
    papers = [entry.taken.id for entry in journal.entries if entry.taken.kind == "Consent"]
    assert sorted(papers) == ["anders-jama-samtykkekompetanse", "jonas-aune-ungdomstilgang"]


def test_nothing_says_where_somebody_with_a_secret_address_lives(journal: Journal) -> None:
    hidden = {"sara-lian", "live-lian"}
    sara, live = (newest(journal, "Patient", key) for key in ("sara-lian", "live-lian"))
    protection = {
        "system": "urn:innsyn:address-confidentiality",
        "code": "6",
        "display": "Strengt fortrolig adresse",
    }
    assert sara["extension"] == [{"url": "urn:innsyn:address-confidentiality", "valueCoding": protection}]
    assert live["extension"] == sara["extension"]
    mother = newest(journal, "RelatedPerson", "live-lian-sara-lian")
    assert {"address", "telecom", "contact"} & {*sara, *live, *mother} == set()
    others = [one["address"][0]["district"] for one in everyone(journal) if one["id"] not in hidden]
    assert (len(others), all(others)) == (len(PEOPLE) - len(hidden), True)


def test_the_list_of_people_needs_no_server() -> None:
    command = [sys.executable, "-m", "standins.journal", "--people"]
    printed = subprocess.run(command, check=True, capture_output=True, cwd="backend").stdout
    assert msgspec.json.decode(printed) == demo_people()
    assert demo_people()[0] == {
        "key": "kari-nordli",
        "name": "Kari Nordli",
        "pid": "12846813010",
        "about": "58 år, Steinkjer. Diabetes type 2, ti år med prøvesvar",
    }


def newest(journal: Journal, kind: str, key: str) -> dict[str, Any]:
    found = [entry.resource for entry in journal.entries if (entry.taken.kind, entry.taken.id) == (kind, key)]
    return found[-1] or {}


def everyone(journal: Journal) -> list[dict[str, Any]]:
    return [newest(journal, "Patient", one.key) for one in PEOPLE]


def relations(journal: Journal, key: str) -> dict[str, list[str]]:
    subject = f"Patient/{key}"
    found = [
        entry.resource
        for entry in journal.entries
        if entry.taken.kind == "RelatedPerson" and entry.taken.subject == subject
    ]
    return {
        one["id"].removeprefix(f"{key}-"): [
            coding["code"] for concept in one["relationship"] for coding in concept.get("coding", [])
        ]
        for one in found
        if one
    }
