"""The person: who it is about, and the people around."""

from datetime import datetime
from typing import NamedTuple

from standins.journal.demo.chart import Chart, Written
from standins.journal.demo.codes import D_NUMMER, FODSELSNUMMER, HL7, LOINC, coding, concept
from standins.journal.demo.days import on
from standins.journal.demo.people import Home, Person
from standins.journal.demo.places import source_named, unit_reference
from standins.journal.demo.staff import author_reference, staff_named
from standins.journal.taken import Resource

_NO_BASIS = "http://hl7.no/fhir/StructureDefinition/no-basis-"
_FAMILY = "http://hl7.no/fhir/CodeSystem/no-basis-family-relation"
_RESPONSIBILITY = "http://hl7.no/fhir/CodeSystem/no-basis-parental-responsibility"
_LANGUAGES = {
    "nb": "Norsk bokmål",
    "nn": "Norsk nynorsk",
    "sma": "Sørsamisk",
    "ar": "Arabisk",
    "uk": "Ukrainsk",
}

# Address protection as the population register gives it (6 strictly confidential, 7 confidential). A person who
# has it carries this extension on the Patient root, and no address, phone or place of residence anywhere.
ADDRESS_CONFIDENTIALITY = "urn:innsyn:address-confidentiality"

# Where the population register has a relative registered, seen from the citizen.
RESIDENCE = "urn:innsyn:residence"
_ROLES = {"guardian": (f"{HL7}v3-RoleCode", "GUARD"), "nearest": (f"{HL7}v2-0131", "N")}

# The journal knew its citizens from the day their GP connected.
_D_NUMBER_FIRST_DAY = 4


class Relation(NamedTuple):
    """Somebody around the citizen; `family` and `responsibility` are no-basis codes, seen from there.

    `residence` is where that one is registered: same | shared | other. `role` is guardian or nearest (relative).
    """

    person: Person
    family: str = ""
    responsibility: str = ""
    text: str = ""
    residence: str = ""
    role: str = ""


def patient(chart: Chart, recorded: datetime | None = None) -> None:
    """The citizen as a no-basis Patient, written by the GP's office."""
    person = chart.person
    office = staff_named(person.doctors_office)
    first = max(on(source_named(person.doctors_office).since, "08:00"), on(person.born, "16:00"))
    moment = recorded or first
    resource: Resource = {
        "meta": {"profile": [f"{_NO_BASIS}Patient"]},
        "extension": _extensions(person),
        "identifier": identifiers(person),
        "active": True,
        "name": [_human_name(person)],
        "telecom": [{"system": "phone", "value": f"+47{person.phone}", "use": "mobile"}]
        if person.phone
        else [],
        "gender": person.sex,
        "birthDate": person.born.isoformat(),
        "address": [_address(person.home)] if person.home else [],
        "communication": [_language(person)],
        "generalPractitioner": [author_reference(staff_named(person.doctor))],
        "managingOrganization": unit_reference(person.doctors_office),
    }
    note = Written(office, moment, moment)
    chart.take(note, "Patient", "", {field: value for field, value in resource.items() if value != []})


def related(chart: Chart, relation: Relation, recorded: datetime | None = None) -> None:
    """Somebody in the family as a no-basis RelatedPerson: the relation runs from there to the citizen."""
    codes = [(_FAMILY, relation.family), (_RESPONSIBILITY, relation.responsibility)]
    codes += [_ROLES[relation.role]] if relation.role else []
    moment = recorded or on(source_named(chart.person.doctors_office).since, "08:30")
    moment = max(moment, on(chart.person.born, "18:00"))
    resource: Resource = {
        "meta": {"profile": [f"{_NO_BASIS}RelatedPerson"]},
        "identifier": identifiers(relation.person)[-1:],
        "active": True,
        "patient": chart.subject,
        "relationship": [concept("", coding(system, code)) for system, code in codes if code],
        "name": [_human_name(relation.person)],
        "gender": relation.person.sex,
        "birthDate": relation.person.born.isoformat(),
    }
    if relation.residence:
        resource["extension"] = [{"url": RESIDENCE, "valueCode": relation.residence}]
    if relation.person.address_confidentiality:
        resource["extension"] = [*resource.get("extension", []), *_extensions(relation.person)]
    if relation.text:
        resource["relationship"].append(concept(relation.text))
    if relation.person.phone:
        resource["telecom"] = [{"system": "phone", "value": f"+47{relation.person.phone}", "use": "mobile"}]
    chart.take(Written(staff_named(chart.person.doctors_office), moment, moment), "RelatedPerson",
               relation.person.key, resource)  # fmt: skip


def identifiers(person: Person) -> list[Resource]:
    """The identity numbers, an earlier one first and closed with a period."""
    numbers = []
    if person.earlier_pid and person.earlier_pid_until:
        period = {"end": person.earlier_pid_until.isoformat()}
        numbers.append(_number(person.earlier_pid) | {"use": "old", "period": period})
    return [*numbers, _number(person.pid)]


def _number(pid: str) -> Resource:
    system = D_NUMMER if int(pid[0]) >= _D_NUMBER_FIRST_DAY else FODSELSNUMMER
    return {"use": "official", "system": system, "value": pid}


def _human_name(person: Person) -> Resource:
    name: Resource = {"use": "official", "family": person.family, "given": [person.given]}
    if person.middle:
        name["extension"] = [{"url": f"{_NO_BASIS}middlename", "valueString": person.middle}]
    return name


def _address(home: Home) -> Resource:
    municipality = coding("urn:oid:2.16.578.1.12.4.1.1.3402", home.municipality_code, home.municipality)
    district = {"extension": [{"url": f"{_NO_BASIS}municipalitycode", "valueCoding": municipality}]}
    return {
        "extension": [{"url": f"{_NO_BASIS}address-official", "valueBoolean": True}],
        "use": "home",
        "type": "physical",
        "line": [home.street],
        "city": home.city,
        "district": home.municipality,
        "_district": district,
        "state": "Trøndelag",
        "postalCode": home.postcode,
        "country": "NO",
    }


def _extensions(person: Person) -> list[Resource]:
    extensions: list[Resource] = []
    if person.interpreter:
        url = "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired"
        extensions.append({"url": url, "valueBoolean": True})
    if person.address_confidentiality:
        protection = coding(
            ADDRESS_CONFIDENTIALITY, person.address_confidentiality, "Strengt fortrolig adresse"
        )
        extensions.append({"url": ADDRESS_CONFIDENTIALITY, "valueCoding": protection})
    return extensions


def _language(person: Person) -> Resource:
    language = coding("urn:ietf:bcp:47", person.language, _LANGUAGES[person.language])
    return {"language": concept(_LANGUAGES[person.language], language), "preferred": True}


def care_team(chart: Chart, note: Written, key: str, name: str, members: list[tuple[str, str]]) -> None:
    """The people who follow up together: (staff key or RelatedPerson/key, role in words)."""
    participants = [
        {"role": [concept(role)], "member": _member(chart, member)} | _on_behalf_of(member)
        for member, role in members
    ]
    team: Resource = {
        "status": "active",
        "category": [concept("Oppfølgingsteam", coding(LOINC, "LA28865-6"))],
        "name": name,
        "subject": chart.subject,
        "period": {"start": note.at.date().isoformat()},
        "participant": participants,
        "managingOrganization": [unit_reference(note.author.unit)],
    }
    chart.take(note, "CareTeam", key, team)


def contact(chart: Chart, relation: str, name: str, phone: str) -> None:
    """Add a contact (a role in care, no relative by law) to the Patient that was written last."""
    latest = chart.taken[-1].resource or {}
    role = concept(relation, coding(HL7 + "v2-0131", "C", "Emergency Contact"))
    latest.setdefault("contact", []).append(
        {"relationship": [role], "name": {"text": name}, "telecom": [{"system": "phone", "value": phone}]}
    )


def _member(chart: Chart, member: str) -> Resource:
    if member.startswith("RelatedPerson/"):
        return chart.reference("RelatedPerson", member.removeprefix("RelatedPerson/"))
    return author_reference(staff_named(member))


def _on_behalf_of(member: str) -> Resource:
    if member.startswith("RelatedPerson/") or not staff_named(member).title:
        return {}
    return {"onBehalfOf": unit_reference(staff_named(member).unit)}
