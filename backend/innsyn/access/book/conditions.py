"""Whether what a rule asks for is so, at one moment."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Final, NamedTuple

from innsyn.access.book.ages import later, turning
from innsyn.access.book.facts import Bond, Pair, Span
from innsyn.access.book.rule import Address, Book, Rule, When


class Here(NamedTuple):
    """One rule asked about one pair at one moment; `bond` is the relation that it is about (None: oneself)."""

    rule: Rule
    book: Book
    pair: Pair
    bond: Bond | None
    at: datetime


def holds(when: When, here: Here) -> bool:
    """Is it so?"""
    opposite = _OPPOSITES.get(when)
    return _CONDITIONS[when](here) if opposite is None else not _CONDITIONS[opposite](here)


def counting(certificates: Iterable[Span], years: int) -> list[Span]:
    """The certificates for as long as they count: so many years, or until they end."""
    return [Span(each.since, min(each.until, later(each.since, years))) for each in certificates]


def _secret(here: Here) -> bool:
    return here.pair.subject.secret or here.pair.actor.secret


def _deceased(here: Here) -> bool:
    return here.pair.subject.deceased or here.pair.actor.deceased


def _birth_date_unknown(here: Here) -> bool:
    return here.pair.subject.born is None


def _responsibility(here: Here) -> bool:
    return here.bond is not None and here.bond.responsibility


def _shared_address(here: Here) -> bool:
    if here.book.address is Address.THIS_PARENT:
        return here.bond is not None and here.bond.lives_with
    return _any(here.pair.at_home, here.at)


def _certificate(here: Here) -> bool:
    return _any(counting(here.pair.certificates, here.rule.longest or 0), here.at)


def _adult(here: Here) -> bool:
    born = here.pair.actor.born
    return born is not None and turning(born, here.book.adult) <= here.at


def _consent(here: Here) -> bool:
    return _any(here.pair.consents, here.at)


def _any(spans: Iterable[Span], at: datetime) -> bool:
    return any(span.covers(at) for span in spans)


_CONDITIONS: Final[Mapping[When, Callable[[Here], bool]]] = {
    When.SECRET_ADDRESS: _secret,
    When.DECEASED: _deceased,
    When.BIRTH_DATE_UNKNOWN: _birth_date_unknown,
    When.RESPONSIBILITY: _responsibility,
    When.SHARED_ADDRESS: _shared_address,
    When.CERTIFICATE: _certificate,
    When.ADULT: _adult,
    When.CONSENT: _consent,
}
_OPPOSITES: Final[Mapping[When, When]] = {
    When.NO_RESPONSIBILITY: When.RESPONSIBILITY,
    When.NO_SHARED_ADDRESS: When.SHARED_ADDRESS,
    When.NO_CERTIFICATE: When.CERTIFICATE,
    When.NOT_ADULT: When.ADULT,
    When.NO_CONSENT: When.CONSENT,
}
