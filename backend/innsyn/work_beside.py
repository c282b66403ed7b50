"""What goes on in the worker process beside following the journal, each thing with a connection of its own."""

import asyncio
from collections.abc import Coroutine

from innsyn.access.audit.sealing import sealing_of
from innsyn.access.book.versions import version
from innsyn.delivering import delivering
from innsyn.feed_reconciling import compare_every_night
from innsyn.files.scanning import Scanner
from innsyn.forms.tasks.reminding import keep_reminding
from innsyn.messages.files.settling import keep_settling
from innsyn.messages.reply_times import keep_counting
from innsyn.operations.tracing import trace
from innsyn.records.own_wishes.following import keep_up
from innsyn.settings import Settings
from innsyn.telling import telling
from innsyn.trying_again import keep_trying
from innsyn.watching import watching_worker
from innsyn.work_lasting import lasting


def beside(settings: Settings, stop: asyncio.Event) -> list[Coroutine[None, None, None]]:
    """All of it, to be run until told to stop. Raises SettingMissing for what it cannot do without."""
    trace("worker")
    scanner = Scanner(settings.clamd)
    seal, book, dsn = sealing_of(settings), version(settings.rule_book), settings.database_worker
    return [
        lasting(dsn, stop, "wishes", lambda db: keep_up(db, stop)),
        seal(stop),
        delivering(settings, stop),
        lasting(dsn, stop, "quarantine", lambda db: keep_trying(db, stop, book)),
        lasting(dsn, stop, "files", lambda db: keep_settling(db, stop, scanner)),
        lasting(dsn, stop, "reminders", lambda db: keep_reminding(db, stop)),
        lasting(dsn, stop, "reply times", lambda db: keep_counting(db, stop)),
        telling(settings, stop),
        watching_worker(settings, stop),
        compare_every_night(settings, stop),
    ]
