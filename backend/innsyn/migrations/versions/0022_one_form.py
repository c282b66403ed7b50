"""A helper with a fullmakt for one form reaches that form, and nothing beside it."""

from alembic import op

from innsyn.migrations import one_form, one_form_acting, one_form_opening

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in (
        *one_form_opening.OPENING,
        *one_form_opening.LOOKING,
        *one_form_acting.ACTING,
        *one_form_acting.FOLLOWING,
        *one_form.FUNCTIONS,
        *one_form.POLICIES,
        *one_form.GRANTS,
    ):
        op.execute(statement)
