"""A step as it is typed: kept, worked out and told, in one answer."""

from collections.abc import Iterable, Iterator
from typing import Any, Final
from uuid import UUID

import msgspec
from litestar import MediaType, Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from innsyn.access.acting import Acts
from innsyn.access.capability import Capability
from innsyn.forms.drafts import saving
from innsyn.forms.drafts.pages import LONGEST_STEP, posted_in
from innsyn.forms.drafts.refusals import AlreadySent, PageTooOld
from innsyn.forms.drafts.rules import Posted
from innsyn.forms.engine.checking import problems_of
from innsyn.forms.engine.model import Form, Item
from innsyn.forms.engine.state import Field
from innsyn.forms.filling.kinds import can_change, kind_of
from innsyn.forms.filling.steps import PAPER
from innsyn.forms.filling.words import answers_words, problem_words
from innsyn.web import dates
from innsyn.web.locale import Catalogue, catalogue
from innsyn.web.pages import locale_of

_CONFLICT: Final = 409
_GONE: Final = 410


class FieldNow(msgspec.Struct, frozen=True, omit_defaults=True):
    """Whether a field is asked, and in words what was worked out for it (None where the person answers)."""

    on: bool
    value: str | None = None


class Now(msgspec.Struct, frozen=True):
    """How the page stands. `reload`: there is something that it has not got; `revision`: what it is made of now."""

    revision: int
    saved: str
    fields: dict[str, FieldNow]
    problems: dict[str, str]
    reload: bool


@post("/forms/drafts/{draft_id:uuid}/live", status_code=200, request_max_body_size=LONGEST_STEP)
async def live(
    request: Request[Any, Any, Any], acts: NamedDependency[Acts], draft_id: FromPath[UUID]
) -> Response[bytes]:
    """Keep what has been typed so far, and say what follows from it."""
    posted = await posted_in(request)
    locale = locale_of(request)
    try:
        async with acts.begin("forms.save", needs=Capability.ONE_FORM) as act:
            kept = await saving.keep(act, draft_id, posted, locale, is_live=True)
    except (AlreadySent, PageTooOld):
        # Sent, or of a version that is not here: the page shows what was typed, in the words it has.
        return _json({"gone": True}, _GONE)
    if kept.conflicts:
        return _json({"conflict": True}, _CONFLICT)
    return _json(now_of(kept, posted, catalogue(locale)))


def now_of(kept: saving.Kept, posted: Posted, texts: Catalogue) -> Now:
    """What the page needs to know, of the fields that it shows."""
    stands = kept.stands
    form = stands.opened.form
    step = stands.steps[min(posted.step, len(stands.steps) - 1)]
    fields = list(step.all())
    problems = problems_of(stands.filled, posted.shown, complete=False)
    saved = stands.opened.draft.saved_at.astimezone(dates.ZONE).time()
    return Now(
        revision=kept.page,
        saved=dates.clock(saved, texts.locale),
        fields={field.name: _now(field, texts) for field in fields if changes(form, field.item)},
        problems={problem.field: problem_words(problem, texts) for problem in reversed(problems)},
        reload=kept.is_stale or _instances(posted.shown) != _instances(_written(step.fields)),
    )


def changes(form: Form, item: Item) -> bool:
    """May the field be asked now and not then, or be worked out? What stands in a group goes with it."""
    if item.calculated or item.copied or item.score:
        return True
    at: Item | None = item
    while at is not None:
        if at.enable_when or at.enable_expression:
            return True
        at = form.parents.get(at.number)
    return False


def _now(field: Field, texts: Catalogue) -> FieldNow:
    if not field.calculated:
        return FieldNow(field.enabled)
    return FieldNow(field.enabled, ", ".join(answers_words(field, texts, {})))


def _written(fields: Iterable[Field]) -> Iterator[str]:
    for field in fields:
        if field.item.hidden or field.item.shown_in == PAPER or kind_of(field) == "table":
            continue
        if can_change(field):
            yield field.name
        yield from _written(field.fields)


def _instances(names: Iterable[str]) -> set[str]:
    return {name.partition(".")[2] for name in names}


def _json(what: object, status: int = 200) -> Response[bytes]:
    return Response(msgspec.json.encode(what), media_type=MediaType.JSON, status_code=status)


routes = [live]
