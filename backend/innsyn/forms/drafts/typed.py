"""What was typed on a page whose questions nobody knows any more: shown again, so that it can be taken along."""

import re
from collections.abc import Iterator
from typing import Final
from uuid import UUID

import msgspec

from innsyn.access.reader import Reader
from innsyn.access.views import Who, who
from innsyn.forms.drafts.queries import Opened
from innsyn.forms.drafts.rules import Posted

_DATE: Final = ("d", "m", "y")
# What a press on a choice sends (options.key_of), and a file that lies with the draft: nobody has written that.
_CHOICE: Final = re.compile(r"true|false|-other|urn:uuid:\S+|(?:https?:|urn:)\S*\|\S*")


class TypedPage(msgspec.Struct, frozen=True, kw_only=True):
    """`words` as they were typed, in the order of the page; `chosen`: how many choices there were beside them."""

    reader: Who
    draft: UUID
    title: str
    step: int
    words: list[str]
    chosen: int


def typed_page(reader: Reader, locale: str, opened: Opened, posted: Posted) -> TypedPage:
    """A page that could not be kept, and the way on to the form as it is."""
    typed = list(_typed(posted))
    words = [each for each in typed if not _CHOICE.fullmatch(each)]
    return TypedPage(
        reader=who(reader, locale),
        draft=opened.draft.draft_id,
        title=opened.form.title,
        step=posted.step,
        words=words,
        chosen=len(typed) - len(words),
    )


def _typed(posted: Posted) -> Iterator[str]:
    for name in posted.shown:
        date = [value for part in _DATE for value in posted.fields.get(f"{name}-{part}", []) if value]
        told = [*posted.fields.get(name, []), ".".join(date)]
        told += [value for suffix in ("t", "o") for value in posted.fields.get(f"{name}-{suffix}", [])]
        yield from (value.strip() for value in told if value.strip())
