"""Bytes in the raw landing that are no longer those that had landed: found by their digest, and fetched again."""

from collections.abc import Iterator, Sequence
from contextlib import aclosing
from hashlib import sha256

import asyncpg

from innsyn.db.batches import arrays
from innsyn.journal import reconcile_statements as sql
from innsyn.journal.port import Entry, Unusable
from innsyn.journal.reconcile_port import Difference, Versions, Wanted

# (kind, id, version) -> (where it can be read again, the digest it had when it landed)
Rotten = dict[tuple[str, str, int], tuple[Wanted, bytes]]
_COLUMNS = ("kind", "id", "version", "digest", "body")


async def rotten_in(db: asyncpg.Connection, feed: str, most: int) -> Rotten:
    """The versions of a feed that have changed by themselves, at most so many."""
    rows = await db.fetch(sql.ROTTEN.sql, *sql.ROTTEN.bind(feed=feed, most=most))
    return {
        (row["kind"], row["id"], row["version"]): (
            Wanted(
                kind=row["kind"],
                id=row["id"],
                position=row["position"],
                source=row["source"],
                difference=Difference.OTHER,
                version=row["version"],
                landed_version=row["version"],
            ),
            row["digest"],
        )
        for row in rows
    }


async def heal(db: asyncpg.Connection, feed: str, versions: Versions, rotten: Rotten) -> int:
    """Put the source's bytes in the place of these. Returns how many could be healed. Raises a FeedFailed."""
    healed = 0
    async with aclosing(versions.entries([wanted for wanted, _ in rotten.values()])) as batches:
        async for batch in batches:
            rows = list(_fit(batch, rotten))
            told = await db.fetch(sql.HEAL.sql, *sql.HEAL.bind(feed=feed, **arrays(_COLUMNS, rows)))
            healed += len(told)
    return healed


def _fit(batch: Sequence[Entry | Unusable], rotten: Rotten) -> Iterator[tuple[object, ...]]:
    versions = {(kind, id_): version for kind, id_, version in rotten}
    for each in batch:
        if not isinstance(each, Entry) or each.resource is None:
            continue
        version = each.version or 0
        if (each.kind, each.id, version) not in rotten:
            version = versions.get((each.kind, each.id), 0)
        if (each.kind, each.id, version) not in rotten:
            continue
        _, landed = rotten[each.kind, each.id, version]
        digest = sha256(each.resource).digest()
        # What is kept under another number than the source's can be something else by now: the words alone tell.
        if each.version == version or digest == landed:
            yield each.kind, each.id, version, digest, each.resource
