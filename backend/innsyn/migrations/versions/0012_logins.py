"""Logging in with a connection that can do nothing else."""

from alembic import op

from innsyn.migrations import acts, acts_doors, acts_opening, kept_away, logins, shown

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Of sessions there are those of the last months, and the lock is short.
    op.create_index("ix_session_issuer_sub", "session", ["issuer", "sub"], unique=False, schema="identity")
    for statement in (
        *logins.ROLE,
        *logins.WHOSE,
        *logins.BY_PROVIDER,
        *acts.CONTEXT,
        *acts_opening.ACTING,
        *acts_doors.FUNCTIONS,
        *acts_doors.POLICIES,
        *acts_doors.GRANTS,
        *shown.SHOWN,
        *kept_away.FUNCTIONS,
        *kept_away.POLICIES,
        *kept_away.GRANTS,
    ):
        op.execute(statement)
