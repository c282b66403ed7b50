"""FHIR R4 Specimen, with the fields we read (http://hl7.org/fhir/R4/specimen.html)."""

from innsyn.journal.fhir.datatypes import CodeableConcept, Part, Period, Reference
from innsyn.journal.fhir.resources import Resource


class Collection(Part, frozen=True):
    collected_date_time: str = ""
    collected_period: Period | None = None
    body_site: CodeableConcept | None = None


class Specimen(Resource, frozen=True):
    type: CodeableConcept | None = None
    subject: Reference | None = None
    collection: Collection | None = None
