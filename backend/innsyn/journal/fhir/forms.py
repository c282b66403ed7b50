"""FHIR R4 resources of health forms, as far as they are more than a body to keep (the engine reads that itself).

http://hl7.org/fhir/R4/questionnaire.html, http://hl7.org/fhir/R4/questionnaireresponse.html,
http://hl7.org/fhir/R4/valueset.html. The systems are Helsenorge's (form tasks, sdf-Questionnaire).
"""

from typing import Final

from innsyn.journal.fhir.datatypes import CodeableConcept, Coding, Identifier, Part, Reference
from innsyn.journal.fhir.resources import Resource

# The number that a form is known by.
NUMBER: Final = "http://helsenorge.no/fhir/blankett-nummer"
# Types of Task.input.
TASK_INPUT: Final = "http://helsenorge.no/fhir/task-input"
# In Task.meta.security: which of the services it is part of.
SERVICE_AREA: Final = "urn:oid:2.16.578.1.12.4.1.1.7618"
# Questionnaire.useContext of what a citizen may begin unasked.
START: Final = "urn:innsyn:form-start"
BY_CHOICE: Final = "by-choice"


class UseContext(Part, frozen=True):
    code: Coding | None = None
    value_codeable_concept: CodeableConcept | None = None


class Questionnaire(Resource, frozen=True):
    url: str = ""
    version: str = ""
    name: str = ""
    title: str = ""
    status: str = ""
    subject_type: tuple[str, ...] = ()
    use_context: tuple[UseContext, ...] = ()


class ValueSet(Resource, frozen=True):
    url: str = ""
    version: str = ""
    status: str = ""


class QuestionnaireResponse(Resource, frozen=True):
    """Unlike other resources it has one identifier and no list of them."""

    identifier: Identifier | None = None  # type: ignore[assignment]
    questionnaire: str = ""
    status: str = ""
    subject: Reference | None = None
