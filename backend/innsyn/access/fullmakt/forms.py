"""What is sent from the pages of a fullmakt, and how it is read."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final, Literal, TypeVar

import msgspec

from innsyn.access.book.ages import birthday
from innsyn.access.fullmakt import codes, rules
from innsyn.access.fullmakt.levels import (
    EVERY_KIND,
    TASK_LASTS,
    Given,
    Level,
    NothingLeft,
    WhichForm,
    given,
    task_named,
)
from innsyn.access.fullmakt.refusals import TooLate
from innsyn.access.fullmakt.views import Choices, FieldError

T = TypeVar("T")

_LONGEST_LABEL: Final = 60
_LONGEST_NAME: Final = 120
ChosenLevel = Literal["standard", "read", "communicate", "full", "appointments", "messages", "form"]
Lasts = Literal["months", "year", "day", "open"]


class GivingForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to give, and for how long. `without` are kinds that are not to be seen; `until` belongs to `lasts` day.

    `task` is the form, for the level of one.
    """

    level: ChosenLevel
    label: str = ""
    task: str = ""
    without: str | list[str] = ""
    lasts: Lasts = "year"
    until: str = ""


class ChangeForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As GivingForm, of what is there already: who it is for, and which form, is not changed."""

    level: ChosenLevel
    without: str | list[str] = ""
    lasts: Lasts = "open"
    until: str = ""


class MoveForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to do with it."""

    do: Literal["invite", "confirm", "refuse", "decline", "withdraw", "still_right", "preview", "end"]


class ClaimForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The code, and the name of whoever gave it."""

    code: str = ""
    name: str = ""


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to give, read and checked."""

    label: str
    given: Given
    until: datetime


def wish_of(choices: Choices, today: date, task: str = "") -> tuple[Wish | None, tuple[FieldError, ...]]:
    """What is wished for, or what has to be mended in the form."""
    errors: list[FieldError] = []
    label = " ".join(choices.label.split())
    if not 1 <= len(label) <= _LONGEST_LABEL:
        errors.append(FieldError("label", "fullmakt.error.label"))
    field = "level" if choices.level == Level.FORM else "without"
    what = _tried(lambda: given(Level(choices.level), choices.without, task), field, errors)
    until = _tried(lambda: rules.last_moment(_last_day(choices, today), today), "until", errors)
    if errors or what is None or until is None:
        return None, tuple(errors)
    return Wish(label=label, given=what, until=until), ()


def chosen(form: GivingForm | ChangeForm, label: str, title: str = "") -> Choices:
    """The form as it was sent, to be shown again. `title`: of the form that is given."""
    asked = [form.without] if isinstance(form.without, str) else form.without
    return Choices(
        label=label,
        level=form.level,
        without=tuple(kind for kind in EVERY_KIND if kind in asked),
        lasts=form.lasts,
        until=form.until[:10],
        task=task_named(form.task) if isinstance(form, GivingForm) else "",
        form=title,
    )


def claim_errors(form: ClaimForm) -> tuple[FieldError, ...]:
    """What can be told of what was typed without looking anything up."""
    errors = []
    if codes.read(form.code) is None:
        errors.append(FieldError("code", "fullmakt.error.code"))
    if not codes.words_of(form.name) or len(form.name) > _LONGEST_NAME:
        errors.append(FieldError("name", "fullmakt.error.name"))
    return tuple(errors)


def _tried(read: Callable[[], T], field: str, errors: list[FieldError]) -> T | None:
    try:
        return read()
    except (NothingLeft, TooLate, WhichForm) as refused:
        errors.append(FieldError(field, refused.text_key))
    except ValueError:
        errors.append(FieldError(field, "fullmakt.error.day"))
    return None


def _last_day(choices: Choices, today: date) -> date | None:
    if choices.lasts == "day":
        return date.fromisoformat(choices.until)
    if choices.lasts == "months":
        return today + TASK_LASTS
    return birthday(today, 1) - timedelta(days=1) if choices.lasts == "year" else None
