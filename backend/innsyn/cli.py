"""The command `innsyn`: the demo on one machine, and the processes of an installation one by one."""

import asyncio
import os
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

import click

from innsyn import settings as settings_module
from innsyn.logs import log_as_json
from innsyn.settings import SettingMissing, Settings

_GROUPS = ("audit", "feed", "forms", "outbox")


class _Commands(click.Group):
    """A group is imported when it is asked for: the other processes start without what it stands on."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *_GROUPS])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _GROUPS:
            return super().get_command(ctx, cmd_name)
        group: click.Group = getattr(import_module(f"innsyn.{cmd_name}_commands"), cmd_name)
        return group

    def invoke(self, ctx: click.Context) -> object:
        # What is wrong with the settings is told, not traced.
        try:
            return super().invoke(ctx)
        except SettingMissing as missing:
            raise click.ClickException(str(missing)) from None


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Innsyn: the citizen's side of one shared journal."""


@main.command()
def demo() -> None:
    """Everything on this machine, with made-up people."""
    from innsyn.demo.run import main as run  # noqa: PLC0415 - production installs no embedded database

    sys.exit(run())


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
def serve(host: str) -> None:
    """The web process."""
    from innsyn.serve_process import run  # noqa: PLC0415 - the other commands need no templates

    settings = _settings()
    log_as_json()
    run(settings, host)


@main.command()
def work() -> None:
    """The worker process: follows the journal's feed, or with INNSYN_NATS a share of its stream."""
    from innsyn.work_process import run  # noqa: PLC0415 - the other commands need no projections

    settings = _settings()
    follows = next(
        (name for name in ("nats", "journal_subscription") if getattr(settings, name)), "journal_feed"
    )
    settings.must_have("database_worker", follows)
    log_as_json()
    asyncio.run(run(settings))


@main.command()
def relay() -> None:
    """The relay process: from the journal's feed into the stream that the workers share."""
    from innsyn.relay_process import run  # noqa: PLC0415

    settings = _settings()
    settings.must_have("nats", "journal_feed")
    log_as_json()
    asyncio.run(run(settings))


@main.command()
def migrate() -> None:
    """Bring the database up to date."""
    from innsyn.migrations.running import migrate as run  # noqa: PLC0415

    settings = _settings()
    settings.must_have("database_owner")
    run(settings.database_owner)


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def push_key(file: Path) -> None:
    """Make the key that push services know this installation by, in FILE, and print its public half.

    A new key ends every subscription that was made with the one before.
    """
    from innsyn.notifications.channels.web_push import Key  # noqa: PLC0415

    try:
        key = Key.made_at(file)
    except FileExistsError:
        raise click.ClickException(
            f"{file} is there already. Choose another name: it may be in use."
        ) from None
    except OSError as failed:
        raise click.ClickException(f"{file} cannot be written: {failed.strerror}.") from None
    click.echo(f"INNSYN_PUSH_KEY={file.resolve()}\nINNSYN_PUSH_PUBLIC_KEY={key.public}")


@main.command()
def doctor() -> None:
    """Look at every part that an installation stands on, and say what to do about what is wrong."""
    from innsyn.demo.home import with_running_demo  # noqa: PLC0415
    from innsyn.doctor import run_doctor  # noqa: PLC0415

    sys.exit(run_doctor(_settings(with_running_demo(os.environ))))


def _settings(environment: Mapping[str, str] = os.environ) -> Settings:
    return settings_module.read(environment)


if __name__ == "__main__":
    main()
