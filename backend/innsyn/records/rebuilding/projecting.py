"""The same projections once more: who the patients are is known, and names are not learnt but looked up."""

from collections.abc import Iterable, Mapping
from uuid import UUID

import asyncpg
from sqlalchemy import bindparam, literal_column, select

from innsyn.db.batches import given
from innsyn.db.statements import Statement
from innsyn.identity import persons
from innsyn.journal import landing
from innsyn.journal.fhir.resources import Patient, Resource
from innsyn.journal.lookup import Key, digest_of, key_of
from innsyn.journal.tables import alias
from innsyn.journal.versions import Landed
from innsyn.records.outcome import Bad, Outcome
from innsyn.records.projecting import Answer, Projecting, Registry
from innsyn.records.rebuilding.beside import Beside

_named = given(alias.c.name)
_SHARED = Statement(
    select(alias.c.name).where(
        alias.c.feed == bindparam("feed", type_=alias.c.feed.type),
        alias.c.name.in_(select(_named.c.name)),
        alias.c.id == literal_column("''"),
    )
)
# A name that is no kind and id leads where it leads today, also if what it means had not come yet.
_FIRST = """
    SELECT DISTINCT ON (r.kind, r.id) r.kind, r.id, r.body FROM journal.resource r
    JOIN unnest($2::text[], $3::text[]) given (kind, id) ON r.kind = given.kind AND r.id = given.id
    WHERE r.feed = $1 ORDER BY r.kind, r.id, r.landing, r.version
"""


class ProjectingAgain(Projecting):
    """Writes nothing of names and numbers. `whose`: whom each version was found to be about when it came."""

    def __init__(self, feed: str, registry: Registry) -> None:
        super().__init__(feed, registry)
        self.whose: Mapping[tuple[str, str, int], UUID] = {}

    async def _keep_names(
        self, db: asyncpg.Connection, _common: Iterable[tuple[str, Key]], alone: Mapping[str, Key]
    ) -> set[str]:
        by_digest = {digest_of(name): name for name in alone}
        rows = await db.fetch(_SHARED.sql, *_SHARED.bind(feed=self._feed, names=list(by_digest)))
        return {by_digest[row["name"]] for row in rows}

    async def _register(
        self, db: asyncpg.Connection, readable: Iterable[tuple[Landed, Resource]], outcome: Outcome
    ) -> None:
        patients = [each for each, resource in readable if isinstance(resource, Patient)]
        known = await persons.persons_of(db, self._feed, {each.id for each in patients})
        for each in patients:
            who = known.get(each.id) or self._found(each)
            if who is None:
                self._persons.pop(each.id, None)
                outcome.bad.append(Bad(each, "another_person", "its numbers are not those of one person"))
            else:
                self._persons[each.id] = who

    def _person(self, answer: Answer, key: Key | None) -> UUID | None:
        return super()._person(answer, key) or self._found(answer.landed)

    def _found(self, landed: Landed) -> UUID | None:
        return self.whose.get((*landed.key, landed.version))

    async def _fetch(self, db: asyncpg.Connection, missed: set[str]) -> None:
        await super()._fetch(db, missed)
        keys = await landing.keys_of(db, self._feed, {name for name in missed if key_of(name) is None})
        later = {name: key for name, key in keys.items() if not self._lookup.has(name)}
        if not later or not isinstance(db, Beside):
            return
        kinds, ids = zip(*later.values(), strict=True)
        rows = await db.plainly(_FIRST, self._feed, list(kinds), list(ids))
        bodies = {(row["kind"], row["id"]): row["body"] for row in rows}
        for name, key in later.items():
            self._lookup.learn(name, key, bodies.get(key))
