"""A file and the answer that names it: both are kept, or neither."""

from typing import Final
from uuid import UUID

import msgspec

from innsyn.access.acting import Act
from innsyn.files.checking import Checked
from innsyn.files.refusals import NotKept
from innsyn.files.rules import name_of
from innsyn.forms.drafts import commands as draft_commands
from innsyn.forms.drafts import queries as draft_queries
from innsyn.forms.drafts.views import allowed, closed
from innsyn.forms.engine.model import Form, Item, Type
from innsyn.forms.engine.taking import attach
from innsyn.forms.engine.values import Answers, Attachment, Node, read_answers, write_answers
from innsyn.forms.files import commands
from innsyn.forms.permission import MayNotFill

_MOST_DIGITS: Final = 5


def item_at(form: Form, field: str) -> Item | None:
    """The question of files at this field; None for anything else."""
    number = field.partition(".")[0]
    if not number.isdecimal() or len(number) > _MOST_DIGITS or int(number) >= len(form.by_number):
        return None
    item = form.by_number[int(number)]
    return item if item.type is Type.ATTACHMENT and not item.read_only else None


async def add(act: Act, draft_id: UUID, field: str, said: str, found: Checked) -> UUID:
    """Keep the file and answer with it.

    Raises NotKept where there is no room for it (in the draft, or at the question), NoSuchDraft, AlreadySent or
    MayNotFill.
    """
    opened = (await draft_queries.draft_to_save(act, draft_id)).opened
    if closed(act.author, opened):
        raise MayNotFill(allowed(act.author, opened))
    name = name_of(said, found.media_type)
    file_id = await commands.keep(act, draft_id, field, name, found)
    named = Attachment(
        content_type=found.media_type, url=f"urn:uuid:{file_id}", size=len(found.body), title=name
    )
    answers = attach(opened.form, read_answers(opened.answers), field, named)
    if named.url not in _named_in(answers):
        raise NotKept("no_room")
    await _save(act, opened, answers)
    return file_id


async def remove(act: Act, file_id: UUID) -> UUID:
    """Take the file away, and the answer that names it. Gives the draft. Raises NoSuchFile."""
    draft_id = await commands.draft_with(act, file_id)
    opened = (await draft_queries.draft_to_save(act, draft_id)).opened
    await commands.remove(act, file_id)
    before = read_answers(opened.answers)
    after = _without(before, f"urn:uuid:{file_id}")
    if after != before:
        await _save(act, opened, after)
    return draft_id


async def _save(act: Act, opened: draft_queries.Opened, answers: Answers) -> None:
    draft = opened.draft
    version = draft_commands.Version(
        draft.questionnaire_id, write_answers(answers), draft.step, draft.lost.encode()
    )
    await draft_commands.save(act, draft.draft_id, draft.revision, version)


def _named_in(answers: Answers) -> set[str]:
    found: set[str] = set()
    left = list(answers)
    while left:
        node = left.pop()
        left += node.item
        for answer in node.answer:
            left += answer.item
            if answer.value_attachment is not None:
                found.add(answer.value_attachment.url)
    return found


def _without(answers: Answers, url: str) -> Answers:
    return [_bare(node, url) for node in answers]


def _bare(node: Node, url: str) -> Node:
    kept = [
        msgspec.structs.replace(answer, item=_without(answer.item, url))
        for answer in node.answer
        if answer.value_attachment is None or answer.value_attachment.url != url
    ]
    return msgspec.structs.replace(node, answer=kept, item=_without(node.item, url))
