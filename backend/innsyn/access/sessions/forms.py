"""A form is taken from the person for whom its page was made, and from nobody else in the same browser."""

from typing import Any, ClassVar, Final
from uuid import UUID

from litestar import Request
from sqlalchemy import LargeBinary, bindparam, func, select

from innsyn.db.statements import Statement
from innsyn.identity.sessions import token_of
from innsyn.refusal import Refusal
from innsyn.web.marks import has_files, mark_of, mark_sent_with

_PERSON: Final = Statement(select(func.identity.person_of(bindparam("token", type_=LargeBinary))))


class OtherPerson(Refusal):
    """What is sent was written by somebody else than the person who is logged in now."""

    status_code: ClassVar[int] = 409
    text_key: ClassVar[str] = "sessions.other_person"


async def must_be_their_own(request: Request[Any, Any, Any]) -> None:
    """For Litestar's before_request, so that no form can be forgotten. Raises OtherPerson.

    Nobody logged in is another matter, and is met where the form is: what was written is then kept in the page.
    """
    # A form with files is read by whoever takes them, after asking who is here: the mark is a part of it.
    if request.method != "POST" or has_files(request.scope):
        return
    # The mark is in it.
    await request.body()
    mark, state = mark_sent_with(request), request.app.state
    token = token_of(request.cookies.get(state.session_cookie))
    if not mark or token is None:
        return
    # Also of a session that is over: what was written is otherwise kept for whoever was in it to send again.
    person: UUID | None = await state.pool.fetchval(_PERSON.sql, *_PERSON.bind(token=token))
    if person is not None and mark_of(person) != mark:
        raise OtherPerson
