"""HealthcareService: whom one can write to, about what, when it is open, and what it promises."""

from collections.abc import Iterable
from typing import Final

import msgspec

from innsyn.journal.fhir.messages import (
    KIND,
    MAY_WRITE,
    PROMISE,
    TEMPLATE,
    HealthcareService,
)
from innsyn.journal.fhir.reading import clipped, code_in
from innsyn.journal.projected import About, Common

EVERYONE, KNOWN, SELF_ONLY = "everyone", "known", "self_only"
# Whoever says nothing that we know is written to by those who have something there.
_MAY_WRITE: Final = frozenset({EVERYONE, KNOWN, SELF_ONLY})
_PROMISE_CODE: Final = "working-days"
_LONGEST_PROMISE: Final = 365
_MOST: Final = 50
_NAME, _WORDS = 200, 10_000


class Hours(msgspec.Struct, frozen=True, omit_defaults=True):
    """On these days (mon … sun) from and to a clock time ("08:00"); both '' is all day."""

    days: tuple[str, ...]
    begins: str = ""
    ends: str = ""


class Closed(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why, and from when until when, as FHIR dateTimes ('' open)."""

    why: str
    begins: str = ""
    ends: str = ""


class Opening(msgspec.Struct, frozen=True, omit_defaults=True):
    """When a unit is open: no hours are no hours known. `note` in its own words."""

    hours: tuple[Hours, ...] = ()
    closed: tuple[Closed, ...] = ()
    note: str = ""


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A unit as it is configured by the journal. Without `kinds` nobody can write to it."""

    name: str
    organisation: str
    kinds: tuple[str, ...]
    may_write: str
    opening: Opening
    about: str
    promise: int | None
    templates: dict[str, str]
    is_active: bool


opening_of = msgspec.json.Decoder(Opening).decode
templates_of = msgspec.json.Decoder(dict[str, str]).decode


def unit(service: HealthcareService, about: About) -> Common:
    """The unit; also one that cannot be written to (any more), which then can not."""
    kinds = tuple(dict.fromkeys(code for each in service.type if (code := code_in(each, KIND))))
    allowed = [code for each in service.eligibility if (code := code_in(each.code, MAY_WRITE)) in _MAY_WRITE]
    return Common(
        Unit(
            name=clipped(service.name, _NAME),
            organisation=clipped(
                about.organisation(service.provided_by) if service.provided_by else "", _NAME
            ),
            kinds=kinds[:_MOST],
            may_write=allowed[0] if allowed else KNOWN,
            opening=_opening(service),
            about=service.extra_details[:_WORDS],
            promise=_promise(service),
            templates=dict(_templates(service)),
            is_active=service.active and bool(kinds),
        )
    )


def _opening(service: HealthcareService) -> Opening:
    return Opening(
        hours=tuple(
            Hours(
                each.days_of_week,
                "" if each.all_day else each.available_start_time[:5],
                "" if each.all_day else each.available_end_time[:5],
            )
            for each in service.available_time[:_MOST]
        ),
        closed=tuple(
            Closed(
                clipped(each.description, _NAME),
                each.during.start if each.during else "",
                each.during.end if each.during else "",
            )
            for each in service.not_available[:_MOST]
        ),
        note=clipped(service.availability_exceptions, _WORDS),
    )


def _promise(service: HealthcareService) -> int | None:
    for each in service.characteristic:
        for coding in each.coding:
            if coding.system == PROMISE and coding.code == _PROMISE_CODE and coding.display.isdecimal():
                days = int(coding.display[:4])
                return days if 0 < days <= _LONGEST_PROMISE else None
    return None


def _templates(service: HealthcareService) -> Iterable[tuple[str, str]]:
    for each in [one for one in service.extension if one.url == TEMPLATE][:_MOST]:
        parts = {part.url: part for part in each.extension}
        kind, text = parts.get("kind"), parts.get("text")
        if kind is not None and text is not None and (kind.value_code or kind.value_string):
            yield kind.value_code or kind.value_string, text.value_string[:_WORDS]
