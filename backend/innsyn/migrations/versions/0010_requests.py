"""What is to leave for the journal, and what a citizen wishes of the own record."""

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
