"""Bring a database up to date; also how tests and `innsyn doctor` ask whether it is."""

from pathlib import Path

from alembic import command
from alembic.config import Config


def config(dsn: str) -> Config:
    """Alembic's configuration for the database at `dsn` (postgresql://…, the owner's)."""
    found = Config()
    found.set_main_option("script_location", str(Path(__file__).parent))
    address = dsn.replace("postgresql://", "postgresql+asyncpg://", 1)
    # A percent sign is syntax of the configuration file format.
    found.set_main_option("sqlalchemy.url", address.replace("%", "%%"))
    return found


def migrate(dsn: str) -> None:
    """Run every migration that the database at `dsn` lacks. Safe to repeat, and to start twice at once."""
    command.upgrade(config(dsn), "head")
