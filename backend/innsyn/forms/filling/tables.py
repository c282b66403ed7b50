"""A group that sums up in a table what has been answered elsewhere in the form."""

from collections.abc import Mapping

import msgspec

from innsyn.forms.engine.model import Control
from innsyn.forms.engine.state import Field
from innsyn.forms.filling.steps import is_seen
from innsyn.forms.filling.words import Kept, answers_words, question_of
from innsyn.web.locale import Catalogue


class Table(msgspec.Struct, frozen=True, kw_only=True):
    """`heads` of the columns; of the cells in a row the first names it. Questions and answers have no heads."""

    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def table_of(field: Field, texts: Catalogue, files: Mapping[str, Kept]) -> Table:
    """GTABLE has a column for each question and a row for each of their answers; GRID a row for each group below.

    Any other has a row for each question that has an answer.
    """
    if field.item.control is Control.GTABLE:
        return _columns([one for one in field.fields if one.item.asks and is_seen(one)], field, texts, files)
    if field.item.control is Control.GRID and any(one.fields for one in field.fields):
        return _grid([one for one in field.fields if one.fields and is_seen(one)], texts, files)
    asked = [one for one in field.all() if one.item.asks and is_seen(one)]
    told = [(question_of(one, texts), ", ".join(answers_words(one, texts, files))) for one in asked]
    return Table(rows=tuple(row for row in told if row[1]))


def _columns(asked: list[Field], group: Field, texts: Catalogue, files: Mapping[str, Kept]) -> Table:
    answers = [answers_words(one, texts, files) for one in asked]
    longest = max(map(len, answers), default=0)
    rows = [tuple(each[place] if place < len(each) else "" for each in answers) for place in range(longest)]
    named = dict(group.item.columns)
    heads = tuple(named.get(one.item.link_id) or question_of(one, texts) for one in asked)
    order = next(
        (place for place, one in enumerate(asked) if one.item.link_id == group.item.ordered_by), None
    )
    return Table(heads=heads, rows=tuple(rows if order is None else sorted(rows, key=lambda row: row[order])))


def _grid(groups: list[Field], texts: Catalogue, files: Mapping[str, Kept]) -> Table:
    columns = {below.item.link_id: question_of(below, texts) for below in groups[0].fields if below.item.asks}
    rows = [
        (
            question_of(group, texts),
            *(", ".join(answers_words(below, texts, files)) for below in group.fields if below.item.asks),
        )
        for group in groups
    ]
    width = len(columns) + 1
    return Table(heads=("", *columns.values()), rows=tuple((*row, *[""] * width)[:width] for row in rows))
