"""What sort of document it is, in words: Norwegian document types (Volven 9602), else what the source calls it."""

from innsyn.journal.codes import DOCUMENT_TYPE, LOINC
from innsyn.journal.fhir.datatypes import CodeableConcept
from innsyn.journal.fhir.reading import code_in
from innsyn.records.people import said

# The group is a letter and 00-1, a type has a number of its own.
_NORWEGIAN = {
    "A00-1": "Epikriser og sammenfatninger",
    "A03-2": "Epikrise",
    "A13-2": "Poliklinisk epikrise",
    "B02-2": "Journalnotat",
    "B03-2": "Poliklinisk notat",
    "C00-1": "Prøvesvar",
    "C01-2": "Medisinsk biokjemi",
    "C03-2": "Mikrobiologi",
    "C04-2": "Patologi",
    "C06-2": "Medisinsk genetikk",
    "D00-1": "Organfunksjon",
    "E00-1": "Bildediagnostikk",
    "F00-1": "Kurve og behandling",
    "F09-2": "Ambulansejournal",
    "I01-2": "Henvisning",
    "I02-2": "Brev",
    "J00-1": "Attest",
    "S00-1": "Test og scoring",
}
# LOINC's documents that have a Norwegian name of their own; the others keep what LOINC calls them.
_LOINC = {
    "18842-5": "Epikrise",
    "60591-5": "Pasientsammendrag",
    "57133-1": "Henvisning",
    "57833-6": "Resept",
    "11502-2": "Laboratoriesvar",
    "68604-8": "Bildediagnostikk",
}
# Notes that Synthea and US Core also write as a DiagnosticReport: consult, discharge, history and physical, progress,
# procedure, emergency, evaluation and plan (http://hl7.org/fhir/us/core/ValueSet/us-core-clinical-note-type).
CLINICAL_NOTES = frozenset(
    {
        "11488-4",
        "18842-5",
        "34117-2",
        "11506-3",
        "28570-0",
        "34111-5",
        "51847-2",
        "51848-0",
        "34131-3",
        "34133-9",
    }
)


def document_type(*concepts: CodeableConcept | None) -> str:
    """The name of the first concept that has one, the more exact first."""
    for concept in concepts:
        known = _NORWEGIAN.get(code_in(concept, DOCUMENT_TYPE)) or _LOINC.get(code_in(concept, LOINC))
        if known or said(concept):
            return known or said(concept)
    return ""


def is_clinical_note(*concepts: CodeableConcept | None) -> bool:
    """Whether any of the concepts is one of LOINC's clinical notes."""
    return any(code_in(concept, LOINC) in CLINICAL_NOTES for concept in concepts)
