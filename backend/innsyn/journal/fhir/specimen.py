"""FHIR R4 Specimen, with the fields we read (http://hl7.org/fhir/R4/specimen.html)."""

from innsyn.journal.fhir.datatypes import CodeableConcept, Reference
from innsyn.journal.fhir.resources import Resource


class Specimen(Resource):
    type: CodeableConcept | None = None
    subject: Reference | None = None
