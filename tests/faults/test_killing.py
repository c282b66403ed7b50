"""Twenty kills over four thousand entries and five hundred writes. `make faults` does the full size."""

from faults.killing import killing, seconds_for
from faults.running import Size, run


async def test_nothing_is_lost_or_doubled_when_any_process_is_killed_at_any_time() -> None:
    report = await run(killing(20), Size(seed=1, entries=4000, writes=500, seconds=seconds_for(20)))
    told = "\n".join(report.lines())
    assert report.wrong == [], told
    assert report.overlapped == 20, f"not every kill fell into the work\n{told}"
    assert set(report.answers) <= {"303", "503", "lost"}, told
