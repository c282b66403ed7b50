"""How much a fullmakt gives: HelsaMi's four levels as presets over capabilities and kinds, and tasks of a smaller size.

Source: the table of levels at helseplattformen.no/en/helsami/helsami-for-deg-som-er-parorende. What it leaves open is
closed here, with one exception that is told below. The citizen can take kinds away from a level, never add to it.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

import msgspec

from innsyn.access.book.versions import HELSENORGE
from innsyn.access.capability import Capability
from innsyn.access.visibility import PAST_APPOINTMENTS
from innsyn.refusal import Refusal

APPOINTMENTS: Final = "encounters"
# Names of records.kinds.Kind, in the order that a citizen meets them (a test holds them equal).
EVERY_KIND: Final = (
    *("lab_results", "measurements", "imaging", "medications", "notes", "allergies", "diagnoses"),
    *("vaccinations", "procedures", APPOINTMENTS, PAST_APPOINTMENTS, "referrals", "care_plans", "care_team"),
)
# Appointments that have been, the history of what has been done, and notes: a note tells of a visit that has been.
_PAST: Final = frozenset({PAST_APPOINTMENTS, "procedures", "notes"})
_TODAYS_HEALTH: Final = tuple(kind for kind in EVERY_KIND if kind not in _PAST)


class Level(StrEnum):
    """A preset, or a task. Stored, and part of the keys of texts: never renamed."""

    STANDARD = "standard"
    READ = "read"
    COMMUNICATE = "communicate"
    FULL = "full"
    APPOINTMENTS = "appointments"
    MESSAGES = "messages"
    FORM = "form"


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a fullmakt gives. `kinds` None: all of them, also those that come later.

    `task` is which form (the id of its task) or which unit it is for, where it is a task of that size, '' else. A form
    is among the kinds as well, `form:<task>`: that is how a permit names it.
    """

    level: Level
    capabilities: Capability
    kinds: tuple[str, ...] | None
    task: str = ""

    @property
    def everywhere(self) -> Capability:
        """The capabilities that hold in the whole record, and not for the one form or unit of a task.

        Only these stand in a permit: a person's permits are added up, and what holds for one form would be a
        capability for all of them. Whoever has to do with forms or messages asks for the task itself.
        """
        if self.level is Level.FORM:
            return Capability.ONE_FORM
        return Capability(0) if self.task else self.capabilities


_SEE, _ALL = Capability.SEE, HELSENORGE.rule("fullmakt").capabilities
LEVELS: Final[Mapping[Level, Given]] = {
    # "Standardtilgang": coming appointments, health information, messages and booking; no past appointments, history or
    # own notes. Forms are not mentioned.
    Level.STANDARD: Given(
        level=Level.STANDARD,
        capabilities=_SEE | Capability.MESSAGE | Capability.BOOK,
        kinds=_TODAYS_HEALTH,
    ),
    # "Lesetilgang": health information, no messages and no booking. Of appointments it says nothing; that the coming
    # ones can be seen is the exception: who follows somebody needs to know when.
    Level.READ: Given(level=Level.READ, capabilities=_SEE, kinds=_TODAYS_HEALTH),
    # "Bare kommunisere": coming appointments seen and managed, messages; no health information.
    Level.COMMUNICATE: Given(
        level=Level.COMMUNICATE,
        capabilities=_SEE | Capability.MESSAGE | Capability.BOOK,
        kinds=(APPOINTMENTS,),
    ),
    # "Full tilgang": all of it, and what comes later; forms and notes too. Not who else has access: that stays with
    # the giver.
    Level.FULL: Given(level=Level.FULL, capabilities=_ALL, kinds=None),
    Level.APPOINTMENTS: Given(
        level=Level.APPOINTMENTS, capabilities=_SEE | Capability.BOOK, kinds=(APPOINTMENTS,)
    ),
    Level.MESSAGES: Given(level=Level.MESSAGES, capabilities=Capability.MESSAGE, kinds=(), task="home_care"),
    Level.FORM: Given(level=Level.FORM, capabilities=Capability.FORMS, kinds=(), task="form"),
}
PRESETS: Final = (Level.STANDARD, Level.READ, Level.COMMUNICATE, Level.FULL)
# A form is given from the page of the form.
TASKS: Final = (Level.APPOINTMENTS, Level.MESSAGES)
# For how long a task is given when the giver says nothing else.
TASK_LASTS: Final = timedelta(days=92)


class NothingLeft(Refusal):
    """All that the level would show has been taken away."""

    status_code: ClassVar[int] = 400
    text_key: ClassVar[str] = "refusal.fullmakt_nothing_left"


class WhichForm(Refusal):
    """One form is given from the page of that form: there is no giving one without saying which."""

    status_code: ClassVar[int] = 400
    text_key: ClassVar[str] = "refusal.fullmakt_which_form"


class MoreThanOneHas(Refusal):
    """Nobody can give what is not theirs to give: not what they lack, and never the right to give on."""

    status_code: ClassVar[int] = 403
    text_key: ClassVar[str] = "refusal.fullmakt_too_much"


def given(level: Level, without: Iterable[str] = (), task: str = "") -> Given:
    """What this level gives `without` these kinds. Raises NothingLeft or WhichForm.

    `task` names the form or the unit, for a level that is about one.
    """
    preset = LEVELS[level]
    if level is Level.FORM:
        if not (named := task_named(task)):
            raise WhichForm
        return msgspec.structs.replace(preset, task=named, kinds=(kind_of_form(named),))
    taken = frozenset(without) & frozenset(EVERY_KIND)
    if preset.task:
        return msgspec.structs.replace(preset, task=task or preset.task)
    if APPOINTMENTS in taken:
        # Those that have been come with those that come: there is no seeing them alone.
        taken |= {PAST_APPOINTMENTS}
    if not taken:
        return preset
    kinds = tuple(kind for kind in preset.kinds or EVERY_KIND if kind not in taken)
    if not kinds:
        raise NothingLeft
    return msgspec.structs.replace(preset, kinds=kinds)


def kind_of_form(task: str) -> str:
    """How the kinds of a permit name the task of a form."""
    return f"form:{task}"


def task_named(typed: str) -> str:
    """The id of a task as it is written everywhere; '' for what is none."""
    try:
        return str(UUID(typed))
    except ValueError:
        return ""


def must_be_theirs(wanted: Given, capabilities: Capability, kinds: Iterable[str] | None) -> None:
    """The giver has these capabilities and kinds (None: all). Raises MoreThanOneHas."""
    too_much = wanted.capabilities & ~(capabilities & _ALL)
    hidden = kinds is not None and (wanted.kinds is None or not set(wanted.kinds) <= set(kinds))
    if too_much or hidden:
        raise MoreThanOneHas


def widens(before: Given, after: Given) -> bool:
    """Does the one give anything that the other did not?"""
    if after.capabilities & ~before.capabilities or after.task != before.task:
        return True
    if before.kinds is None:
        return False
    return after.kinds is None or not set(after.kinds) <= set(before.kinds)
