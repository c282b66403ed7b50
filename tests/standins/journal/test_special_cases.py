"""What a reader of a real journal must cope with is in the demo, and stays there."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from standins.journal.demo.record import LATE_STAFF
from standins.journal.sequence import Entry, Journal


def test_kari_has_ten_years_of_long_term_sugar(journal: Journal) -> None:
    series = [
        (str(resource["effectiveDateTime"]), resource["valueQuantity"]["value"])
        for resource in written(journal, "Observation", "kari-nordli")
        if any(code["code"] == "NPU27300" for code in resource["code"].get("coding", []))
    ]
    assert (len(series), series[0][1], series[-1][1]) == (41, Decimal(86), Decimal(49))
    assert (series[0][0][:4], series[-1][0][:10]) == ("2016", "2026-11-11")
    assert series == sorted(series)


def test_a_discharge_letter_is_corrected_in_one_paragraph(journal: Journal) -> None:
    first, second = (entry.resource for entry in history(journal, "kari-nordli-epikrise"))
    assert first is not None
    assert second is not None
    before, after = (
        {part["title"]: part["text"]["div"] for part in letter["section"]} for letter in (first, second)
    )
    assert [title for title in before if before[title] != after[title]] == ["Medikamentendringer"]
    assert (first["status"], second["status"]) == ("final", "amended")


def test_results_are_amended_and_taken_back(journal: Journal) -> None:
    assert statuses(journal, "kari-nordli-kalium-ekstra") == [(1, "final"), (2, "amended")]
    assert statuses(journal, "kari-nordli-inr-feil") == [(1, "final"), (2, "entered-in-error")]
    assert [(entry.version, entry.resource is None) for entry in history(journal, "kari-nordli-dobbelt")] == [
        (1, False),
        (2, True),
    ]


def test_every_release_class_is_there(journal: Journal) -> None:
    classes = {
        (entry.taken.id, entry.version): tag["code"]
        for entry in journal.entries
        for tag in (entry.resource or {}).get("meta", {}).get("tag", [])
        if tag["system"] == "urn:innsyn:release-class"
    }
    assert classes == {
        ("kari-nordli-ferritin", 1): "2",
        ("kari-nordli-ferritin", 2): "1",
        ("kari-nordli-mkomponent", 1): "2",
        ("henrik-fossum-patologi", 1): "3",
        ("henrik-fossum-henvist-st-olavs", 1): "3",
        ("henrik-fossum-henvist-st-olavs-hvor", 1): "3",
        ("marte-aune-gentest", 1): "4",
    }


def test_a_result_of_class_two_is_still_withheld_today(journal: Journal, today: date) -> None:
    arrived = history(journal, "kari-nordli-mkomponent")[0].taken.recorded.date()
    assert 0 < (today - arrived).days < 14


def test_a_critical_value_is_flagged(journal: Journal) -> None:
    potassium = history(journal, "kari-nordli-innkomst-kalium")[0].resource
    assert potassium is not None
    assert potassium["interpretation"][0]["coding"][0]["code"] == "HH"
    assert potassium["valueQuantity"]["value"] == Decimal("6.3")


def test_a_culture_is_a_tree(journal: Journal) -> None:
    by_id = {f"Observation/{entry.taken.id}": entry.resource or {} for entry in journal.entries}

    def tree(reference: str) -> list[Any]:
        resource = by_id[reference]
        return [
            resource["code"]["text"],
            *(tree(member["reference"]) for member in resource.get("hasMember", [])),
        ]

    antibiotics = (
        "Mecillinam",
        "Cefotaksim",
        "Ciprofloksacin",
        "Ampicillin",
        "Trimetoprim-sulfa",
        "Nitrofurantoin",
    )
    leaves = [[antibiotic] for antibiotic in antibiotics]
    assert tree("Observation/kari-nordli-urindyrkning") == ["Urindyrkning", ["Funn ved dyrkning", *leaves]]


def test_some_dates_are_a_year_or_a_month(journal: Journal) -> None:
    dates = {
        str(value)
        for entry in journal.entries
        for field, value in (entry.resource or {}).items()
        if field in ("onsetDateTime", "occurrenceDateTime", "performedDateTime", "abatementDateTime")
    }
    assert {len(value) for value in dates} == {4, 7, 10, 25}


def test_a_result_arrives_before_the_doctor_who_took_it(journal: Journal) -> None:
    doctor = next(iter(LATE_STAFF))
    result = history(journal, "olena-kovalenko-crp-hurtigtest")[0]
    assert (result.resource or {})["performer"] == [{"reference": f"Practitioner/{doctor}"}]
    assert result.seq < history(journal, doctor)[0].seq


def test_allergies_are_grave_or_refuted_and_everyone_must_know_the_grave(journal: Journal) -> None:
    allergies = {
        entry.taken.id: (
            (entry.resource or {})["criticality"],
            (entry.resource or {})["verificationStatus"]["coding"][0]["code"],
        )
        for entry in journal.entries
        if entry.taken.kind == "AllergyIntolerance"
    }
    assert allergies["per-aune-penicillin"] == ("high", "confirmed")
    assert allergies["ingrid-moen-penicillin"] == ("low", "refuted")
    assert history(journal, "per-aune-penicillin-kritisk")[0].taken.kind == "Flag"


def test_appointments_lie_ahead_and_behind(journal: Journal, now: datetime) -> None:
    ahead = {
        entry.taken.subject
        for entry in journal.entries
        if entry.taken.kind == "Appointment" and datetime.fromisoformat((entry.resource or {})["start"]) > now
    }
    # Everybody but the student who has hardly anything, and those who are there for their relations.
    assert len(ahead) == 12
    found = {
        (entry.resource or {})["status"] for entry in journal.entries if entry.taken.kind == "Appointment"
    }
    assert found == {"booked", "proposed", "fulfilled", "cancelled", "noshow"}


def written(journal: Journal, kind: str, person: str) -> list[dict[str, Any]]:
    subject = f"Patient/{person}"
    return [
        e.resource
        for e in journal.entries
        if e.resource and (e.taken.kind, e.taken.subject) == (kind, subject)
    ]


def history(journal: Journal, key: str) -> list[Entry]:
    return [entry for entry in journal.entries if entry.taken.id == key]


def statuses(journal: Journal, key: str) -> list[tuple[int, str]]:
    return [(entry.version, (entry.resource or {})["status"]) for entry in history(journal, key)]
