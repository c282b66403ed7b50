"""`innsyn feed replay`: the read model made anew from everything that has landed, without a gap for those who read."""

import sys
import time
from collections.abc import Mapping

import asyncpg
import click
import msgspec

from innsyn.feed_messages_anew import take_messages_anew
from innsyn.feed_running import run, settings_of
from innsyn.records.rebuilding.comparing import Rows
from innsyn.records.rebuilding.layout import HeldFromOutside
from innsyn.records.rebuilding.replaying import Rebuilt, rebuild
from innsyn.records.rebuilding.switching import AnotherIsAtWork, HasChanged
from innsyn.settings import SettingMissing
from innsyn.worker import REGISTRY

_SECONDS_BETWEEN = 5.0


class _Told:
    """How it goes, on standard error."""

    def __init__(self) -> None:
        self._began = self._last = time.perf_counter()
        self._versions = 0

    def __call__(self, what: str, more: int) -> None:
        self._versions += more
        now = time.perf_counter()
        if what == "versions" and now - self._last < _SECONDS_BETWEEN:
            return
        self._last = now
        rate = self._versions / max(now - self._began, 0.001)
        click.echo(f"{what}: {self._versions} versions taken in anew, {rate:.0f} a second", err=True)


@click.command()
@click.option("--check", is_flag=True, help="Only compare: what is read stays as it is.")
@click.option("--anew", is_flag=True, help="Do not go on with a rebuild that was stopped.")
@click.option("--json", "for_scripts", is_flag=True, help="Print what was found as JSON.")
def replay(check: bool, anew: bool, for_scripts: bool) -> None:
    """Make the read model anew from everything that has landed, beside the running one, and switch to it.

    Run it after a rule or a projection has changed. Nobody who reads notices the switch; workers wait for a moment. If
    it is stopped, run it again: it goes on where it was. It needs INNSYN_DATABASE_OWNER.
    """
    settings = settings_of()
    began = time.perf_counter()
    try:
        settings.must_have("database_owner")
        done = run(
            rebuild(
                settings.database_owner,
                settings.database_worker,
                REGISTRY,
                check=check,
                anew=anew,
                tell=_Told(),
            )
        )
        if not check:
            click.echo(
                f"messages: {run(take_messages_anew(settings.database_worker))} taken in anew", err=True
            )
    except SettingMissing as missing:
        raise click.ClickException(str(missing)) from None
    except AnotherIsAtWork:
        raise click.ClickException("Another rebuild is at work.") from None
    except HasChanged:
        raise click.ClickException(
            "The database has been migrated meanwhile: run it again with --anew."
        ) from None
    except HeldFromOutside as held:
        raise click.ClickException(f"This would stay with the old tables: {', '.join(held.args)}") from None
    except (OSError, asyncpg.PostgresError) as reason:
        raise click.ClickException(f"The database refuses ({type(reason).__name__}).") from None
    _show(done, time.perf_counter() - began, check, for_scripts)


def _show(done: Rebuilt, seconds: float, check: bool, for_scripts: bool) -> None:
    if for_scripts:
        told = {**done._asdict(), "same": done.before == done.after, "seconds": round(seconds, 2)}
        sys.stdout.buffer.write(msgspec.json.encode(told) + b"\n")
        return
    click.echo(f"{done.versions} versions in {seconds:.1f} s{', gone on with' if done.went_on else ''}.")
    for table, count, same in _tables(done.before, done.after):
        click.echo(f"  {table}: {count}{'' if same else ', not the same as before'}")
    if done.before == done.after:
        click.echo("The same rows as before." if check or done.versions else "There was nothing left to do.")
    else:
        click.echo("The rows would be others." if check else "The rows are others than before.")


def _tables(before: Mapping[str, Rows], after: Mapping[str, Rows]) -> list[tuple[str, str, bool]]:
    names = sorted(before.keys() | after.keys())
    none = Rows(0, "0")
    found = [(name, before.get(name, none), after.get(name, none)) for name in names]
    return [(name, f"{was.number} → {now.number} rows", was == now) for name, was, now in found]
