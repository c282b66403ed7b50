"""Forms and value sets to rows, in the transaction of their batch. What was begun with an earlier version keeps it."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

import asyncpg
import msgspec
from sqlalchemy import ColumnElement, Text, and_, bindparam, delete, exists, func, literal_column, update
from sqlalchemy.dialects.postgresql import ARRAY, insert

from innsyn.db.batches import arrays, given
from innsyn.db.statements import Statement
from innsyn.forms.published_views import RETIRED, Offered, Published
from innsyn.forms.tables import questionnaire, value_set
from innsyn.journal.lookup import id_of
from innsyn.journal.projected import Became, Shared
from innsyn.journal.versions import Landed

_ROW: Final = tuple(c.name for c in questionnaire.c)
_put = insert(questionnaire).values({name: bindparam(name) for name in _ROW})
_PUT: Final = Statement(
    _put.on_conflict_do_update(
        index_elements=["questionnaire_id"],
        # What is read of it, by the code of today; when it came, it came.
        set_={name: _put.excluded[name] for name in _ROW if name not in {"questionnaire_id", "landed_at"}},
    )
)
_RETIRED: ColumnElement[str] = literal_column(f"'{RETIRED}'")
_KEY: Final = ("feed", "id")
_keys = given(questionnaire.c.feed, questionnaire.c.id)
_newer = questionnaire.alias("newer")
# Worked out from all that is here, so that the order in which versions are taken in makes no difference.
_SETTLE: Final = Statement(
    update(questionnaire)
    .where(questionnaire.c.feed == _keys.c.feed, questionnaire.c.id == _keys.c.id)
    .values(
        is_current=and_(
            questionnaire.c.status != _RETIRED,
            ~exists().where(
                _newer.c.feed == questionnaire.c.feed,
                _newer.c.id == questionnaire.c.id,
                _newer.c.landed_version > questionnaire.c.landed_version,
            ),
        )
    )
)
_WITHDRAW: Final = Statement(
    update(questionnaire)
    .where(questionnaire.c.feed == _keys.c.feed, questionnaire.c.id == _keys.c.id)
    .values(is_current=False, by_choice=False, status=_RETIRED)
)
_SET: Final = tuple(c.name for c in value_set.c)
_offer = insert(value_set).values({name: bindparam(name) for name in _SET})
_OFFER: Final = Statement(
    _offer.on_conflict_do_update(
        index_elements=["feed", "id"],
        set_={name: _offer.excluded[name] for name in _SET if name not in _KEY},
    )
)
_sets = given(value_set.c.feed, value_set.c.id)
_TAKE_BACK: Final = Statement(
    delete(value_set)
    .where(value_set.c.feed == _sets.c.feed, value_set.c.id == _sets.c.id)
    .returning(value_set.c.url, value_set.c.version)
)
_at = bindparam("at", type_=questionnaire.c.revised_at.type)
_REVISE: Final = Statement(
    update(questionnaire)
    .where(
        questionnaire.c.feed == bindparam("feed", type_=Text),
        questionnaire.c.wants.op("&&")(bindparam("canonicals", type_=ARRAY(Text))),
    )
    .values(revised_at=func.greatest(questionnaire.c.revised_at, _at))
)


async def take(db: asyncpg.Connection, feed: str, became: Became, gone: Sequence[Landed]) -> None:
    """Publish the forms and value sets of a batch; those that are withdrawn begin nothing new."""
    forms = [(each, each.row) for each in became.shared if isinstance(each.row, Published)]
    withdrawn = [(feed, each.id) for each in gone if each.kind == "Questionnaire"]
    withdrawn += [(feed, each.landed.id) for each, row in forms if row.status == RETIRED]
    for each, row in forms:
        await db.execute(_PUT.sql, *_PUT.bind(**_form(feed, each, row)))
    if withdrawn:
        await db.execute(_WITHDRAW.sql, *_WITHDRAW.bind(**arrays(_KEY, withdrawn)))
    if settled := [(feed, each.landed.id) for each, _ in forms]:
        await db.execute(_SETTLE.sql, *_SETTLE.bind(**arrays(_KEY, settled)))
    await _take_value_sets(db, feed, became, gone)


def questionnaire_id(feed: str, id_: str, landed_version: int) -> UUID:
    """The id of a version of a form: the same at every replay."""
    return id_of(feed, ("Questionnaire", f"{id_}/{landed_version}"))


async def _take_value_sets(db: asyncpg.Connection, feed: str, became: Became, gone: Sequence[Landed]) -> None:
    offered = [(each, each.row) for each in became.shared if isinstance(each.row, Offered)]
    lost = [each for each in gone if each.kind == "ValueSet"]
    landed = [*lost, *(each.landed for each, _ in offered)]
    if not landed:
        return
    # What they were until now: a set that becomes another version is missed by whoever asked for the one it was.
    before = await db.fetch(
        _TAKE_BACK.sql, *_TAKE_BACK.bind(**arrays(_KEY, [(feed, each.id) for each in landed]))
    )
    for each, row in offered:
        await db.execute(_OFFER.sql, *_OFFER.bind(**_offered(feed, each, row)))
    changed = {(row["url"], row["version"]) for row in before} | {
        (row.url, row.version) for _, row in offered
    }
    canonicals = sorted({name for url, version in changed for name in (url, f"{url}|{version}")})
    at = max(each.landed_at for each in landed)
    await db.execute(_REVISE.sql, *_REVISE.bind(feed=feed, canonicals=canonicals, at=at))


def _form(feed: str, shared: Shared, row: Published) -> dict[str, object]:
    landed = shared.landed
    return {
        "questionnaire_id": questionnaire_id(feed, landed.id, landed.version),
        "feed": feed,
        "id": landed.id,
        "landed_version": landed.version,
        "url": row.url,
        "version": row.version,
        "name": row.number,
        "title": row.title,
        "status": row.status,
        "names": [*row.names, f"ref:{feed}/{landed.id}"],
        "may_fill": list(row.may_fill),
        "questions": row.questions,
        "body": row.body,
        "wants": list(row.wants),
        "warnings": msgspec.json.encode(row.warnings),
        "landed_at": landed.landed_at,
        "revised_at": landed.landed_at,
        "is_current": row.status != RETIRED,
        "by_choice": row.by_choice,
    }


def _offered(feed: str, shared: Shared, row: Offered) -> dict[str, object]:
    return {
        "feed": feed,
        "id": shared.landed.id,
        "url": row.url,
        "version": row.version,
        "options": msgspec.json.encode(row.options),
        "landed_at": shared.landed.landed_at,
        "status": row.status,
    }
