"""What may be sent again after a new login."""

import re
from collections.abc import Sequence
from typing import Final

# Forms of pages of ours. A pattern and not a rule of what to keep out, as for where a login may lead: what is posted to
# an address of somebody else's would be everything that was written.
_FORMS: Final = re.compile(
    r"(?:/for/[A-Za-z0-9_-]{16})?/(?:journal|forms|messages|settings|access|people|start)(?:/[A-Za-z0-9_-]+)*"
    r"(?:\?[A-Za-z0-9_.~%=&+-]*)?"
)
_LONGEST_ADDRESS: Final = 500
_MOST_FIELDS: Final = 2_000
_LONGEST: Final = 48 * 1024  # letters: sent again, it has to fit in a form of 64 kB once more


def is_own_form(address: str) -> bool:
    """Whether the address (path and query) is one that a form of ours posts to."""
    return len(address) <= _LONGEST_ADDRESS and _FORMS.fullmatch(address) is not None


def fits(fields: Sequence[tuple[str, str]]) -> bool:
    """Whether so much can be kept in a page, and sent again from it."""
    return len(fields) <= _MOST_FIELDS and sum(len(name) + len(value) for name, value in fields) <= _LONGEST
