"""A real stream of changes (clinosim: a snapshot, and what changed in it twice), where there is one beside us."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import msgspec
import pytest

from innsyn.feed_identifiers import assigning
from innsyn.journal.bundles import Load, entries_in, rank_of
from innsyn.journal.port import Entry, Unusable
from innsyn.records.history.queries import Version
from innsyn.records.history.reading import read_versions
from innsyn.records.history.views import comparisons_of
from innsyn.worker import REGISTRY, Intake
from records.populations import DATA
from world import World

CLINOSIM = DATA / "clinosim-feed"
BEGAN = datetime(2026, 11, 1, 8, tzinfo=UTC)
# What the deltas change, and whom it is about.
KINDS = {"AllergyIntolerance", "Condition", "Immunization", "Observation", "Patient"}

pytestmark = pytest.mark.skipif(not CLINOSIM.is_dir(), reason="no real input beside this checkout")


def entries_of(paths: list[Path], load: Load) -> Iterator[Entry | Unusable]:
    found = [
        entry
        for path in paths
        for text in (path.read_bytes().splitlines() if path.suffix == ".ndjson" else [path.read_bytes()])
        for entry in entries_in(text, load)
        if entry.kind in KINDS
    ]
    return iter(sorted(found, key=lambda entry: rank_of(entry.kind)))


async def test_what_changes_in_a_real_stream_is_kept_told_and_dated(world: World) -> None:
    positions = count(1)
    intake = Intake(world.worker, "clinosim", REGISTRY, await assigning(world.worker, "clinosim"))
    snapshot = sorted((CLINOSIM / "1-snapshot").glob("*.ndjson"))
    deltas = [[path] for path in sorted(CLINOSIM.glob("*-delta-*.json"))]
    for day, paths in enumerate([snapshot, *deltas]):
        at = BEGAN + timedelta(days=day)
        batch = list(entries_of(paths, Load("clinosim", at, positions)))
        for begin in range(0, len(batch), 500):
            await intake.take(batch[begin : begin + 500], at)
    landed = await world.owner.fetch(
        "SELECT kind, id, count(*) AS versions FROM journal.resource WHERE kind <> 'Patient' GROUP BY 1, 2"
    )
    rows = await world.owner.fetch(
        """
        SELECT e.version, e.landed_at, e.line, e.detail,
            array_agg(row(v.version, v.landed_at, v.line, v.detail, v.files) ORDER BY v.version DESC)
                FILTER (WHERE v.version IS NOT NULL) AS earlier
        FROM record.entry e LEFT JOIN record.version v USING (person_id, entry_id)
        GROUP BY e.person_id, e.entry_id
        """
    )
    told = changed = 0
    for row in rows:
        earlier = [Version(*each) for each in row["earlier"] or ()]
        now = Version(row["version"], row["landed_at"], row["line"], row["detail"], None)
        comparisons = comparisons_of(read_versions(now, earlier))
        line = msgspec.json.decode(row["line"])
        # A mark, a date and something to see belong together: none without the others.
        assert bool(comparisons) == bool(line.get("changed") or line.get("corrected")), line
        if comparisons:
            changed += 1
            assert comparisons[0].when == (line.get("changed") or line.get("corrected"))
            assert comparisons[0].when > line["recorded"]
        told += len(earlier)
    # Each version that has landed is an entry, or stands beside one; of what is not shown there is nothing.
    more = sum(row["versions"] - 1 for row in landed)
    assert told == more
    assert changed > 100
