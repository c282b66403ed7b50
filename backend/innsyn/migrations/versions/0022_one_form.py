"""A helper with a fullmakt for one form reaches that form, and nothing beside it."""

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
