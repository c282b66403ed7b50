"""Start everything, say when it is ready, end everything."""

import os
import signal
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn

from rich.console import Console

from innsyn import embedded_nats, embedded_postgres
from innsyn.demo import programs
from innsyn.demo.home import CannotStart, any_port, client_key, first_day, home, told_to_others, wanted_port
from innsyn.demo.programs import Addresses, Program
from innsyn.demo.steps import Steps
from innsyn.processes import Child, Children

_DEFAULT_PORT = 8000
_START_SECONDS = 120


def main() -> int:
    """Run until Ctrl-C or SIGTERM; returns the exit status. Settings: INNSYN_HOME, INNSYN_PORT.

    INNSYN_JOURNAL_PORT and INNSYN_IDPORTEN_PORT fix the ports of the stand-ins, which are otherwise chosen.
    """
    console = Console(stderr=False, highlight=False, soft_wrap=True)
    # SIGINT too: a shell that starts us in the background has told us to ignore it. Under nohup SIGHUP is left so.
    for wanted in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wanted, _interrupt)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _interrupt)
    try:
        with ExitStack() as stack:
            Demo(console, stack).start_and_watch()
    except KeyboardInterrupt:
        console.print("Innsyn has stopped.")
        return 0
    except (CannotStart, embedded_postgres.PostgresFailed, embedded_nats.NatsFailed) as reason:
        console.print(f"\nInnsyn cannot run.\n{reason}", markup=False)
        return 1


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


class Demo:
    """One run. The stack holds the folder and the children, and lets go of them in the end."""

    def __init__(self, console: Console, stack: ExitStack) -> None:
        self._console, self._stack = console, stack
        self._folder = stack.enter_context(home(Path(os.environ.get("INNSYN_HOME", ".innsyn")).resolve()))
        self._day = first_day(self._folder, datetime.now(UTC).date())
        port = wanted_port("INNSYN_PORT", _DEFAULT_PORT)
        self._at = Addresses(
            web=f"http://localhost:{port}",
            journal=f"http://127.0.0.1:{any_port('INNSYN_JOURNAL_PORT', port + 1)}",
            idporten=f"http://127.0.0.1:{any_port('INNSYN_IDPORTEN_PORT', port + 2)}",
        )
        self._children = stack.enter_context(Children())
        stack.callback(_ignore_further_signals)

    def start_and_watch(self) -> NoReturn:
        """Does not return: ends by KeyboardInterrupt, or by CannotStart when a program ended."""
        with Steps(self._console) as steps:
            self._start(steps)
        self._say_who()
        if self._day < datetime.now(UTC).date():
            again = f"The demo record is from {self._day}. For one from today, remove {self._folder} and start again."
            self._console.print(again, markup=False)
        self._console.print(f"Innsyn is ready: {self._at.web}", markup=False)
        while True:
            self._all_must_run()
            time.sleep(0.5)

    def _start(self, steps: Steps) -> None:
        steps.next("Starting PostgreSQL")
        key = client_key(self._folder)
        postgres = embedded_postgres.start(
            self._children, self._folder / "postgres", log=self._folder / "logs" / "postgres.log"
        )
        nats = embedded_nats.start(
            self._children, self._folder / "nats", log=self._folder / "logs" / "nats.log"
        )
        settings = programs.settings(self._at, self._folder, key, postgres, nats)
        self._stack.enter_context(told_to_others(self._folder, settings))
        journal, idporten = (
            programs.journal(self._at, self._day, self._folder),
            programs.idporten(self._at, key),
        )
        for standin in (journal, idporten):
            self._launch(standin, settings)
        steps.next("Bringing the database up to date")
        _migrate(postgres.dsn("innsyn_owner"))
        web = programs.web(self._at)
        self._launch(web, settings)
        self._wait_for(journal, steps)
        for program in (programs.relay(), programs.worker()):
            self._launch(program, settings)
        for program in (idporten, web):
            self._wait_for(program, steps)
        self._read_record(postgres, nats, steps)

    def _launch(self, program: Program, settings: Mapping[str, str]) -> Child:
        log = self._folder / "logs" / f"{program.name}.log"
        return self._children.start(program.name, program.command, log=log, environment=settings)

    def _wait_for(self, program: Program, steps: Steps) -> None:
        steps.next(f"Waiting for the {program.name}")
        self._until(
            lambda: programs.is_ready(program), f"The {program.name} does not answer at {program.ready}."
        )

    def _read_record(
        self, postgres: embedded_postgres.Server, nats: embedded_nats.Server, steps: Steps
    ) -> None:
        def whole() -> bool:
            record = programs.record_read(self._at, postgres, nats)
            steps.share(record.read, record.of)
            return record.read >= record.of

        steps.next("Reading the demo record")
        self._until(whole, "The worker does not get through the demo record.")

    def _until(self, done: Callable[[], bool], otherwise: str) -> None:
        patience = time.monotonic() + _START_SECONDS
        while not done():
            self._all_must_run()
            if time.monotonic() > patience:
                raise CannotStart(f"{otherwise}\nThe logs in {self._folder / 'logs'} may tell why.")
            time.sleep(0.05)

    def _all_must_run(self) -> None:
        ended = self._children.ended()
        if ended is not None:
            raise CannotStart(
                f"The {ended.name} ended (exit status {ended.process.returncode}). "
                f"Its last lines, from {ended.log}:\n\n{ended.last_lines()}"
            )

    def _say_who(self) -> None:
        self._console.print("\nLog in as one of these synthetic citizens:")
        for name, about in programs.people(self._at):
            self._console.print(f"  {name:<22} {about}", markup=False)
        self._console.print(
            f"\nPlay the care team, who read and answer: {self._at.journal}/play", markup=False
        )
        self._console.print(
            "Ctrl-C ends everything. The data stays in " + str(self._folder) + "\n", markup=False
        )


def _migrate(dsn: str) -> None:
    # Imported only now: it takes a second, and the stand-ins start meanwhile.
    from innsyn.migrations.running import migrate  # noqa: PLC0415

    migrate(dsn)


def _ignore_further_signals() -> None:
    # The ending takes a second or two; an impatient second Ctrl-C must not leave half of it running.
    for wanted in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(wanted, signal.SIG_IGN)
