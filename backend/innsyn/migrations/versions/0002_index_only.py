"""Keep lists index-only while entries arrive."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # A list is answered from its index alone only for pages that a vacuum has marked as visible to all. By default that
    # waits until a fifth of the table is new, and what is newest is what is read: then fifty entries of one person are
    # fifty pages of the table again. Vacuum passes over what is marked, so coming often costs little.
    op.execute(
        "ALTER TABLE record.entry SET ("
        "autovacuum_vacuum_insert_threshold = 10000, autovacuum_vacuum_insert_scale_factor = 0.005, "
        "autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)"
    )
