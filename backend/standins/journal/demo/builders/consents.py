"""Papers that say who may: a parent's consent to a youth's own login, a certificate that somebody lacks competence."""

from standins.journal.demo.builders.patients import identifiers
from standins.journal.demo.chart import Chart, Written
from standins.journal.demo.codes import HL7, coding, concept
from standins.journal.demo.people import Person
from standins.journal.demo.staff import author_reference
from standins.journal.taken import Resource

_CONSENT = "urn:innsyn:consent"


def youth_access(chart: Chart, note: Written, parent: Person) -> None:
    """A parent lets the youth (13 to 15) log in and see some of the own record."""
    by = {"type": "RelatedPerson", "identifier": identifiers(parent)[-1], "display": parent.name}
    words = "Foreldresamtykke til ungdomstilgang"
    chart.take(
        note, "Consent", "ungdomstilgang", _paper(chart, note, "youth-access", words) | {"performer": [by]}
    )


def certificate(chart: Chart, note: Written, relative: Person) -> None:
    """A doctor says that the citizen lacks competence to consent, and names the nearest relative."""
    words = "Legeerklæring om manglende samtykkekompetanse"
    named = {"type": "RelatedPerson", "identifier": identifiers(relative)[-1], "display": relative.name}
    role = concept("Nærmeste pårørende", coding(HL7 + "v3-ParticipationType", "IRCP"))
    paper = _paper(chart, note, "lacks-competence", words) | {"performer": [author_reference(note.author)]}
    paper["provision"]["actor"] = [{"role": role, "reference": named}]
    chart.take(note, "Consent", "samtykkekompetanse", paper)


def _paper(chart: Chart, note: Written, code: str, words: str) -> Resource:
    return {
        "status": "active",
        "scope": concept("Personvern", coding(HL7 + "consentscope", "patient-privacy")),
        "category": [concept(words, coding(_CONSENT, code))],
        "patient": chart.subject,
        "dateTime": note.when,
        "policyRule": concept("Pasient- og brukerrettighetsloven kapittel 3 og 4"),
        "provision": {"type": "permit", "period": {"start": note.at.date().isoformat()}},
    }
