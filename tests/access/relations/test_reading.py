"""What one resource says of two people. What cannot be read says nothing, and stops nobody's feed."""

from datetime import date, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.family import (
    JONAS,
    KARI,
    MARTE,
    OLAV,
    certificate,
    citizen,
    guardian,
    nearest,
    parent,
    youth_access,
)
from innsyn.access.relations.reading import Told, born, is_secret, told
from innsyn.access.relations.tables import Says
from innsyn.access.release import NEVER, OPEN
from innsyn.journal.fhir.reading import OSLO
from world import Resource


def read(resource: Resource) -> Told | None:
    return told(resource["resourceType"], msgspec.json.encode(resource))


def says(resource: Resource) -> Says:
    found = read(resource)
    return found.says if found else Says(0)


@pytest.mark.parametrize(
    ("family", "code", "responsible"),
    [
        ("mor", "felles", True), ("far", "felles", True), ("medmor", "felles", True),
        ("mor", "mor", True), ("far", "mor", False), ("far", "far", True), ("mor", "far", False),
        ("medmor", "medmor", True), ("mor", "andre", False), ("far", "andre", False),
        ("mor", "ukjent", False), ("mor", "", False), ("", "andre", True),
    ],
)  # fmt: skip
def test_who_has_parental_responsibility(family: str, code: str, responsible: bool) -> None:
    found = read(parent(JONAS, MARTE, family, code))
    assert found is not None
    assert (found.says, found.responsibility) == (Says.PARENT, responsible)


@pytest.mark.parametrize(
    "family", ["barn", "søsken", "ektefelleEllerPartner", "dødfødtBarn", "besteforelder"]
)
def test_other_relatives_are_no_parents(family: str) -> None:
    assert says(parent(JONAS, MARTE, family, "felles")) == Says(0)


@pytest.mark.parametrize(
    ("residence", "at_home"), [("same", True), ("shared", True), ("other", False), ("", False), ("x", False)]
)
def test_who_lives_with_the_child(residence: str, at_home: bool) -> None:
    found = read(parent(JONAS, MARTE, residence=residence))
    assert found is not None
    assert found.lives_with is at_home


def test_guardian_relative_and_papers() -> None:
    assert [says(one) for one in (guardian(OLAV, KARI), nearest(OLAV, KARI))] == [
        Says.GUARDIAN,
        Says.RELATIVE,
    ]
    assert says(certificate(OLAV, KARI, "2025-01-01")) == Says.CERTIFICATE
    assert says(youth_access(JONAS, "2025-01-01")) == Says.CONSENT


NOTHING = [
    {**parent(JONAS, MARTE), "active": False},
    {**parent(JONAS, MARTE), "patient": None},
    {**parent(JONAS, MARTE), "period": {"start": "2026-02-30"}},
    {**parent(JONAS, MARTE), "period": {"start": "2026-03-01", "end": "2026-02-01"}},
    certificate(OLAV, KARI, ""),
    certificate(OLAV, KARI, "2025-01-01", status="inactive"),
    certificate(OLAV, KARI, "2025-01-01", status="entered-in-error"),
    {**certificate(OLAV, KARI, "2025-01-01"), "category": []},
    {**youth_access(JONAS, "2025-01-01"), "provision": {"type": "deny", "period": {"start": "2025-01-01"}}},
    # Two papers in one say neither.
    {
        **youth_access(JONAS, "2025-01-01"),
        "category": [
            *youth_access(JONAS, "2025")["category"],
            *certificate(OLAV, KARI, "2025")["category"],
        ],
    },
    {**parent(JONAS, MARTE), "relationship": "mor"},
]


@pytest.mark.parametrize("resource", NOTHING)
def test_what_says_nothing(resource: dict[str, Any]) -> None:
    sent = {name: value for name, value in resource.items() if value is not None}
    assert read(sent) is None


@pytest.mark.parametrize(
    ("period", "since", "until"),
    [
        ({}, OPEN, NEVER),
        ({"start": "2025"}, datetime(2025, 1, 1, tzinfo=OSLO), NEVER),
        ({"start": "2025-03"}, datetime(2025, 3, 1, tzinfo=OSLO), NEVER),
        ({"end": "2025"}, OPEN, datetime(2026, 1, 1, tzinfo=OSLO)),
        ({"end": "2024-02"}, OPEN, datetime(2024, 3, 1, tzinfo=OSLO)),
        ({"end": "2025-12-31"}, OPEN, datetime(2026, 1, 1, tzinfo=OSLO)),
        ({"end": "2025-03-29"}, OPEN, datetime(2025, 3, 30, tzinfo=OSLO)),
        ({"end": "2025-03-30T12:00:00+02:00"}, OPEN, datetime(2025, 3, 30, 12, tzinfo=OSLO)),
        ({"end": "20250330"}, OPEN, datetime(2025, 3, 30, tzinfo=OSLO)),
    ],
)
def test_the_last_day_is_whole(period: dict[str, str], since: datetime, until: datetime) -> None:
    found = read({**parent(JONAS, MARTE), "period": period})
    assert found is not None
    assert (found.span.since, found.span.until) == (since, until)


@pytest.mark.parametrize(
    ("code", "secret"),
    [("6", True), ("7", True), ("StrictlyConfidential", True), ("fortrolig", True), ("Confidential", True),
     ("?", True), ("Unclassified", False), ("ugradert", False), ("ClientAddress", False), ("klientadresse", False)],
)  # fmt: skip
def test_address_confidentiality(code: str, secret: bool) -> None:
    assert is_secret(msgspec.json.encode(citizen(JONAS, secret=code))) is secret


def test_address_confidentiality_on_the_address_itself() -> None:
    extension = citizen(JONAS, secret="7")["extension"]
    assert is_secret(msgspec.json.encode(citizen(JONAS, address=[{"extension": extension}])))
    assert not is_secret(msgspec.json.encode(citizen(JONAS)))
    assert not is_secret(b"{")


def test_a_birth_date_is_whole_or_none() -> None:
    said = ["2013-03-02", "2013-03", "2013", "", "9999-01-01", "0001-01-01", "2013-02-29", "x"]
    assert [born(text) for text in said] == [date(2013, 3, 2), *[None] * 7]


_TEXT = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["2025-02-30", "9999", "0000", "2025-W09", "2025-W09-1", "20250101", "-", "٢٠٢٥", "2025-13"]
    ),
    st.dates().map(date.isoformat),
)


@given(start=_TEXT, end=_TEXT, birth=_TEXT)
def test_no_date_stops_the_feed(start: str, end: str, birth: str) -> None:
    born(birth)
    for resource in (parent(JONAS, MARTE), certificate(OLAV, KARI, start, end)):
        read({**resource, "period": {"start": start, "end": end}, "birthDate": birth, "dateTime": start})


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
_FIELDS = [
    "patient",
    "relationship",
    "period",
    "extension",
    "identifier",
    "category",
    "provision",
    "active",
    "name",
]


@given(field=st.sampled_from(_FIELDS), value=_JSON)
def test_no_shape_stops_the_feed(field: str, value: object) -> None:
    for resource in (parent(JONAS, MARTE), certificate(OLAV, KARI, "2025"), citizen(JONAS)):
        body = msgspec.json.encode({**resource, field: value})
        told(resource["resourceType"], body)
        is_secret(body)
