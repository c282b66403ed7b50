"""Who is here, as every page shows it."""

from datetime import datetime

import msgspec

from innsyn.access.reader import Reader


class Who(msgspec.Struct, frozen=True, kw_only=True):
    """`now` is the time of the reading; `new_since` None: never here before."""

    name: str
    given: str
    initials: str
    locale: str
    new_since: datetime | None
    now: datetime


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
    )
