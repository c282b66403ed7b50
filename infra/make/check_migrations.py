"""Migrate an empty database, see that it is what the tables say, and let squawk read the SQL for locks."""

import contextlib
import io
import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.util.exc import CommandError

from innsyn.embedded_postgres import embedded
from innsyn.migrations.running import config, migrate


def main() -> int:
    """0 when both agree."""
    with tempfile.TemporaryDirectory() as folder, embedded(Path(folder), durable=False) as server:
        dsn = server.dsn("innsyn_owner")
        migrate(dsn)
        try:
            command.check(config(dsn))
        except CommandError as difference:
            print(f"The tables have changed without a migration: {difference}")
            return 1
    return _squawk()


def _squawk() -> int:
    sql = io.StringIO()
    offline = config("postgresql://nobody@/nothing")
    offline.output_buffer = sql
    with contextlib.redirect_stdout(io.StringIO()):
        command.upgrade(offline, "head", sql=True)
    squawk = Path(sys.executable).parent / "squawk"
    settings = Path("infra/make/squawk.toml")
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(sql.getvalue())
        file.flush()
        told = [str(squawk), "--config", str(settings), file.name]
        return subprocess.run(told, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
