"""Adding a file to an answer, seeing it, and taking it away: each by a form of its own, without JavaScript too."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from innsyn.access.acting import Acts
from innsyn.access.capability import Capability
from innsyn.access.opening import ReadSession
from innsyn.access.reader import Reader
from innsyn.access.sessions.forms import OtherPerson
from innsyn.access.views import who
from innsyn.files.checking import Checked, Refused
from innsyn.files.examining import examined
from innsyn.files.refusals import NoSuchFile, NotKept
from innsyn.files.rules import MOST_BYTES, is_wanted
from innsyn.files.scanning import Scanner
from innsyn.files.uploading import MOST_BODY, Incoming, received
from innsyn.forms.drafts import queries as draft_queries
from innsyn.forms.drafts.refusals import AlreadySent
from innsyn.forms.drafts.views import closed
from innsyn.forms.engine.model import Item
from innsyn.forms.files import answering, queries
from innsyn.forms.files.views import NotKeptPage
from innsyn.web.marks import mark_of
from innsyn.web.pages import html, locale_of
from innsyn.web.whose import base_of

_SEE_OTHER: Final = 303
_UNPROCESSABLE: Final = 422
# As files of the journal (records/opened): it runs nothing, loads nothing and knows nothing of this site.
_SANDBOX: Final = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"
)
_SHOWN_IN_PLACE: Final = frozenset({"image/png", "image/jpeg"})


@post("/forms/drafts/{draft_id:uuid}/files", request_max_body_size=MOST_BODY)
async def add(
    request: Request[Any, Any, Any],
    acts: NamedDependency[Acts],
    read_db: NamedDependency[ReadSession],
    scanner: NamedDependency[Scanner],
    draft_id: FromPath[UUID],
) -> Response[Any]:
    """Add a file to the answer at `field`. Whose draft it is, is known before anything of the file is read."""
    try:
        reader, opened = await draft_queries.draft_of(read_db, draft_id)
    except AlreadySent as gone:
        return _to(request, f"/forms/sent/{gone.sent_id}")
    upload = await received(request)
    if upload.fields.get("m", mark_of(reader.actor_id)) != mark_of(reader.actor_id):
        raise OtherPerson
    field, step = upload.fields.get("field", ""), _step(upload.fields)
    if closed(reader, opened):
        return _to(request, f"/forms/drafts/{draft_id}")
    item = answering.item_at(opened.form, field)
    if item is None:
        raise NoSuchFile
    try:
        _must_be_of(upload.fields, opened.draft)
        found = await _checked(scanner, item, upload.file)
        async with acts.begin("forms.file.add", needs=Capability.ONE_FORM) as act:
            await answering.add(act, draft_id, field, upload.file.name if upload.file else "", found)
    except NotKept as no:
        return _not_kept(request, reader, NotKeptPage(
            reader=who(reader, locale_of(request, reader.locale)),
            draft=draft_id, step=step, field=field, reason=no.reason,
        ))  # fmt: skip
    return _to(request, f"/forms/drafts/{draft_id}?step={step}#f-{quote(field)}")


@get("/forms/files/{file_id:uuid}")
async def file(read_db: NamedDependency[ReadSession], file_id: FromPath[UUID]) -> Response[bytes]:
    """The file, in a sandbox. A PDF is saved: browsers show none in a sandbox."""
    _, found = await queries.file_of(read_db, file_id)
    place = "inline" if found.media_type in _SHOWN_IN_PLACE else "attachment"
    return Response(
        found.body,
        media_type=found.media_type,
        headers={
            "content-security-policy": _SANDBOX,
            "content-disposition": f"{place}; filename*=UTF-8''{quote(found.name, safe='')}",
        },
    )


@post("/forms/files/{file_id:uuid}/remove", status_code=_SEE_OTHER)
async def remove(
    request: Request[Any, Any, Any], acts: NamedDependency[Acts], file_id: FromPath[UUID]
) -> Redirect:
    """Take a file away, from the answer too."""
    form = await request.form()
    fields = {name: str(form.get(name, "")) for name in ("field", "step")}
    async with acts.begin("forms.file.remove", needs=Capability.ONE_FORM) as act:
        draft_id = await answering.remove(act, file_id)
    return _to(request, f"/forms/drafts/{draft_id}?step={_step(fields)}#f-{quote(fields['field'][:32])}")


def _must_be_of(fields: Mapping[str, str], draft: draft_queries.Draft) -> None:
    """The names of fields are of one version: in another it would be the answer to another question."""
    if draft.newest is not None or fields.get("form", str(draft.questionnaire_id)) != str(
        draft.questionnaire_id
    ):
        raise NotKept("moved")


async def _checked(scanner: Scanner, item: Item, sent: Incoming | None) -> Checked:
    if sent is None:
        raise NotKept("empty")
    if sent.body is None:
        raise NotKept("too_large")
    result = await examined(scanner, sent.body, min(item.max_size or MOST_BYTES, MOST_BYTES))
    if isinstance(result, Refused):
        raise NotKept(result.reason)
    if not is_wanted(result.found.media_type, item.media_types):
        raise NotKept("type")
    # An answer is sent with all its files or not at all, so none is kept that could not be sent.
    if not result.is_clean:
        raise NotKept("not_scanned")
    return result.found


def _not_kept(request: Request[Any, Any, Any], reader: Reader, page: NotKeptPage) -> Response[str]:
    return html(locale_of(request, reader.locale), "forms/file-refused.html", page, _UNPROCESSABLE)


def _step(fields: dict[str, str]) -> int:
    said = fields.get("step", "")
    return int(said) if said.isdecimal() and len(said) < len("10000") else 0


def _to(request: Request[Any, Any, Any], path: str) -> Redirect:
    return Redirect(f"{base_of(request)}{path}", status_code=_SEE_OTHER)


routes = [add, file, remove]
