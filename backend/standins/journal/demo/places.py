"""The services that write in the journal, their wards, and where one meets up."""

from datetime import date
from typing import NamedTuple

from standins.journal.demo.codes import ORGANISATION_NUMBER, volven
from standins.journal.taken import Resource


class Source(NamedTuple):
    """A service that writes in the journal; its Organization has the same id. The number is synthetic."""

    key: str
    name: str
    service: str
    first_day: str
    number: str
    phone: str

    @property
    def since(self) -> date:
        """The day from which the service writes in the journal."""
        return date.fromisoformat(self.first_day)


class Ward(NamedTuple):
    """A department of a service."""

    key: str
    source: str
    name: str


class Place(NamedTuple):
    """Where an appointment is."""

    key: str
    source: str
    name: str
    street: str
    post: str


SOURCES = (
    Source("st-olavs", "St. Olavs hospital", "hospital", "2014-01-01", "310001376", "72573000"),
    Source("levanger", "Sykehuset Levanger", "hospital", "2014-01-01", "310001740", "74098000"),
    Source("steinkjer-kommune", "Steinkjer kommune", "municipality", "2017-05-01", "310002119", "74169000"),
    Source("trondheim-kommune", "Trondheim kommune", "municipality", "2016-09-01", "310002488", "72540000"),
    Source("levanger-kommune", "Levanger kommune", "municipality", "2018-02-01", "310002852", "74052500"),
    Source("steinkjer-legesenter", "Steinkjer legesenter", "gp", "2015-03-01", "310003220", "74000101"),
    Source("levanger-legesenter", "Levanger legesenter", "gp", "2015-06-01", "310003964", "74000102"),
    Source("bakklandet-legesenter", "Bakklandet legesenter", "gp", "2015-09-01", "310004332", "73000103"),
    Source("hudklinikken", "Trøndelag hudklinikk", "specialist", "2019-01-01", "310004707", "73000104"),
    Source("hjerteklinikken", "Hjertespesialisten Innherred", "specialist", "2019-08-01", "310005444", "74000105"),
    Source("lab-midt", "Laboratoriet for Midt-Norge", "laboratory", "2014-01-01", "310005819", "73000106"),
    Source("apoteket-steinkjer", "Apoteket Steinkjer", "pharmacy", "2020-01-01", "310006181", "74000107"),
)  # fmt: skip

WARDS = (
    Ward("st-olavs-fode", "st-olavs", "Fødeavdelingen"),
    Ward("st-olavs-foster", "st-olavs", "Svangerskapspoliklinikken"),
    Ward("st-olavs-hud", "st-olavs", "Avdeling for hudsykdommer"),
    Ward("st-olavs-infeksjon", "st-olavs", "Avdeling for infeksjonssykdommer"),
    Ward("st-olavs-patologi", "st-olavs", "Avdeling for patologi"),
    Ward("st-olavs-genetikk", "st-olavs", "Avdeling for medisinsk genetikk"),
    Ward("st-olavs-akutt", "st-olavs", "Akuttmottaket"),
    Ward("levanger-medisin", "levanger", "Medisinsk sengepost 2"),
    Ward("levanger-diabetes", "levanger", "Diabetespoliklinikken"),
    Ward("levanger-oye", "levanger", "Øyepoliklinikken"),
    Ward("levanger-ortopedi", "levanger", "Ortopedisk poliklinikk"),
    Ward("levanger-barn", "levanger", "Barne- og ungdomsavdelingen"),
    Ward("levanger-bilde", "levanger", "Avdeling for bildediagnostikk"),
    Ward("levanger-akutt", "levanger", "Akuttmottaket"),
    Ward("steinkjer-hjemme", "steinkjer-kommune", "Hjemmetjenesten Egge"),
    Ward("steinkjer-helsestasjon", "steinkjer-kommune", "Frisklivssentralen"),
    Ward("trondheim-jordmor", "trondheim-kommune", "Østbyen helsestasjon"),
    Ward("trondheim-legevakt", "trondheim-kommune", "Trondheim legevakt"),
    Ward("trondheim-flyktning", "trondheim-kommune", "Flyktninghelseteamet"),
    Ward("trondheim-vaksine", "trondheim-kommune", "Vaksinasjonskontoret"),
    Ward("levanger-skole", "levanger-kommune", "Helsestasjon og skolehelsetjeneste"),
    Ward("levanger-legevakt", "levanger-kommune", "Innherred legevakt"),
)

PLACES = (
    Place("sted-st-olavs-kvinne", "st-olavs", "Kvinne-barn-senteret, 2. etasje", "Olav Kyrres gate 11", "7030 Trondheim"),
    Place("sted-st-olavs-infeksjon", "st-olavs", "Gastrosenteret, 3. etasje", "Prinsesse Kristinas gate 1", "7030 Trondheim"),
    Place("sted-st-olavs-hud", "st-olavs", "Hud, 1902-bygget", "Mauritz Hansens gate 2", "7030 Trondheim"),
    Place("sted-levanger", "levanger", "Hovedinngangen, poliklinikk B", "Kirkegata 2", "7600 Levanger"),
    Place("sted-levanger-oye", "levanger", "Øyepoliklinikken, 1. etasje", "Kirkegata 2", "7600 Levanger"),
    Place("sted-steinkjer-lege", "steinkjer-legesenter", "Steinkjer legesenter", "Sjøfartsgata 4", "7714 Steinkjer"),
    Place("sted-levanger-lege", "levanger-legesenter", "Levanger legesenter", "Håkon den godes gate 19", "7600 Levanger"),
    Place("sted-bakklandet", "bakklandet-legesenter", "Bakklandet legesenter", "Nedre Bakklandet 60", "7014 Trondheim"),
    Place("sted-hud", "hudklinikken", "Trøndelag hudklinikk, 4. etasje", "Olav Tryggvasons gate 24", "7011 Trondheim"),
    Place("sted-hjerte", "hjerteklinikken", "Hjertespesialisten Innherred", "Kongens gate 33", "7713 Steinkjer"),
    Place("sted-hjemme", "steinkjer-kommune", "Hjemme hos deg", "", ""),
    Place("sted-helsestasjon", "trondheim-kommune", "Østbyen helsestasjon", "Saxenborg allé 1", "7041 Trondheim"),
    Place("sted-skole", "levanger-kommune", "Helsesykepleieren på skolen", "Jernbanegata 20", "7600 Levanger"),
    Place("sted-frisklivssentralen", "steinkjer-kommune", "Frisklivssentralen, Dampsaga bad", "Kongens gate 44", "7713 Steinkjer"),
)  # fmt: skip

_SOURCES = {source.key: source for source in SOURCES}
_WARDS = {ward.key: ward for ward in WARDS}
_PLACES = {place.key: place for place in PLACES}
_LEVELS = {
    "hospital": "Helseforetak",
    "municipality": "Kommune",
    "gp": "Fastlege",
    "specialist": "Avtalespesialist",
    "laboratory": "Laboratorium",
    "pharmacy": "Apotek",
}


def source_named(key: str) -> Source:
    """The service with that key."""
    return _SOURCES[key]


def source_of(unit: str) -> Source:
    """The service that a unit (a ward, or the service itself) belongs to."""
    return _SOURCES[_WARDS[unit].source if unit in _WARDS else unit]


def unit_name(unit: str) -> str:
    """`Diabetespoliklinikken, Sykehuset Levanger`, or the service's own name."""
    if unit in _WARDS:
        return f"{_WARDS[unit].name}, {source_of(unit).name}"
    return _SOURCES[unit].name


def unit_reference(unit: str) -> Resource:
    """A reference to a ward or a service, with the name that a reader sees."""
    return {"reference": f"Organization/{unit}", "display": unit_name(unit)}


def place_reference(place: str) -> Resource:
    """A reference to a place, with its name."""
    return {"reference": f"Location/{place}", "display": _PLACES[place].name}


def organisation(source: Source) -> Resource:
    """The service as an Organization."""
    return {
        "resourceType": "Organization",
        "id": source.key,
        "meta": {"profile": ["http://hl7.no/fhir/StructureDefinition/no-basis-Organization"]},
        "identifier": [{"system": ORGANISATION_NUMBER, "value": source.number}],
        "active": True,
        "type": [{"coding": [volven(8628, source.key, source.service)], "text": _LEVELS[source.service]}],
        "name": source.name,
        "telecom": [{"system": "phone", "value": f"+47{source.phone}", "use": "work"}],
    }


def ward_organisation(ward: Ward) -> Resource:
    """A ward as an Organization that is part of its service."""
    return {
        "resourceType": "Organization",
        "id": ward.key,
        "active": True,
        "name": ward.name,
        "partOf": unit_reference(ward.source),
    }


def location(place: Place) -> Resource:
    """A place as a Location; a visit at home has no address of its own."""
    resource: Resource = {"resourceType": "Location", "id": place.key, "status": "active", "name": place.name}
    if place.street:
        postcode, city = place.post.split(" ", 1)
        address = {"line": [place.street], "postalCode": postcode, "city": city, "country": "NO"}
        resource["address"] = {"use": "work", "type": "physical"} | address
    return resource | {"managingOrganization": unit_reference(place.source)}
