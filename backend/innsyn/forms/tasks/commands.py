"""Going on with what a helper has begun."""

from typing import Final
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.types import Uuid

from innsyn.access.acting import Act
from innsyn.db.statements import Statement

_TAKE: Final = Statement(
    select(func.form.take_over(bindparam("task_id", type_=Uuid), bindparam("draft_id", type_=Uuid)))
)


async def take_over(act: Act, task_id: UUID, draft_id: UUID) -> bool:
    """Make it the person's own draft, with its files. False where there is no such draft of somebody who was given it.

    Also where the person has begun one: two are not one, and neither is thrown away by the way.
    """
    return await act.db.value(_TAKE, task_id=task_id, draft_id=draft_id) is not None
