"""Who writes in the demo record. Numbers in the health personnel register are made up."""

from typing import NamedTuple

from standins.journal.demo.codes import HPR_NUMBER, concept, volven
from standins.journal.demo.places import Source, source_named, source_of, unit_reference
from standins.journal.taken import Resource


class Staff(NamedTuple):
    """A health worker at a unit. `role` marks those whose work is referred to by a PractitionerRole."""

    key: str
    given: str
    family: str
    title: str
    category: str
    unit: str
    role: bool = False
    language: str = "nb"

    @property
    def source(self) -> Source:
        """The service this one writes for."""
        return source_of(self.unit)

    @property
    def name(self) -> str:
        """Name and title, as it stands under a note."""
        return f"{self.given} {self.family}, {self.title}"


STAFF = (
    Staff("hege-lunde", "Hege", "Lunde", "fastlege", "LE", "steinkjer-legesenter", role=True),
    Staff("odd-sakshaug", "Odd", "Sakshaug", "fastlege", "LE", "steinkjer-legesenter", role=True),
    Staff("turid-five", "Turid", "Five", "diabetessykepleier", "SP", "steinkjer-legesenter", role=True),
    Staff("siri-haugan", "Siri", "Haugan", "fastlege", "LE", "levanger-legesenter", role=True),
    Staff("jonas-berg", "Jonas", "Berg", "fastlege", "LE", "bakklandet-legesenter", role=True),
    Staff("anniken-vold", "Anniken", "Vold", "LIS1-lege", "LE", "bakklandet-legesenter"),
    Staff("magne-rotmo", "Magne", "Rotmo", "overlege", "LE", "levanger-medisin", role=True),
    Staff("ida-brandtzaeg", "Ida", "Brandtzæg", "sykepleier", "SP", "levanger-medisin", role=True),
    Staff("tone-skjesol", "Tone", "Skjesol", "overlege", "LE", "levanger-diabetes", role=True),
    Staff("lars-munkeby", "Lars", "Munkeby", "øyelege", "LE", "levanger-oye", role=True),
    Staff("eivind-okkenhaug", "Eivind", "Okkenhaug", "ortoped", "LE", "levanger-ortopedi", role=True),
    Staff("kristin-ronglan", "Kristin", "Rønglan", "barnelege", "LE", "levanger-barn", role=True),
    Staff("bente-hallem", "Bente", "Hallem", "diabetessykepleier", "SP", "levanger-barn", role=True),
    Staff("asbjorn-leira", "Asbjørn", "Leira", "radiolog", "LE", "levanger-bilde", role=True),
    Staff("nina-salater", "Nina", "Salater", "lege i spesialisering", "LE", "levanger-akutt"),
    Staff("gry-steinsmo", "Gry", "Steinsmo", "sykepleier", "SP", "steinkjer-hjemme", role=True),
    Staff("petter-rungstad", "Petter", "Rungstad", "helsefagarbeider", "HF", "steinkjer-hjemme"),
    Staff("liv-kvam", "Liv", "Kvam", "fysioterapeut", "FT", "steinkjer-helsestasjon"),
    Staff("solfrid-aarset", "Solfrid", "Aarset", "jordmor", "JO", "trondheim-jordmor", role=True, language="nn"),
    Staff("vegard-nypan", "Vegard", "Nypan", "legevaktslege", "LE", "trondheim-legevakt"),
    Staff("mona-dragvoll", "Mona", "Dragvoll", "sykepleier", "SP", "trondheim-flyktning", role=True),
    Staff("trude-angelltveit", "Trude", "Angelltveit", "helsesykepleier", "SP", "trondheim-vaksine"),
    Staff("marit-holthe", "Marit", "Holthe", "helsesykepleier", "SP", "levanger-skole", role=True),
    Staff("ole-jermstad", "Ole", "Jermstad", "legevaktslege", "LE", "levanger-legevakt"),
    Staff("cecilie-wang", "Cecilie", "Wang", "overlege", "LE", "st-olavs-foster", role=True),
    Staff("astrid-loe", "Astrid", "Løe", "jordmor", "JO", "st-olavs-fode"),
    Staff("rune-estenstad", "Rune", "Estenstad", "overlege", "LE", "st-olavs-infeksjon", role=True),
    Staff("helle-dahl", "Helle", "Dahl", "patolog", "LE", "st-olavs-patologi", role=True),
    Staff("yngve-tiller", "Yngve", "Tiller", "overlege", "LE", "st-olavs-genetikk", role=True),
    Staff("maja-byasen", "Maja", "Byåsen", "lege i spesialisering", "LE", "st-olavs-akutt"),
    Staff("sverre-ila", "Sverre", "Ila", "overlege", "LE", "st-olavs-hud", role=True),
    Staff("camilla-strinda", "Camilla", "Strinda", "hudlege", "LE", "hudklinikken", role=True),
    Staff("arild-heimdal", "Arild", "Heimdal", "kardiolog", "LE", "hjerteklinikken", role=True),
    Staff("ellen-byafossen", "Ellen", "Byafossen", "farmasøyt", "FA1", "apoteket-steinkjer"),
)  # fmt: skip

_STAFF = {one.key: one for one in STAFF}
_CATEGORIES = {
    "LE": "Lege",
    "SP": "Sykepleier",
    "JO": "Jordmor",
    "FT": "Fysioterapeut",
    "HF": "Helsefagarbeider",
    "FA1": "Provisorfarmasøyt",
}


def staff_named(key: str) -> Staff:
    """The health worker with that key; a service's own key gives the service as author."""
    return _STAFF[key] if key in _STAFF else Staff(key, "", source_named(key).name, "", "", key)


def author_reference(author: Staff) -> Resource:
    """A reference to who did it: a role at a hospital, a practitioner elsewhere, or the service itself."""
    if not author.title:
        return unit_reference(author.unit)
    if author.role:
        return {"reference": f"PractitionerRole/{author.key}-rolle", "display": author.name}
    return {"reference": f"Practitioner/{author.key}", "display": author.name}


def practitioner(author: Staff) -> Resource:
    """A health worker as a Practitioner, with the title as qualification."""
    category = volven(9060, author.source.key, author.category, _CATEGORIES[author.category])
    return {
        "resourceType": "Practitioner",
        "id": author.key,
        "meta": {"profile": ["http://hl7.no/fhir/StructureDefinition/no-basis-Practitioner"]},
        "identifier": [{"system": HPR_NUMBER, "value": register_number(author)}],
        "active": True,
        "name": [{"use": "official", "family": author.family, "given": [author.given]}],
        "qualification": [{"code": concept(author.title.capitalize(), category)}],
    }


def practitioner_role(author: Staff) -> Resource:
    """The work of a health worker at a ward."""
    return {
        "resourceType": "PractitionerRole",
        "id": f"{author.key}-rolle",
        "active": True,
        "practitioner": {
            "reference": f"Practitioner/{author.key}",
            "display": f"{author.given} {author.family}",
        },
        "organization": unit_reference(author.unit),
        "code": [concept(author.title)],
    }


def register_number(author: Staff) -> str:
    """A made-up number in the health personnel register, stable while names are only added at the end."""
    return str(5650001 + 37 * STAFF.index(author))
