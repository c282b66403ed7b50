"""What a person is told when a rule says no: its words, and where the rule stands."""

import msgspec

from innsyn.access.book.versions import VERSIONS
from innsyn.web.locale import catalogue

_KNOWN = {rule.key: rule for book in VERSIONS for rule in book.rules}
# Of these nobody is told on a page about somebody else: whoever tries the door is not to learn that an address has
# become secret, or that somebody has died. To them there is no such page.
_KEPT_QUIET = frozenset({"secret_address", "deceased", "no_basis"})


class RefusedBy(msgspec.Struct, frozen=True):
    """`name` is what the rule is called, `text` what it means for the reader, `href` the rule in the rule book."""

    rule: str
    name: str
    text: str
    href: str


def refused_by(rule: str, locale: str) -> RefusedBy | None:
    """The words for a rule of the book; None for what is no rule of it.

    A permit that gave access and has ended is told with what its rule means.
    """
    if rule not in _KNOWN:
        return None
    texts = catalogue(locale)
    text = texts.text_or(f"rules.refusal.{rule}", "") or texts.text(f"rules.means.{rule}")
    return RefusedBy(rule, texts.text(f"rules.name.{rule}"), text, f"/rules#{rule}")


def may_be_told(rule: str) -> bool:
    """Whether somebody who is refused may be told by which rule. Otherwise it looks as if there were nothing."""
    return rule in _KNOWN and _KNOWN[rule].denies and rule not in _KEPT_QUIET
