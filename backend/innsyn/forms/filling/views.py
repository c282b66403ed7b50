"""What the four pages of a form need: filling it in, reading through, choosing between two answers, and the receipt.

A page is made of `Field`s as the engine gives them; how each looks is worked out in `shown.py`, once per page.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from innsyn.access.views import Who
from innsyn.forms.engine.model import Option, Text
from innsyn.forms.engine.state import Field, Problem
from innsyn.forms.engine.values import Answer
from innsyn.forms.filling.steps import (
    Step,
    StepShown,
    shown_steps,
    step_after,
    step_before,
    step_of,
    steps_of,
)

__all__ = [
    "CheckPage",
    "Clash",
    "ConflictPage",
    "FileShown",
    "FillPage",
    "LostShown",
    "SentPage",
    "Step",
    "StepShown",
    "shown_steps",
    "step_after",
    "step_before",
    "step_of",
    "steps_of",
]


class FileShown(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is kept with the draft. `size` in bytes; `state` '' or a key of texts `forms.file.<state>`."""

    file_id: UUID
    field: str
    name: str
    media_type: str
    size: int
    state: str = ""


class LostShown(msgspec.Struct, frozen=True, kw_only=True):
    """A question of an older version that the new one has no place for, and what had been answered, in words."""

    text: str
    answer: str = ""


class FillPage(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One step of a draft. `fields` are those of the step, `steps` the open ones, `step` the index of this one.

    `found`: what a search gave, by field; `sought`: the words that were searched for, by field. `failed`: fields whose
    search failed. `merged`: something from another device has been added. `problems` are those to be shown (all at the
    place of one of `fields`); `saved` None: nothing has been saved yet. `unit` and `deadline` where it has been asked
    for. `files` by `urn:uuid:…`, as the answers name them.
    """

    reader: Who
    draft: UUID
    title: str
    steps: list[StepShown]
    step: int
    fields: tuple[Field, ...]
    problems: list[Problem]
    revision: int
    key: UUID
    saved: datetime | None = None
    # Is there an open step before and after this one?
    has_before: bool = False
    has_after: bool = False
    intro: Text = Text()
    unit: str = ""
    deadline: date | None = None
    sidebar: Sequence[Text] = ()
    lost: Sequence[LostShown] = ()
    merged: bool = False
    files: Mapping[str, FileShown] = {}
    found: Mapping[str, Sequence[Option]] = {}
    sought: Mapping[str, str] = {}
    failed: Sequence[str] = ()


class CheckPage(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """Everything that will be sent, before it is. `steps` are all of them, by index; `problems` must be none to send.

    `receiver`: who gets it, '' where that is not known. `keeps_drafts` False: it is said that nothing is kept here.
    """

    reader: Who
    draft: UUID
    title: str
    steps: list[Step]
    problems: list[Problem]
    revision: int
    key: UUID
    saved: datetime | None = None
    receiver: str = ""
    keeps_drafts: bool = True
    files: Mapping[str, FileShown] = {}
    lost: Sequence[LostShown] = ()


class SentPage(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A form that has been sent. `state`: waiting (with us) | received (the journal has it) | late | failed.

    `is_new`: it was sent a moment ago. `author` '' where the person themselves filled it in. `kept`: False where the
    form may not be kept here, then `steps` is empty. `paper`: the address of its PDF, '' without one.
    """

    reader: Who
    sent: UUID
    title: str
    receipt: str
    state: Literal["waiting", "received", "late", "failed"]
    sent_at: datetime
    received_at: datetime | None = None
    steps: list[Step] = []
    is_new: bool = False
    author: str = ""
    about: str = ""
    receiver: str = ""
    kept: bool = True
    paper: str = ""
    files: Mapping[str, FileShown] = {}


class Clash(msgspec.Struct, frozen=True, kw_only=True):
    """A place that was answered in two ways. `field` with the text to show; both sides may be without an answer."""

    field: Field
    mine: tuple[Answer, ...]
    theirs: tuple[Answer, ...]


class ConflictPage(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The same was answered in two ways since `revision`: the citizen chooses, field by field; nothing is overwritten.

    Sent again with everything that was sent (`posted`, without `revision`), the newest `revision`, and for each clash `c-N` =
    mine | theirs: with theirs, N is left out of what is taken.
    """

    reader: Who
    draft: UUID
    title: str
    step: int
    revision: int
    clashes: list[Clash]
    posted: Sequence[tuple[str, str]] = ()
    saved_at: datetime | None = None
    files: Mapping[str, FileShown] = {}
