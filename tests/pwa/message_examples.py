"""Messages, as their pages know them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from innsyn.access.views import Acting
from innsyn.home.reporting.queries import Unit
from innsyn.home.reporting.rules import REASONS, Passage
from innsyn.home.reporting.views import ReportPage
from innsyn.messages.new.views import ComposePage, KindRow, UnitRow, UnitShown, UnitsPage
from innsyn.messages.views import (
    DraftRow,
    Earlier,
    Expect,
    FileRow,
    ListPage,
    Row,
    SaidRow,
    ThreadPage,
    Writing,
)
from innsyn.records.entries import Line
from pwa.form_examples import WHO

_NOW = WHO.now
_ID = UUID(int=1)
_SENTENCES = ["Pasienten røyker 20 sigaretter daglig.", "Har sluttet å drikke."]
_HELPING = Acting(name="Olav Nordli", given="Olav", rule="fullmakt", preview=False, only_forms=False)
_USUAL = Expect(median=(20, "hours"), most=(4, "days"), threads=31)
_UNIT = UnitShown(
    unit_id=_ID,
    name="Steinkjer legesenter",
    organisation="Steinkjer kommune",
    about="Vi leser meldinger på hverdager.\n\nSkriv kort, og én ting om gangen.",
    hours=[(("mon", "fri"), "08.00", "15.30")],
    note="",
)


def _row(number: int, topic: str, **told: Any) -> Row:  # noqa: ANN401
    usual: dict[str, Any] = {
        "href": f"/messages/{UUID(int=number)}",
        "topic": topic,
        "unit": "Steinkjer legesenter",
        "kind": "question",
        "last_at": _NOW - timedelta(hours=20 * number),
        "stands": "answered",
        "unread": False,
    }
    return Row(**{**usual, **told})


def _said(number: int, who: str, text: str, **told: Any) -> SaidRow:  # noqa: ANN401
    usual: dict[str, Any] = {
        "message_id": UUID(int=number),
        "at": _NOW - timedelta(hours=50 - 9 * number),
        "who": who,
        "author": "",
        "unit": "Steinkjer legesenter" if who == "unit" else "",
        "handed_to": "",
        "text": text,
        "recalled": False,
        "corrected": None,
        "new": False,
        "stands": "",
        "stands_at": None,
        "before": [],
        "files": [],
    }
    return SaidRow(**{**usual, **told})


_FILE = FileRow(UUID(int=5), "Blodsukker uke 47.pdf", "application/pdf", 340_000, "clean", "")
_THREAD = ThreadPage(
    reader=WHO,
    thread_id=_ID,
    topic="Dosen av metformin",
    unit="Diabetespoliklinikken",
    first_unit="Steinkjer legesenter",
    kind="question",
    said=[
        _said(1, "you", "Hei!\n\nJeg er blitt kvalm etter at dosen ble økt. Skal jeg fortsette?"),
        _said(2, "unit", "Vi spør dem på poliklinikken.", handed_to="Diabetespoliklinikken"),
        _said(
            3,
            "unit",
            "Ta en tablett til kvelden i en uke, og skriv hit igjen da.",
            author="Anne Vik",
            unit="Diabetespoliklinikken",
            corrected=_NOW - timedelta(hours=20),
            before=[Earlier("Ta to tabletter til kvelden i en uke.", _NOW - timedelta(hours=20))],
            new=True,
            files=[_FILE],
        ),
        _said(
            4,
            "helper",
            "Olav skriver for Kari: hun er bedre nå.",
            author="Olav Nordli",
            stands="read",
            stands_at=_NOW - timedelta(hours=2),
        ),
    ],
    stands="read",
    stands_at=_NOW - timedelta(hours=2),
    closed=False,
    outcome="",
    entry=None,
    expect=_USUAL,
    late=False,
    reply=Writing(draft_id=_ID, text="Takk, jeg", revision=2, saved=_NOW),
    may_close=True,
    unread=1,
)
_COMPOSE = ComposePage(
    reader=WHO,
    unit=_UNIT,
    kinds=[
        KindRow("question", _USUAL, ""),
        KindRow("prescription", Expect(promise=2), "Hvilket legemiddel, styrke, og hvor mye du har igjen."),
        KindRow("other", Expect(), ""),
    ],
    kind="",
    writing=Writing(draft_id=_ID),
    why_not="",
    unread=0,
)


def message_pages() -> dict[str, tuple[str, Any]]:
    """A name, the template and its data, as `examples.pages`."""
    replace = msgspec.structs.replace
    wrong = Writing(
        draft_id=_ID,
        text="Jeg trenger ny resept.",
        errors={"kind": "messages.error.kind", "topic": "messages.error.topic"},
        theirs="Jeg trenger ny resept på Metformin.",
        revision=3,
        saved=_NOW,
    )
    return {
        "messages": (
            "messages/list.html",
            ListPage(
                reader=WHO,
                threads=[
                    _row(1, "Dosen av metformin", unread=True),
                    _row(2, "Fornye resept på blodtrykksmedisin", kind="prescription", stands="read"),
                    _row(3, "", kind="wrong", unit="Kirurgisk avdeling, Sykehuset Levanger", stands="dead"),
                ],
                drafts=[DraftRow("/messages/drafts/1", _ID, "Time i desember", "Steinkjer legesenter", _NOW)],
                unread=1,
                may_write=True,
            ),
        ),
        "messages-empty": (
            "messages/list.html",
            ListPage(reader=replace(WHO, acting=_HELPING), threads=[], drafts=[], unread=0, may_write=True),
        ),
        "messages-thread": ("messages/thread.html", _THREAD),
        "messages-closed": (
            "messages/thread.html",
            replace(
                _THREAD,
                closed=True,
                stands="closed",
                outcome="Rettet i notatet 21. november.",
                entry=_ID,
                may_close=False,
                reply=None,
            ),
        ),
        "messages-late": ("messages/thread.html", replace(_THREAD, late=True, said=_THREAD.said[:1])),
        "messages-new": (
            "messages/new.html",
            UnitsPage(
                reader=WHO,
                known=[
                    UnitRow(
                        "/messages/new/1",
                        "Steinkjer legesenter",
                        "Steinkjer kommune",
                        ["question", "prescription"],
                        "",
                    )
                ],
                others=[
                    UnitRow("/messages/new/2", "Hjemmesykepleien", "Steinkjer kommune", ["question"], "")
                ],
                closed=[UnitRow("", "Psykisk helse", "St. Olavs hospital", ["question"], "known")],
                unread=0,
            ),
        ),
        "messages-compose": ("messages/compose.html", _COMPOSE),
        "messages-compose-wrong": ("messages/compose.html", replace(_COMPOSE, writing=wrong)),
        "messages-report": (
            "messages/report.html",
            ReportPage(
                reader=WHO,
                line=Line(
                    id="n1",
                    kind="notes",
                    title="Epikrise fra kirurgisk avdeling",
                    organisation="St. Olavs hospital",
                ),
                what="wrong",
                passages=[Passage(" ".join(_SENTENCES), _SENTENCES), Passage("Utskrevet til hjemmet.", [])],
                is_cut=True,
                quote=_SENTENCES[0],
                reasons=REASONS,
                units=[
                    Unit(_ID, "Kirurgisk avdeling", "St. Olavs hospital"),
                    Unit(UUID(int=2), "Steinkjer legesenter", ""),
                ],
                draft_id=_ID,
                unread=0,
                errors={"reason": "reporting.error.reason"},
            ),
        ),
    }
