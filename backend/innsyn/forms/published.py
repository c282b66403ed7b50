"""A form as it was published, read by the engine once in each process.

A question that needs a form has a part `published(…)` and is given what is known; what comes back has the bytes only of
a form that is not, so that a form of a megabyte costs its megabyte once:

    held = forms.held()
    reader, row = await db.ask(_QUESTION, known=list(held), …)
    form = forms.form_of(row["form"], held)
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

import msgspec
from sqlalchemy import JSON, ColumnElement, Text, bindparam, case, cast, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, BYTEA, aggregate_order_by, array

from innsyn.forms.engine.canonical import newest
from innsyn.forms.engine.model import Form, Option
from innsyn.forms.engine.reading import read
from innsyn.forms.tables import questionnaire, value_set
from innsyn.refusal import Refusal

# Of bodies; what is made of them takes some ten times that.
_MOST_BYTES: Final = 24 * 1024 * 1024
_UTF8: ColumnElement[str] = literal_column("'UTF8'")
_BAR: ColumnElement[str] = literal_column("'|'")


class _Held(msgspec.Struct, frozen=True):
    """A value set of the form's feed that may be what the form asks for by `asked`."""

    asked: str
    version: str
    status: str
    options: tuple[Option, ...]


_read_held = msgspec.json.Decoder(list[_Held]).decode


class NotUsable(Refusal):
    """A form that was published once, and that the engine of today does not read."""

    status_code: ClassVar[int] = 409
    text_key: ClassVar[str] = "refusal.form_not_usable"


def published(of: Any = questionnaire) -> ColumnElement[Any]:  # noqa: ANN401 - the table or an alias of it
    """[key, body, value sets] of a row, as bytes; of what is `known` (keys, a parameter of the question) no body."""
    key = func.concat(of.c.questionnaire_id, literal_column("'/'"), func.extract("epoch", of.c.revised_at))
    known = key == func.any(bindparam("known", type_=ARRAY(Text)))
    sets = _sets_of(of)
    return array(
        [
            func.convert_to(key, _UTF8),
            case((known, None), else_=of.c.body),
            case((known, None), else_=func.convert_to(sets, _UTF8)),
        ],
        type_=BYTEA,
    )


def _sets_of(of: Any) -> ColumnElement[Any]:  # noqa: ANN401 - the table or an alias of it
    # Each feed has its own: what one publisher calls by an address says nothing of another's.
    asked = func.unnest(of.c.wants).table_valued("asked", name="asking").render_derived()
    url = func.split_part(asked.c.asked, _BAR, literal_column("1"))
    canonical = func.concat(value_set.c.url, _BAR, value_set.c.version)
    held = func.json_build_object(
        literal_column("'asked'"),
        asked.c.asked,
        literal_column("'version'"),
        value_set.c.version,
        literal_column("'status'"),
        value_set.c.status,
        literal_column("'options'"),
        cast(func.convert_from(value_set.c.options, _UTF8), JSON),
    )
    in_order = aggregate_order_by(held, value_set.c.landed_at, value_set.c.id)
    return (
        select(cast(func.json_agg(in_order), Text))
        .select_from(asked.join(value_set, value_set.c.url == url))
        .where(
            value_set.c.feed == of.c.feed, or_(asked.c.asked == value_set.c.url, asked.c.asked == canonical)
        )
        .correlate(of)
        .scalar_subquery()
    )


class Forms:
    """The forms that this process has read lately, those used last kept first."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        self._most = most_bytes
        self._forms: OrderedDict[str, tuple[Form, int]] = OrderedDict()
        self._bytes = 0

    def held(self) -> Mapping[str, Form]:
        """Those that are known now; whoever holds them has them, whatever is forgotten meanwhile."""
        return {key: form for key, (form, _) in self._forms.items()}

    def form_of(self, row: Sequence[bytes | None], held: Mapping[str, Form]) -> Form:
        """The form of a row of `published`. Raises NotUsable where it cannot be read any longer."""
        key = (row[0] or b"").decode()
        if key in self._forms:
            self._forms.move_to_end(key)
        if (known := held.get(key)) is not None:
            return known
        body, sets = row[1] or b"", row[2]
        form = read(body, _meant(_read_held(sets)) if sets else {}).form
        if form is None:
            raise NotUsable
        self._keep(key, form, len(body) + len(sets or b""))
        return form

    def _keep(self, key: str, form: Form, size: int) -> None:
        if key in self._forms or size > self._most:
            return
        self._forms[key] = (form, size)
        self._bytes += size
        while self._bytes > self._most:
            _, (_, gone) = self._forms.popitem(last=False)
            self._bytes -= gone


def _meant(held: Sequence[_Held]) -> Mapping[str, Sequence[Option]]:
    asked: dict[str, list[_Held]] = {}
    for each in held:
        asked.setdefault(each.asked, []).append(each)
    return {
        canonical: found.options for canonical, each in asked.items() if (found := newest(each)) is not None
    }


forms: Final = Forms()
