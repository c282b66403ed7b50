"""What messages and threads are called: a UUID of their own where they have one, else where the journal keeps them.

A name is a UUID, or `ref:Kind/id`, or `id:system|value`: a projection does not know which feed it reads.
"""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from innsyn.journal.delivery_bundle import OUTBOX
from innsyn.journal.fhir.datatypes import Identifier, Reference
from innsyn.journal.lookup import id_of, name_of

URN: Final = "urn:uuid:"
_KIND: Final = "Communication"


def uuid_in(identifiers: Iterable[Identifier]) -> UUID | None:
    """The first that is urn:uuid."""
    for each in identifiers:
        if (found := uuid_of(each.value)) is not None:
            return found
    return None


def uuid_of(value: str) -> UUID | None:
    """Of `urn:uuid:…`; None for anything else."""
    if not value.startswith(URN):
        return None
    try:
        return UUID(value.removeprefix(URN))
    except ValueError:
        return None


def sent_as(identifiers: Iterable[Identifier]) -> str:
    """How it left, where it was written here: the id of its row in the outbox, else ''."""
    return next((each.value for each in identifiers if each.system == OUTBOX), "")


def thread_named(references: Iterable[Reference]) -> str:
    """The name of what the first of these that says anything points at; '' for none."""
    for reference in references:
        if reference.identifier is not None and (own := name_in((reference.identifier,))):
            return own
        if (found := uuid_of(reference.reference)) is not None:
            return str(found)
        if (name := name_of(reference)) and not name.startswith("#"):
            return f"ref:{name}"
    return ""


def name_in(identifiers: Iterable[Identifier]) -> str:
    """What these call it: the UUID, else the first that has a value; '' for none."""
    told = [each for each in identifiers if each.value]
    if (found := uuid_in(told)) is not None:
        return str(found)
    return f"id:{told[0].system}|{told[0].value}" if told else ""


def id_named(feed: str, name: str) -> UUID:
    """What it is called here: the same at every replay."""
    sort, _, told = name.partition(":")
    if not _:
        return UUID(name)
    kind, slash, id_ = told.partition("/")
    if sort == "ref" and slash and kind == _KIND:
        return id_of(feed, (_KIND, id_))
    return id_of(feed, (_KIND, name))
