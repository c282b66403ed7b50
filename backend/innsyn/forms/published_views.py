"""What is published: forms and value sets, as the feed says them, and what forms are called."""

from collections.abc import Iterable
from typing import Final

import msgspec

from innsyn.forms.engine.model import Finding, Option
from innsyn.journal.fhir.datatypes import Identifier
from innsyn.journal.fhir.forms import NUMBER

RETIRED: Final = "retired"


class Published(msgspec.Struct, frozen=True, kw_only=True):
    """A form that can be filled in here. `names` are what a task may call it, without what belongs to one feed."""

    url: str
    version: str
    number: str
    title: str
    status: str
    names: tuple[str, ...]
    may_fill: tuple[str, ...]
    questions: int
    wants: tuple[str, ...]
    warnings: tuple[Finding, ...]
    by_choice: bool
    body: bytes


class Offered(msgspec.Struct, frozen=True, kw_only=True):
    """A value set that is whole: what forms that point at `url` offer, in its own version or where it is the newest."""

    url: str
    version: str
    status: str
    options: tuple[Option, ...]


def names_of(identifiers: Iterable[Identifier], url: str = "") -> tuple[str, ...]:
    """What a form is called by its address (without a version) and its identifiers."""
    found = [f"url:{url.partition('|')[0]}"] if url else []
    found += [
        f"number:{each.value}" if each.system == NUMBER else f"id:{each.system}|{each.value}"
        for each in identifiers
        if each.value
    ]
    return tuple(dict.fromkeys(found))
