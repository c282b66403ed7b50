"""Codes to our own words: a decision table, and every word there in every language."""

import pytest

from innsyn.access.lookups.rules import (
    ACTS,
    DECISION_TEMPLATE,
    PURPOSE_OF_USE,
    REASONS,
    Why,
    act_of,
    was_refused,
    why,
)
from innsyn.web.locale import LOCALES, catalogue


@pytest.mark.parametrize(
    ("codings", "expected"),
    [
        ([], Why("", emergency=False)),
        ([(PURPOSE_OF_USE, "TREAT")], Why("treatment", emergency=False)),
        # The template tells more than the purpose, wherever it stands.
        ([(PURPOSE_OF_USE, "TREAT"), (DECISION_TEMPLATE, "BELEGG")], Why("admitted", emergency=False)),
        ([(DECISION_TEMPLATE, "BLAALYS")], Why("emergency", emergency=True)),
        ([(PURPOSE_OF_USE, "ETREAT")], Why("emergency", emergency=True)),
        ([(PURPOSE_OF_USE, "BTG")], Why("emergency", emergency=True)),
        # An emergency is one if anything says so, also beside a quieter template.
        ([(DECISION_TEMPLATE, "BELEGG"), (PURPOSE_OF_USE, "ETREAT")], Why("admitted", emergency=True)),
        ([(DECISION_TEMPLATE, "NEWCODE"), (PURPOSE_OF_USE, "HRESCH")], Why("research", emergency=False)),
        # A code means what it means in its own system only.
        ([("urn:another", "BLAALYS")], Why("", emergency=False)),
    ],
)
def test_why(codings: list[tuple[str, str]], expected: Why) -> None:
    assert why(codings) == expected


@pytest.mark.parametrize(
    ("action", "codes", "expected"),
    [
        ("R", [], "read"),
        ("C", [], "written"),
        ("U", ["rest"], "changed"),
        ("D", [], "deleted"),
        ("E", ["rest", "search-type"], "searched"),
        ("R", ["110106"], "exported"),
        ("E", [], "done"),
        ("", [], "read"),
    ],
)
def test_what_was_done(action: str, codes: list[str], expected: str) -> None:
    assert act_of(action, codes) == expected


@pytest.mark.parametrize(
    ("outcome", "refused"), [("", False), ("0", False), ("4", True), ("8", True), ("12", True)]
)
def test_whether_it_was_let_through(outcome: str, refused: bool) -> None:
    assert was_refused(outcome) is refused


@pytest.mark.parametrize("locale", LOCALES)
def test_every_reason_and_act_has_its_words(locale: str) -> None:
    keys = {f"log.reason.{reason}" for reason in REASONS} | {f"log.act.{act}" for act in ACTS}
    assert keys <= catalogue(locale).known()
