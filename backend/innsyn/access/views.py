"""Who is here and whose record is open, as every page shows it."""

from datetime import datetime

import msgspec

from innsyn.access.capability import Capability
from innsyn.access.reader import PREVIEW, Reader
from innsyn.web.marks import mark_of
from innsyn.web.whose import base_for


class Acting(msgspec.Struct, frozen=True, kw_only=True):
    """Whose record is open when it is not one's own. `preview`: one's own, as somebody else would see it.

    `only_forms`: there is no journal here, but forms that were given one by one. `messages`: whoever is here may write
    and read those of this record.
    """

    name: str
    given: str
    rule: str
    preview: bool
    only_forms: bool
    messages: bool = True


class Who(msgspec.Struct, frozen=True, kw_only=True):
    """`now` is the time of the reading; `new_since` None: never here before.

    `ends`: the session is over then, if it is not used again; `until`: at the latest; `idle_minutes`: when it is not
    used for so long. `base`: what addresses of this record begin with. `mark`: what the forms carry.
    """

    name: str
    given: str
    initials: str
    locale: str
    new_since: datetime | None
    now: datetime
    ends: datetime
    until: datetime
    idle_minutes: int
    base: str = ""
    acting: Acting | None = None
    mark: str = ""


def who(reader: Reader, locale: str) -> Who:
    """The reader for a page in `locale`."""
    words = reader.name.split()
    initials = "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
    return Who(
        name=reader.name,
        given=reader.given_name or reader.name,
        initials=initials,
        locale=locale,
        new_since=reader.new_since,
        now=reader.at,
        ends=min(reader.at + reader.idle_limit, reader.expires_at),
        until=reader.expires_at,
        idle_minutes=int(reader.idle_limit.total_seconds() // 60),
        base=base_for(reader.handle),
        acting=_acting(reader) if reader.handle else None,
        mark=mark_of(reader.actor_id),
    )


def _acting(reader: Reader) -> Acting:
    return Acting(
        name=reader.subject_name,
        given=reader.subject_given or reader.subject_name,
        rule=reader.rule,
        preview=reader.rule == PREVIEW,
        only_forms=reader.only_forms,
        messages=bool(reader.capabilities & Capability.MESSAGE),
    )
