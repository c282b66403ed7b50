"""FHIR R4 resources that say who may represent whom, with the fields we read.

RelatedPerson as no-basis-RelatedPerson (the population register's relations); Consent for a certificate that somebody
lacks competence to consent, and for a parent's consent to a youth's own login. See backend/decisions/0010.
"""

from innsyn.journal.fhir.care import RelatedPerson
from innsyn.journal.fhir.datatypes import CodeableConcept, Extension, Part, Period, Reference
from innsyn.journal.fhir.resources import Resource


class Kin(RelatedPerson, frozen=True):
    """A RelatedPerson with what a relation in law is made of."""

    birth_date: str = ""


class ProvisionActor(Part, frozen=True):
    role: CodeableConcept | None = None
    reference: Reference | None = None


class Provision(Part, frozen=True):
    type: str = ""
    period: Period | None = None
    actor: tuple[ProvisionActor, ...] = ()


class Consent(Resource, frozen=True):
    status: str = ""
    scope: CodeableConcept | None = None
    category: tuple[CodeableConcept, ...] = ()
    patient: Reference | None = None
    date_time: str = ""
    performer: tuple[Reference, ...] = ()
    provision: Provision | None = None


class ProtectedAddress(Part, frozen=True):
    """An address, for what the register says about who may know it."""

    extension: tuple[Extension, ...] = ()


class Protected(Part, frozen=True):
    """Any person, for the address confidentiality."""

    extension: tuple[Extension, ...] = ()
    address: tuple[ProtectedAddress, ...] = ()
