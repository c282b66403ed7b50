"""What the four pages of a form need: filling it in, reading through, choosing between two answers, and the receipt.

A page is made of `Field`s as the engine gives them; how each looks is worked out in `shown.py`, once per page.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Literal
from uuid import UUID

import msgspec
from markupsafe import Markup

from innsyn.access.views import Who
from innsyn.forms.engine.model import Option, Text
from innsyn.forms.engine.state import Field, Problem
from innsyn.forms.engine.values import Answer
from innsyn.forms.filling.cards import Card, beside, cards_of
from innsyn.forms.filling.problems import Wrong, wrongs_of
from innsyn.forms.filling.shown import Asked, Shown, asked_of, files_in, names_of, shown
from innsyn.forms.filling.steps import (
    Step,
    StepShown,
    open_step,
    shown_steps,
    step_after,
    step_before,
    step_of,
    steps_of,
)
from innsyn.forms.filling.summary import Section, sections_of
from innsyn.forms.filling.words import answers_words, question_of, shown_text
from innsyn.web.locale import catalogue

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
    "open_step",
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
    # The version of the form: what the names of the fields are of.
    form: UUID
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
    keeps_drafts: bool = True
    files: Mapping[str, FileShown] = {}
    found: Mapping[str, Sequence[Option]] = {}
    sought: Mapping[str, str] = {}
    failed: Sequence[str] = ()

    @cached_property
    def shown(self) -> tuple[Shown, ...]:
        """The fields as they are drawn."""
        return shown(self.fields, 2, self._asked)

    @cached_property
    def cards(self) -> list[Card]:
        """What stands on the page, in order; the questions of a step that is one group stand right on it."""
        return cards_of(shown(self.frame.field.fields, 2, self._asked) if self.frame else self.shown)

    @cached_property
    def _asked(self) -> Asked:
        texts = catalogue(self.reader.locale)
        searches = (self.found, self.sought, self.failed)
        return asked_of(self.fields, self.problems, texts, self.files, searches)

    @cached_property
    def frame(self) -> Shown | None:
        """The group that is the whole step, and is called what the page is called."""
        only = self.shown[0] if len(self.shown) == 1 else None
        if only is None or only.kind != "group" or only.item.repeats or "<" in only.text:
            return None
        return only if only.field.text.plain in {self.heading, ""} else None

    @property
    def heading(self) -> str:
        """What the step is called; the form, where it has one step or this one has no name."""
        here = self.here
        named = (here.title if here and len(self.steps) > 1 else "") or self.title
        return named or catalogue(self.reader.locale).text("forms.fill.untitled")

    @property
    def here(self) -> StepShown | None:
        """The step that is shown, in the list of steps."""
        return next((step for step in self.steps if step.index == self.step), None)

    @cached_property
    def aside(self) -> list[Markup]:
        """What the form, and this step of it, wants to have beside the page."""
        return [*map(shown_text, self.sidebar), *(one.text for one in beside(self.shown))]

    @property
    def intro_html(self) -> Markup:
        """What the form says of itself."""
        return shown_text(self.intro)

    @property
    def on(self) -> str:
        """The fields whose inputs stand here."""
        return " ".join(names_of(self.shown))

    @cached_property
    def files_asked(self) -> list[Shown]:
        """The fields that take files: each has a form of its own."""
        return files_in(self.shown)

    @cached_property
    def errors(self) -> list[Wrong]:
        """What has to be mended, each with its question."""
        return wrongs_of(self.problems, self.fields, catalogue(self.reader.locale))


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

    @cached_property
    def errors(self) -> list[Wrong]:
        """What has to be mended, each with its question."""
        fields = tuple(field for step in self.steps for field in step.fields)
        return wrongs_of(self.problems, fields, catalogue(self.reader.locale))

    @cached_property
    def sections(self) -> list[Section]:
        """All that is asked, with the answers."""
        said = {wrong.name: wrong.words for wrong in self.errors}
        return sections_of(self.steps, catalogue(self.reader.locale), self.files, said, all_asked=True)

    def urls(self, address: str) -> dict[str, str]:
        """Where each problem is mended, by the name of its field."""
        return {each.name: f"{address}?step={step_of(self.steps, each.name)}&mend=1" for each in self.errors}

    @property
    def first_wrong(self) -> int:
        """The index of the step to begin mending at."""
        return min((step_of(self.steps, each.name) for each in self.errors), default=0)


class SentBefore(msgspec.Struct, frozen=True):
    """Something that was sent earlier for the same task: the unit has asked again."""

    sent_id: UUID
    sent_at: datetime
    receipt: str


class SentPage(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A form that has been sent. `state`: waiting (with us) | received (the journal has it) | late | failed.

    `is_new`: it was sent a moment ago. `author` '' where the person themselves filled it in. `kept`: False where the
    form may not be kept here, then `steps` is empty. `paper`: the address of its PDF, '' without one. `before`: what
    this reader may see of what was sent earlier for the task, the newest first.
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
    before: Sequence[SentBefore] = ()

    @cached_property
    def sections(self) -> list[Section]:
        """What was answered."""
        return sections_of(self.steps, catalogue(self.reader.locale), self.files, {}, all_asked=False)


class Clash(msgspec.Struct, frozen=True, kw_only=True):
    """A place that was answered in two ways. `field` with the text to show; both sides may be without an answer."""

    field: Field
    mine: tuple[Answer, ...]
    theirs: tuple[Answer, ...]


class ClashShown(msgspec.Struct, frozen=True, kw_only=True):
    """A clash in words; () where one side has no answer."""

    name: str
    question: str
    mine: tuple[str, ...]
    theirs: tuple[str, ...]


class ConflictPage(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """The same was answered in two ways since `revision`: the citizen chooses, field by field; nothing is overwritten.

    Sent again with everything that was sent (`posted`, without `revision`), the newest `revision`, and for each clash
    `c-N` = mine | theirs: with theirs, N is left out of what is taken.
    """

    reader: Who
    draft: UUID
    title: str
    step: int
    revision: int
    form: UUID
    clashes: list[Clash]
    posted: Sequence[tuple[str, str]] = ()
    saved_at: datetime | None = None
    files: Mapping[str, FileShown] = {}

    @cached_property
    def choices(self) -> list[ClashShown]:
        """The clashes in words."""
        texts = catalogue(self.reader.locale)
        return [
            ClashShown(
                name=clash.field.name,
                question=question_of(clash.field, texts),
                mine=answers_words(clash.field, texts, self.files, clash.mine),
                theirs=answers_words(clash.field, texts, self.files, clash.theirs),
            )
            for clash in self.clashes
        ]
