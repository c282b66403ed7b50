"""Those who follow up together."""

from innsyn.journal.fhir.datatypes import Reference
from innsyn.journal.fhir.plans import CareTeam
from innsyn.records.care_team.projection import care_team
from innsyn.records.care_team.views import Team
from innsyn.records.kinds import Kind
from innsyn.records.people import Person
from innsyn.records.projected import NotShown, Projected
from records.staffed import CLINIC, KARI, OLAV, STAFF, Fhir, project, shown

TEAM: Fhir = {
    "resourceType": "CareTeam",
    "id": "team",
    "status": "active",
    "name": "Lungeteamet",
    "subject": KARI,
    "period": {"start": "2026-01-05"},
    "participant": [
        {"role": [{"text": "behandler"}], "member": {"reference": "PractitionerRole/berg-post"}},
        {"member": KARI},
        {"member": OLAV},
        {
            "role": [{"text": "sykepleier"}],
            "member": {"display": "Ida Lie"},
            "onBehalfOf": {"reference": "Organization/lunge"},
        },
        {"member": {"reference": "RelatedPerson/eva"}},
    ],
    "managingOrganization": [{"reference": "Organization/lunge"}],
    "telecom": [{"system": "phone", "value": "74 00 00 10", "use": "work"}],
    "note": [{"text": "Ring teamet på dagtid."}],
}
EVA: Fhir = {
    "resourceType": "RelatedPerson",
    "id": "eva",
    "patient": KARI,
    "relationship": [{"text": "søster"}],
    "name": [{"text": "Eva Nordli"}],
    "telecom": [{"system": "phone", "value": "99 00 00 00"}],
}


def test_a_team_is_its_members_without_any_patient() -> None:
    assert shown(care_team, CareTeam, TEAM, EVA, *STAFF) == Projected(
        kind=Kind.CARE_TEAM,
        patient=Reference(reference="Patient/kari"),
        title="Lungeteamet",
        at="2026-01-05",
        status="active",
        note="Anne Berg (overlege), Ida Lie (sykepleier), Eva Nordli (søster)",
        organisation="Lungepoliklinikken",
        words=(
            "Ring teamet på dagtid.",
            "",
            "Anne Berg",
            "Ida Lie",
            "Eva Nordli",
            "overlege",
            "sykepleier",
            "søster",
        ),
        detail=Team(
            members=(
                Person(
                    name="Anne Berg", role="overlege", phone="74 00 00 02", organisation="Lungepoliklinikken"
                ),
                Person(name="Ida Lie", role="sykepleier", organisation="Lungepoliklinikken"),
                Person(name="Eva Nordli", role="søster"),
            ),
            description="Ring teamet på dagtid.",
            start="2026-01-05",
            phone="74 00 00 10",
        ),
    )


def test_a_machines_name_is_nobodys() -> None:
    told = TEAM | {"name": "Care team for encounter 379108475307", "category": [{"text": "Oppfølgingsteam"}]}
    assert shown(care_team, CareTeam, told).title == "Oppfølgingsteam"
    unnamed = TEAM | {"name": ""}
    assert shown(care_team, CareTeam, unnamed, CLINIC).title == "Lungepoliklinikken"


def test_wrong_and_empty_teams_are_not_shown() -> None:
    assert project(care_team, CareTeam, TEAM | {"status": "entered-in-error"}) == NotShown("entered_in_error")
    assert project(care_team, CareTeam, {"resourceType": "CareTeam", "subject": KARI}) == NotShown("empty")
