"""All answers to read through: question and answer in words, under the headings of the form."""

from collections.abc import Collection, Mapping
from itertools import takewhile

import msgspec

from innsyn.forms.engine.model import Type
from innsyn.forms.engine.state import Field
from innsyn.forms.filling.kinds import can_change, is_table
from innsyn.forms.filling.steps import Step, is_answered, is_seen
from innsyn.forms.filling.tables import Table, table_of
from innsyn.forms.filling.words import Kept, answers_words, question_of
from innsyn.web.locale import Catalogue

_DEEPEST: int = 4


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One question. `words` () : not answered. `error`: what has to be mended before it can be sent."""

    name: str
    question: str
    words: tuple[str, ...] = ()
    error: str = ""
    can_change: bool = False
    is_long: bool = False


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """Lines under one heading (`title` '' where they go on under the one before), at `level` 2, 3 or 4."""

    title: str
    level: int
    step: int
    lines: list[Line]
    table: Table | None = None


def sections_of(
    steps: list[Step],
    texts: Catalogue,
    files: Mapping[str, Kept],
    errors: Mapping[str, str],
    *,
    all_asked: bool,
) -> list[Section]:
    """Open steps with what is asked in them. `all_asked` False: only what has been answered."""
    found: list[Section] = []
    for index, step in enumerate(steps):
        if step.is_open:
            reading = _Reading(texts, files, errors, all_asked, index, found)
            reading.under(step.title, 2, step.fields)
    return [section for place, section in enumerate(found) if _says_something(place, found)]


def _says_something(place: int, found: list[Section]) -> bool:
    section = found[place]
    if section.lines or section.table:
        return True
    # A heading stays where what is under it has headings of its own.
    below = takewhile(lambda one: not one.title or one.level > section.level, found[place + 1 :])
    return bool(section.title) and any(one.lines or one.table for one in below)


class _Reading:
    """Walks one step and leaves its sections in order."""

    def __init__(
        self,
        texts: Catalogue,
        files: Mapping[str, Kept],
        errors: Mapping[str, str],
        all_asked: bool,
        step: int,
        found: list[Section],
    ) -> None:
        self._texts, self._files, self._errors = texts, files, errors
        self._all_asked, self._step, self._found = all_asked, step, found

    def under(self, title: str, level: int, fields: tuple[Field, ...]) -> None:
        """A heading and everything below it."""
        self._open(title, level)
        self._fields(fields, title, level)

    def _fields(self, fields: tuple[Field, ...], title: str, level: int) -> None:
        for field in fields:
            if is_seen(field):
                self._field(field, title, level)

    def _field(self, field: Field, title: str, level: int) -> None:
        item = field.item
        if item.type is Type.GROUP:
            if is_table(field):
                self._table(field, title, level)
            else:
                self._group(field, title, level)
            return
        if item.asks and (self._all_asked or is_answered(field)):
            self._found[-1].lines.append(self._line(field))
        self._fields(field.fields, title, level)

    def _group(self, field: Field, title: str, level: int) -> None:
        own = field.text.plain and question_of(field, self._texts)
        if own == title and not field.item.repeats:
            self._fields(field.fields, title, level)
            return
        if field.item.repeats:
            number = int(field.name.rpartition(".")[2]) + 1
            own = self._texts.text("forms.fill.instance", text=own, n=number).strip()
        deeper = min(level + bool(own and title), _DEEPEST)
        self.under(own, deeper, field.fields)
        # What follows the group is not under its heading any more.
        self._open("", level)

    def _table(self, field: Field, title: str, level: int) -> None:
        table = table_of(field, self._texts, self._files)
        if table.rows:
            own = question_of(field, self._texts) if field.text.plain else ""
            deeper = min(level + bool(title), _DEEPEST)
            self._found.append(Section(title=own, level=deeper, step=self._step, lines=[], table=table))
            self._open("", level)

    def _open(self, title: str, level: int) -> None:
        if not title and self._found and not self._found[-1].lines and not self._found[-1].table:
            return
        self._found.append(Section(title=title, level=level, step=self._step, lines=[]))

    def _line(self, field: Field) -> Line:
        words = answers_words(field, self._texts, self._files)
        if field.item.owed and not words:
            # Whoever reads through would look for a way to answer it, and there is none.
            words = (self._texts.text("forms.problem.filled_by_nobody"),)
        return Line(
            name=field.name,
            question=_whole_question(field, self._texts),
            words=words,
            error=self._errors.get(field.name, ""),
            can_change=can_change(field),
            is_long=field.item.type is Type.TEXT,
        )


def _whole_question(field: Field, texts: Catalogue) -> str:
    words = " ".join(field.text.plain.split()) or texts.text("forms.fill.question")
    return f"{field.item.prefix} {words}" if field.item.prefix else words


def unplaced(errors: Mapping[str, str], names: Collection[str]) -> list[str]:
    """What is wrong at no field that is shown: said above all."""
    return [words for name, words in errors.items() if name not in names]
