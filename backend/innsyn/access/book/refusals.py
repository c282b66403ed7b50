"""What a person is told when a rule says no: its words, and where the rule stands."""

import msgspec

from innsyn.access.book.versions import VERSIONS
from innsyn.web.locale import catalogue

_KNOWN = frozenset(rule.key for book in VERSIONS for rule in book.rules)


class RefusedBy(msgspec.Struct, frozen=True):
    """`name` is what the rule is called, `text` what it means for the reader, `href` the rule in the rule book."""

    rule: str
    name: str
    text: str
    href: str


def refused_by(rule: str, locale: str) -> RefusedBy | None:
    """The words for a rule of the book; None for what is no rule of it, or says no to nobody.

    A permit that gave access and has ended is told with what the rule means.
    """
    if rule not in _KNOWN:
        return None
    texts = catalogue(locale)
    text = texts.text_or(f"rules.refusal.{rule}", "") or texts.text(f"rules.means.{rule}")
    return RefusedBy(rule, texts.text(f"rules.name.{rule}"), text, f"/rules#{rule}")
