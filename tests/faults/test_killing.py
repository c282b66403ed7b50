"""Twenty kills over four thousand entries and five hundred writes. `make faults` does the full size."""

import pytest

from faults.killing import killing, seconds_for
from faults.running import Size, run


# The writing alone may wait for two minutes where much else is going on.
@pytest.mark.timeout(420)
async def test_nothing_is_lost_or_doubled_when_any_process_is_killed_at_any_time() -> None:
    report = await run(killing(20), Size(seed=1, entries=4000, writes=500, seconds=seconds_for(20)))
    told = "\n".join(report.lines())
    assert report.wrong == [], told
    # On a slow machine the last ones come when the journal has said everything; `make faults` takes none for granted.
    assert report.overlapped >= 10, f"too few kills fell into the work\n{told}"
    assert set(report.answers) <= {"303", "503", "lost"}, told
