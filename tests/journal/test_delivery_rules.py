"""From an answer to the next state and the next try."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from innsyn.journal.delivery_bundle import (
    Named,
    NoResource,
    NotNamed,
    bundle_of,
    placeholders_in,
)
from innsyn.journal.delivery_circuit import Circuit
from innsyn.journal.delivery_rules import Came, Outcome, Pace, Step, backing_off, outcome_of, step_after

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PACE = Pace()
# What a gateway answers to one thing alone: too large a header, an address it does not pass on.
ALONE = (404, 405, 406, 410, 415, 421, 426, 431)
OUTCOME = json.dumps(
    {
        "resourceType": "OperationOutcome",
        "issue": [
            {"severity": "error", "code": "invalid", "diagnostics": "Unknown patient 128468 13010\u0000"},
            {"severity": "error", "code": "required", "details": {"text": "status"}},
        ],
    }
).encode()


def transaction(*statuses: str) -> bytes:
    entries = [{"response": {"status": each}} for each in statuses]
    return json.dumps({"resourceType": "Bundle", "type": "transaction-response", "entry": entries}).encode()


@pytest.mark.parametrize(
    ("status", "headers", "body", "expected"),
    [
        (200, {}, transaction("201 Created"), Outcome(Came.RECEIVED)),
        (200, {}, transaction("200"), Outcome(Came.RECEIVED, "was_there")),
        # Something that is no answer to what was asked tells nothing.
        (200, {}, transaction(), Outcome(Came.UNSURE, "unreadable")),
        (200, {}, transaction("201", "201"), Outcome(Came.UNSURE, "unreadable")),
        (200, {}, transaction("404 Not Found"), Outcome(Came.UNSURE, "unreadable")),
        (200, {}, b'{"type": "searchset"}', Outcome(Came.UNSURE, "unreadable")),
        (200, {}, b"<html>", Outcome(Came.UNSURE, "unreadable")),
        (200, {}, b"\xff", Outcome(Came.UNSURE, "unreadable")),
        (200, {}, b"[" * 100_000, Outcome(Came.UNSURE, "unreadable")),
        (412, {}, b"", Outcome(Came.RECEIVED, "more_than_one")),
        # Without a number that may be somebody's, and without what nobody can print.
        (
            422,
            {},
            OUTCOME,
            Outcome(Came.REFUSED, "answer_422", "Unknown patient ··········· \nstatus"),
        ),
        (403, {}, b'{"resourceType": "OperationOutcome"}', Outcome(Came.REFUSED, "answer_403")),
        # A gateway says no in its own words: the journal has said nothing.
        (403, {}, b"<html>", Outcome(Came.ODD, "answer_403")),
        (409, {}, b"", Outcome(Came.BUSY, "answer_409")),
        (429, {"retry-after": "7"}, b"", Outcome(Came.BUSY, "answer_429", "", 7.0)),
        (
            429,
            {"retry-after": "Mon, 23 Nov 2026 12:01:00 GMT"},
            b"",
            Outcome(Came.BUSY, "answer_429", "", 60.0),
        ),
        (429, {"retry-after": "999999999999"}, b"", Outcome(Came.BUSY, "answer_429", "", 3600.0)),
        (429, {"retry-after": "soon"}, b"", Outcome(Came.BUSY, "answer_429")),
        (429, {"retry-after": "-5"}, b"", Outcome(Came.BUSY, "answer_429")),
        (500, {}, b"", Outcome(Came.UNSURE, "answer_500")),
        (503, {"retry-after": "2"}, b"", Outcome(Came.UNSURE, "answer_503", "", 2.0)),
        # Ours to mend: a token that is not taken must not refuse what citizens have written.
        (401, {}, OUTCOME, Outcome(Came.DOWN, "answer_401", "Unknown patient ··········· \nstatus")),
        # It may be about this one alone, so it pays with a try; refused is what the journal itself says no to.
        *((status, {}, b"", Outcome(Came.ODD, f"answer_{status}")) for status in (302, *ALONE)),
        *(
            (status, {}, b'{"resourceType": "OperationOutcome"}', Outcome(Came.REFUSED, f"answer_{status}"))
            for status in (404, 406, 410, 415)
        ),
        (431, {}, b'{"resourceType": "OperationOutcome"}', Outcome(Came.ODD, "answer_431")),
        # It may have been taken in.
        (204, {}, b"", Outcome(Came.UNSURE, "answer_204")),
    ],
)
def test_what_an_answer_means(status: int, headers: dict[str, str], body: bytes, expected: Outcome) -> None:
    assert outcome_of(status, headers, body, NOW) == expected


def step(
    outcome: Outcome, tries: int = 1, age: timedelta = timedelta(minutes=1), *, unsure: bool = False
) -> Step:
    return step_after(outcome, tries=tries, age=age, unsure=unsure, pace=PACE, jitter=1.0)


def test_what_becomes_of_a_thing() -> None:
    assert step(Outcome(Came.RECEIVED, "was_there"), unsure=True) == Step(
        state="received", reason="was_there"
    )
    assert step(Outcome(Came.REFUSED, "answer_422", "no")) == Step(
        state="refused", reason="answer_422", text="no"
    )
    assert step(Outcome(Came.DOWN, "ConnectError")) == Step(
        state="queued", reason="ConnectError", counts=False
    )
    assert step(Outcome(Came.BUSY, "answer_429", "", 9.0)) == Step(
        state="queued", reason="answer_429", again_in=9.0
    )
    assert step(Outcome(Came.UNSURE, "answer_500")) == Step(
        state="sent", reason="answer_500", again_in=1.0, unsure=True
    )
    assert step(Outcome(Came.HELD, "no_entry"), age=timedelta(hours=1)) == Step(
        state="queued", reason="no_entry", again_in=900.0, counts=False
    )


@pytest.mark.parametrize("came", [Came.BUSY, Came.DOWN, Came.HELD])
def test_what_may_be_there_is_never_again_said_to_wait_with_us(came: Came) -> None:
    after = step(Outcome(came), unsure=True)
    assert (after.state, after.unsure) == ("sent", True)


@pytest.mark.parametrize(
    ("came", "tries", "age", "state"),
    [
        (Came.BUSY, 19, timedelta(hours=1), "queued"),
        (Came.BUSY, 20, timedelta(hours=1), "dead"),
        (Came.BUSY, 4, timedelta(days=3), "queued"),
        (Came.BUSY, 5, timedelta(days=3), "dead"),
        (Came.ODD, 19, timedelta(hours=1), "queued"),
        (Came.ODD, 20, timedelta(hours=1), "dead"),
        (Came.ODD, 5, timedelta(days=3), "dead"),
        (Came.HELD, 1, timedelta(days=2), "queued"),
        (Came.HELD, 1, timedelta(days=3), "dead"),
        # A journal that was away for a week gets everything when it is back.
        (Came.DOWN, 1, timedelta(days=7), "queued"),
        (Came.RECEIVED, 99, timedelta(days=7), "received"),
    ],
)
def test_nothing_is_tried_for_ever_and_nothing_is_given_up_in_haste(
    came: Came, tries: int, age: timedelta, state: str
) -> None:
    assert step(Outcome(came), tries, age).state == state


@given(tries=st.integers(1, 10_000), jitter=st.floats(0, 1))
def test_pauses_grow_and_do_not_exceed_the_longest(tries: int, jitter: float) -> None:
    pause = backing_off(tries, PACE, jitter)
    assert 0.5 * PACE.first <= pause <= PACE.longest
    assert backing_off(tries + 1, PACE, jitter) >= pause


def test_the_circuit_opens_for_all_and_closes_by_one_that_gets_through() -> None:
    circuit, down = Circuit(), Outcome(Came.DOWN)
    assert circuit.may_send(0.0, 16) == 16
    for _ in range(16):  # all that were under way
        circuit.heard(down, 1.0, 1.0)
    assert (circuit.open_until, circuit.may_send(1.5, 16), circuit.may_send(2.0, 16)) == (2.0, 0, 1)
    circuit.heard(down, 2.0, 1.0)
    assert circuit.open_until == 4.0
    for at in range(4, 400, 40):
        circuit.heard(down, float(at), 1.0)
        assert circuit.open_until <= at + 30
    # A refusal is an answer: the journal is there.
    circuit.heard(Outcome(Came.REFUSED), 500.0, 1.0)
    assert (circuit.is_open, circuit.may_send(500.0, 16)) == (False, 16)


def test_failures_in_a_row_open_it_and_a_wish_to_wait_is_heard() -> None:
    circuit = Circuit()
    opened = []
    for came in [*[Came.UNSURE] * 7, Came.HELD, Came.UNSURE]:
        circuit.heard(Outcome(came), 0.0, 1.0)
        opened.append(circuit.is_open)
    assert opened == [False] * 8 + [True]
    circuit = Circuit()
    for _ in range(20):
        circuit.heard(outcome_of(404, {}, b"", NOW), 0.0, 1.0)
    assert (circuit.is_open, circuit.may_send(0.0, 16)) == (False, 16)
    circuit.heard(Outcome(Came.BUSY, wait=20.0), 10.0, 1.0)
    assert (circuit.is_open, circuit.may_send(29.0, 16), circuit.may_send(30.0, 16)) == (False, 0, 16)


KARI, OLA, ENTRY, OUT = (UUID(int=number) for number in (1, 2, 3, 4))
WHO = {"type": "Patient", "identifier": {"system": "urn:innsyn:person", "value": str(KARI)}}
HELPER = {"type": "Patient", "identifier": {"system": "urn:innsyn:person", "value": str(OLA)}}
ABOUT = {"identifier": {"system": "urn:innsyn:entry", "value": str(ENTRY)}, "display": "CRP"}


def consent(**more: object) -> bytes:
    told = {"resourceType": "Consent", "patient": WHO, "provision": {"data": [{"reference": ABOUT}]}}
    return json.dumps(told | {"performer": [HELPER]} | more).encode()


def test_what_leaves_has_the_journals_names_and_a_condition() -> None:
    sent = consent(identifier=[{"system": "urn:x", "value": "kept"}])
    assert placeholders_in(sent).persons == {KARI, OLA}
    assert placeholders_in(sent).entries == {ENTRY}
    named = Named(patients={KARI: "k"}, others={OLA: ("urn:fnr", "12")}, entries={ENTRY: "Observation/a"})
    bundle = json.loads(bundle_of(OUT, KARI, sent, named))
    own = {"system": "urn:innsyn:outbox", "value": str(OUT)}
    assert bundle == {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {
                "fullUrl": f"urn:uuid:{OUT}",
                "resource": {
                    "resourceType": "Consent",
                    "identifier": [own, {"system": "urn:x", "value": "kept"}],
                    "patient": {"type": "Patient", "reference": "Patient/k"},
                    "performer": [
                        {"type": "RelatedPerson", "identifier": {"system": "urn:fnr", "value": "12"}}
                    ],
                    "provision": {"data": [{"reference": {"display": "CRP", "reference": "Observation/a"}}]},
                },
                "request": {
                    "method": "POST",
                    "url": "Consent",
                    "ifNoneExist": f"identifier=urn:innsyn:outbox|{OUT}",
                },
            }
        ],
    }


def test_numbers_leave_as_they_were_written_and_a_form_has_one_identifier() -> None:
    form = b'{"resourceType": "QuestionnaireResponse", "item": [{"answer": [{"valueDecimal": 0.10}]}]}'
    bundle = bundle_of(OUT, KARI, form, Named())
    assert b"0.10" in bundle
    [entry] = json.loads(bundle)["entry"]
    assert entry["resource"]["identifier"] == {"system": "urn:innsyn:outbox", "value": str(OUT)}


@pytest.mark.parametrize(
    ("named", "reason"),
    [
        # Whom it is about must be a Patient there: a number is no way in.
        (Named(others={KARI: ("urn:fnr", "1"), OLA: ("urn:fnr", "2")}, entries={ENTRY: "X/1"}), "no_patient"),
        (Named(patients={KARI: "k"}, entries={ENTRY: "X/1"}), "no_patient"),
        (Named(patients={KARI: "k", OLA: "o"}), "no_entry"),
    ],
)
def test_what_has_no_name_does_not_leave(named: Named, reason: str) -> None:
    with pytest.raises(NotNamed, match=reason):
        bundle_of(OUT, KARI, consent(), named)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"[]",
        b'"Task"',
        b"\xff",
        b'{"resourceType": 1}',
        consent(patient={"identifier": {"system": "urn:innsyn:person", "value": "Kari"}}),
        consent(patient={"identifier": {"system": "urn:innsyn:person"}}),
    ],
)
def test_what_is_no_resource_is_told_from_what_has_no_name(body: bytes) -> None:
    assert placeholders_in(body).persons == frozenset()
    with pytest.raises(NoResource):
        bundle_of(OUT, KARI, body, Named())
