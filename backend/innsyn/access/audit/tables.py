"""The seals of the access log, and the number of the transaction that each of its rows came with."""

from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Index, LargeBinary, Table, Text, text
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType

from innsyn.access.tables import SCHEMA, log
from innsyn.db.metadata import metadata


class Xid8(UserDefinedType[int]):
    """The number of a transaction, which never comes again (PostgreSQL's xid8)."""

    cache_ok = True

    def get_col_spec(self, **_kw: Any) -> str:  # noqa: ANN401 - as SQLAlchemy has it
        """The name of the type."""
        return "XID8"


ischema_names["xid8"] = Xid8

# A transaction with a lower log_id may commit after one with a higher: "what comes after the last" would leave its row
# unsealed for good. By transaction one can tell up to where nothing more can come.
log.append_column(Column("xid", Xid8, nullable=False, server_default=text("pg_current_xact_id()")))
Index("ix_log_xid_log_id", log.c.xid, log.c.log_id)

seal = Table(
    "seal",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    # Of the whole tree, this seal's leaves among them.
    Column("size", BigInteger, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("last_xid", Xid8, nullable=False),
    Column("last_log_id", BigInteger, nullable=False),
    # 32 bytes for each row, in the order of (xid, log_id): a row's place here is its place in the tree.
    Column("leaves", LargeBinary, nullable=False),
    # The roots of the full subtrees that the tree is made of, largest first: enough to go on from.
    Column("peaks", LargeBinary, nullable=False),
    Column("note", Text, nullable=False),
    schema=SCHEMA,
    comment="Append-only: hashes and signatures, nothing of a person",
)

Index("ix_seal_last_xid_last_log_id", seal.c.last_xid, seal.c.last_log_id, unique=True)
