"""A run: a journal speaks, citizens write, trouble comes, and in the end everything must add up.

Only what was acknowledged counts; a request whose answer was lost may have happened or not, but never twice. A trouble
counts when work was left to be done. Everything that is drawn comes from one seed.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg
import httpx

from faults import told
from faults.checking import LANDED, PEOPLE, check, until
from faults.people import Written, log_in, write
from faults.report import Report
from faults.standing import DATABASE, Standing, standing

_DRAIN_SECONDS = 300.0
_LONGEST_SECONDS = 60.0


@dataclass
class Run:
    """What trouble has to do with: the installation, what is being written, and where to say what happened."""

    at: Standing
    written: Written
    report: Report

    async def begins(self, kind: str) -> tuple[int, float]:
        """A trouble of this kind comes now. Returns what has landed, and when it was."""
        landed = await asyncio.to_thread(self.landed)
        if self.written.under_way or landed < self.report.entries:
            self.report.overlapped += 1
        self.report.troubles[kind] += 1
        return landed, time.monotonic()

    async def is_over(self, kind: str, landed: int, since: float) -> None:
        """Wait until the next entry lands, or people are served where there is none left. Raises NotBack."""
        await asyncio.to_thread(self._wait, kind, landed)
        self.report.back[kind].append(time.monotonic() - since)

    def landed(self) -> int:
        """How much of what the journal says has landed."""
        return int(self.at.server.sql(LANDED, DATABASE))

    def _wait(self, kind: str, landed: int) -> None:
        if kind in {"web", "postgres"} or landed >= self.report.entries:
            self.at.until(
                self.at.is_serving, f"people are not served after trouble with {kind}", _LONGEST_SECONDS
            )
            return
        self.at.until(
            lambda: self.landed() > landed,
            f"nothing lands beyond {landed} of {self.report.entries} after trouble with {kind}",
            _LONGEST_SECONDS,
        )


Trouble = Callable[[Run], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Size:
    """The journal says `entries` things and citizens write `writes` in about so many seconds, drawn from `seed`.

    `small_disk`: the database's is no larger than it must be. `clock`: that of the processes can be set.
    """

    seed: int
    entries: int
    writes: int
    seconds: float
    small_disk: bool = False
    clock: bool = False


async def run(trouble: Trouble, size: Size) -> Report:
    """A run from the beginning to the check. Raises NotBack when something does not recover."""
    report = Report(size.seed, size.entries, size.writes)
    began = time.monotonic()
    told_by = (str(size.seed), str(size.entries), str(size.seconds))
    with standing(told_by, small_disk=size.small_disk, clock=size.clock) as at:
        owner = await asyncpg.connect(at.server.dsn("postgres", DATABASE))
        await until(owner, PEOPLE, told.PEOPLE)
        citizens = await log_in(owner)
        await owner.close()
        await asyncio.to_thread(_be_hostile, at, size.seed)
        written = Written(size.writes)
        writing = asyncio.create_task(write(at.web, citizens, written, size.seconds, size.seed))
        try:
            await trouble(Run(at, written, report))
            await asyncio.wait_for(writing, _DRAIN_SECONDS)
        finally:
            writing.cancel()
        report.answers = written.answers
        await check(at, report, written)
    report.seconds = time.monotonic() - began
    return report


def _be_hostile(at: Standing, seed: int) -> None:
    """One transaction in twenty fails before its effect, one in twenty loses its answer, some entries come twice."""
    faults = {"error_before": 0.05, "error_after": 0.05, "duplicate": 0.02, "seed": seed}
    httpx.post(f"{at.journal}/faults", json=faults, trust_env=False).raise_for_status()
