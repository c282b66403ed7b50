"""Referrals and the answers to them."""

import pytest

from innsyn.journal.fhir.care import ServiceRequest, Task
from innsyn.journal.fhir.datatypes import Reference
from innsyn.records.kinds import Kind
from innsyn.records.projected import NotShown, Projected
from innsyn.records.referrals.projection import service_request, task
from innsyn.records.referrals.views import Referral
from records.staffed import CLINIC, KARI, OLAV, STAFF, Fhir, project, shown

WISH: Fhir = {
    "resourceType": "ServiceRequest",
    "id": "henvisning",
    "status": "active",
    "intent": "order",
    "category": [{"text": "Henvisning"}],
    "priority": "urgent",
    "code": {"text": "Utredning hos lungelege"},
    "subject": KARI,
    "authoredOn": "2026-10-01",
    "requester": {"reference": "PractitionerRole/berg-post"},
    "performer": [{"reference": "Organization/lunge"}],
    "reasonCode": [{"text": "Langvarig hoste"}],
    "note": [{"text": "Har røykt i 30 år."}],
}
ANSWER: Fhir = {
    "resourceType": "Task",
    "id": "svar",
    "status": "accepted",
    "businessStatus": {"text": "Du står på venteliste"},
    "intent": "order",
    "code": {"text": "Behandle henvisning"},
    "focus": {"reference": "ServiceRequest/henvisning"},
    "for": KARI,
    "authoredOn": "2026-10-02",
    "lastModified": "2026-10-05T12:00:00+02:00",
    "owner": {"reference": "Organization/lunge"},
    "restriction": {"period": {"end": "2027-01-15"}},
}
SENT = Referral(
    from_="Anne Berg, Lungepoliklinikken",
    to="Lungepoliklinikken",
    reason="Langvarig hoste",
    priority="urgent",
    requested="2026-10-01",
    text="Har røykt i 30 år.",
)


def test_a_referral_says_from_whom_to_whom_and_why() -> None:
    assert shown(service_request, ServiceRequest, WISH, *STAFF) == Projected(
        kind=Kind.REFERRALS,
        patient=Reference(reference="Patient/kari"),
        title="Utredning hos lungelege",
        at="2026-10-01",
        status="active",
        note="Lungepoliklinikken. Langvarig hoste",
        organisation="Lungepoliklinikken",
        author="Anne Berg, overlege",
        words=("Langvarig hoste", "Lungepoliklinikken", "Har røykt i 30 år."),
        detail=SENT,
    )


def test_the_answer_holds_the_referral_and_says_where_it_is() -> None:
    assert shown(task, Task, ANSWER, WISH, *STAFF) == Projected(
        kind=Kind.REFERRALS,
        patient=Reference(reference="Patient/kari"),
        title="Utredning hos lungelege",
        at="2026-10-01",
        status="active",
        note="Lungepoliklinikken. Du står på venteliste",
        organisation="Lungepoliklinikken",
        author="Anne Berg, overlege",
        words=(
            "Langvarig hoste",
            "Lungepoliklinikken",
            "Har røykt i 30 år.",
            "Lungepoliklinikken",
            "Du står på venteliste",
        ),
        members=(Reference(reference="ServiceRequest/henvisning"),),
        detail=Referral(
            from_=SENT.from_,
            to=SENT.to,
            reason=SENT.reason,
            priority=SENT.priority,
            requested=SENT.requested,
            text=SENT.text,
            due="2027-01-15",
            status_note="Du står på venteliste",
            stage="accepted",
            answered="2026-10-05T12:00:00+02:00",
        ),
    )


@pytest.mark.parametrize(
    ("referral", "answer", "status"),
    [
        ("active", "requested", "active"),
        ("active", "rejected", "rejected"),
        ("active", "completed", "completed"),
        ("active", "cancelled", "revoked"),
        ("active", "on-hold", "on-hold"),
        ("completed", "accepted", "completed"),
        ("revoked", "accepted", "revoked"),
    ],
)
def test_a_referral_that_is_over_is_over_whatever_the_task_says(
    referral: str, answer: str, status: str
) -> None:
    assert shown(task, Task, ANSWER | {"status": answer}, WISH | {"status": referral}).status == status


@pytest.mark.parametrize(
    "order",
    [
        {"category": [{"coding": [{"system": "http://snomed.info/sct", "code": "108252007"}]}]},
        {"category": [{"coding": [{"code": "LAB"}]}]},
        {
            "code": {
                "coding": [{"system": "urn:oid:2.16.578.1.12.4.1.1.7280", "code": "NPU27300"}],
                "text": "HbA1c",
            }
        },
        {"intent": "filler-order"},
        {"doNotPerform": True},
    ],
)
def test_an_order_within_the_service_is_no_referral_and_neither_is_its_task(order: Fhir) -> None:
    assert project(service_request, ServiceRequest, WISH | order) == NotShown("order")
    assert project(task, Task, ANSWER, WISH | order) == NotShown("order")


def test_a_referral_to_imaging_is_one() -> None:
    imaging = {"category": [{"coding": [{"system": "http://snomed.info/sct", "code": "363679005"}]}]}
    assert shown(service_request, ServiceRequest, WISH | imaging).title == "Utredning hos lungelege"


def test_a_task_about_somebody_elses_referral_tells_nothing_of_it() -> None:
    assert project(task, Task, ANSWER, WISH | {"subject": OLAV}) == NotShown("task_before_referral")


def test_a_task_does_not_tell_of_a_referral_that_is_withheld() -> None:
    withheld = WISH | {"meta": {"tag": [{"system": "urn:innsyn:release-class", "code": "3"}]}}
    assert project(task, Task, ANSWER, withheld) == NotShown("task_of_withheld")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"status": "entered-in-error"}, "entered_in_error"),
        ({"focus": {"reference": "MedicationRequest/x"}}, "task"),
        ({"focus": {"reference": "ServiceRequest/not-come"}}, "task_before_referral"),
    ],
)
def test_other_tasks_are_not_for_the_citizen(changed: Fhir, reason: str) -> None:
    assert project(task, Task, ANSWER | changed, WISH, CLINIC) == NotShown(reason)
    assert project(service_request, ServiceRequest, WISH | {"status": "entered-in-error"}) == NotShown(
        "entered_in_error"
    )
