"""`innsyn audit`: the key that seals the access log, and checking or taking away the log."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TextIO, TypeVar

import asyncpg
import click

from innsyn import settings as settings_module
from innsyn.access.audit import export as exporting
from innsyn.access.audit.signing import read_signer
from innsyn.access.audit.verify import NOT_CHECKED, Audit, CannotCheck, Key, checkpoints, tell
from innsyn.demo.home import with_running_demo
from innsyn.settings import SettingMissing, Settings

T = TypeVar("T")


class _CannotRun(click.ClickException):
    # Not 1: that says that the log was changed.
    exit_code = NOT_CHECKED


@click.group()
def audit() -> None:
    """The sealed access log: check that nobody has changed it."""


@audit.command()
def key() -> None:
    """Print the public note key. Whoever checks the log or a proof needs it, from a place they trust."""
    click.echo(_signer_key(_settings()))


@audit.command()
@click.argument("file", type=click.File("w", encoding="utf-8", lazy=True), default="-")
def export(file: TextIO) -> None:
    """Write the log with its seals to FILE, for verify.py on another machine. It tells who has read about whom.

    Copy the checkpoints first: those of a later time than the export are not looked at.
    """
    _run(_export(_settings("database_auditor"), file))


@audit.command()
@click.option("--key", "keys", multiple=True, help="A public note key. By default that of INNSYN_AUDIT_KEY.")
@click.option(
    "--checkpoints",
    "places",
    multiple=True,
    type=click.Path(path_type=Path, exists=True),
    help="A file or folder with checkpoints. By default those of INNSYN_AUDIT_CHECKPOINTS.",
)
def verify(keys: tuple[str, ...], places: tuple[Path, ...]) -> None:
    """Check the log in the database.

    Exit status 0: nothing was changed; 1: something was; 2: it could not be checked; 3: nothing was changed, but
    sealing has stopped.
    """
    settings = _settings("database_auditor")
    sys.exit(_run(_verify(settings, keys or (_signer_key(settings),), places or settings.audit_checkpoints)))


async def _verify(settings: Settings, keys: Sequence[str], places: Sequence[Path]) -> int:
    try:
        known = [Key(each) for each in keys]
        checked = Audit(known, checkpoints(places, known))
        async with _database(settings) as db:
            return tell(checked, await exporting.check(db, checked))
    except (CannotCheck, OSError) as reason:
        click.echo(f"This could not be checked. {reason}", err=True)
        return NOT_CHECKED


async def _export(settings: Settings, file: TextIO) -> None:
    async with _database(settings) as db:
        async for line in exporting.lines(db):
            file.write(f"{line}\n")


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[asyncpg.Connection]:
    try:
        db = await asyncpg.connect(
            settings.database_auditor, server_settings={"application_name": "innsyn-audit"}
        )
    except (OSError, asyncpg.PostgresError) as reason:
        raise CannotCheck(f"The database cannot be reached ({type(reason).__name__}).") from reason
    try:
        yield db
    finally:
        await db.close()


def _run(task: Coroutine[None, None, T]) -> T:
    try:
        return asyncio.run(task)
    except CannotCheck as reason:
        raise _CannotRun(str(reason)) from None


def _signer_key(settings: Settings) -> str:
    try:
        return read_signer(settings.audit_key).key
    except SettingMissing as missing:
        raise _CannotRun(str(missing)) from None


def _settings(*needed: str) -> Settings:
    try:
        settings = settings_module.read(with_running_demo(os.environ))
        settings.must_have(*needed)
    except SettingMissing as missing:
        raise _CannotRun(str(missing)) from None
    return settings
