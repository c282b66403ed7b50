"""What has changed, and what has been taken back, as their templates know it."""

from dataclasses import replace
from typing import Any

from innsyn.home.views import Gone
from innsyn.records.history.tables import TakenBack
from innsyn.records.history.views import Change, Comparison
from innsyn.records.history.words import compared
from pwa.record import APPOINTMENT, AREAS, DISCHARGE, NEWEST, SOURCES
from pwa.shapes import Page

_BEFORE = (
    "Innlagt med nyrebekkenbetennelse. Behandlet med cefotaksim i tre dager, deretter pivmecillinam tabletter.\n"
    "Metformin er stanset inntil videre. Kontroll hos fastlege om to uker."
)
_AFTER = (
    "Innlagt med nyrebekkenbetennelse. Behandlet med cefotaksim i tre dager, deretter pivmecillinam tabletter.\n"
    "Metformin fortsettes som før. Kontroll hos fastlege om én uke, med ny blodprøve."
)
_GONE = TakenBack(
    id="w1",
    kind="lab_results",
    at="2026-11-12T08:40:00+01:00",
    source="lab-midt",
    organisation="Laboratoriet for Midt-Norge",
    taken="2026-11-21T10:12:00Z",
    why="entered_in_error",
    said="Prøven tilhørte en annen pasient.",
)
_GONE_ROW = Gone(
    f"/journal/{_GONE.kind}/{_GONE.id}",
    _GONE.kind,
    _GONE.organisation or _GONE.source,
    "2026-11-21",
    "21. nov.",
)


def _plain(field: str, shape: str, old: str, new: str) -> Change:
    return Change(field=field, shape=shape, old=old, new=new)


def history_pages() -> dict[str, tuple[str, Any]]:
    """A name, the template and its data, as `examples.pages`."""
    letter = Comparison(
        when="2026-11-20T13:20:00Z",
        correction=True,
        author="Magne Rotmo",
        organisation="Medisinsk sengepost 2",
        changes=[
            Change(field="text", shape="words", old=_BEFORE, new=_AFTER, compared=compared(_BEFORE, _AFTER))
        ],
    )
    value = Comparison(
        when="2026-11-20T13:20:00Z",
        correction=False,
        author="",
        organisation="Laboratoriet for Midt-Norge",
        changes=[
            _plain("value", "number", "5.6", "4.6"),
            _plain("flag", "code", "high", "normal"),
            _plain("status", "code", "preliminary", "final"),
            _plain("collected", "day", "2026-10-21", "2026-10-21T08:40:00+02:00"),
        ],
    )
    versions, gone = "records/history/versions.html", "records/history/taken_back.html"
    changed = replace(NEWEST, changed="2026-11-20T13:20:00Z")
    return {
        "versions-note": (versions, Page(line=DISCHARGE, comparisons=[letter])),
        "versions-result": (
            versions,
            Page(line=changed, comparisons=[value], more=True),
        ),
        "versions-none": (versions, Page(line=NEWEST)),
        "taken-back": (gone, Page(told=_GONE, why="entered_in_error")),
        "home-taken-back": (
            "home.html",
            Page(
                next=APPOINTMENT, news=[NEWEST], news_count=2, taken=[_GONE_ROW], areas=AREAS, sources=SOURCES
            ),
        ),
    }
