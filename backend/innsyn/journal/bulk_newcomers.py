"""What has changed in a group since the last export, and all there is of those who were not here before.

A server that is asked for what is new since an instant may leave out what is older of a patient who came to the group
after that instant (https://github.com/HL7/bulk-data/issues/65).
"""

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass

import msgspec

from innsyn.journal.bulk_export import BulkExport, NotSoExported
from innsyn.journal.port import Entry, Source, Unusable

# A list of more would be an export of everybody with a long way to say so.
_MOST_LISTED = 200

Batch = list[Entry | Unusable]
# (since, patients, first): an export of just these, numbered from `first` + 1 on.
Ordering = Callable[[str, tuple[str, ...], int], BulkExport]
# Of these patient ids, those that have never come. Asked before the batch with them is taken in.
Unknown = Callable[[set[str]], Awaitable[set[str]]]


@dataclass(frozen=True, slots=True)
class Remembering:
    """What the reading asks of its database: who is new, and to remember that somebody is."""

    unknown: Unknown
    is_incomplete: Callable[[], Awaitable[None]]


class ChangesAndNewcomers:
    """A feed of what changed after `since`, then of newcomers from the beginning."""

    def __init__(self, name: str, since: str, ordering: Ordering, remembering: Remembering) -> None:
        self.name = name
        self.transaction_time = ""
        self.newcomers: set[str] = set()
        self._since, self._ordering, self._remembering = since, ordering, remembering
        self._sources: list[Source] = []

    async def after(self, position: int) -> AsyncGenerator[Batch]:
        """Batches of changes, then of what newcomers had before. Raises a FeedFailed."""
        changes = self._ordering(self._since, (), position)
        last = position
        async with aclosing(changes.after(position)) as batches:
            async for batch in batches:
                if self._since:
                    await self._look_for_newcomers(batch)
                last = max(last, batch[-1].position)
                yield batch
        if self.newcomers:
            async with aclosing(self._older(last)) as batches:
                async for batch in batches:
                    yield batch
        self._sources = await changes.sources()
        # Told last: who stops before has no right to it.
        self.transaction_time = changes.transaction_time

    async def sources(self) -> list[Source]:
        """The one source that the export is said to come from."""
        return self._sources

    async def _look_for_newcomers(self, batch: Batch) -> None:
        told = set(patients_of(batch)) - self.newcomers
        unknown = await self._remembering.unknown(told) if told else set()
        if unknown and not self.newcomers:
            await self._remembering.is_incomplete()
        self.newcomers |= unknown

    async def _older(self, last: int) -> AsyncGenerator[Batch]:
        patients = tuple(sorted(self.newcomers)) if len(self.newcomers) <= _MOST_LISTED else ()
        try:
            async with aclosing(self._ordering("", patients, last).after(last)) as batches:
                async for batch in batches:
                    yield batch
        except NotSoExported:
            # Not every server knows a list of patients, but then it can give everybody.
            async with aclosing(self._ordering("", (), last).after(last)) as batches:
                async for batch in batches:
                    yield batch


_IS_PATIENT = re.compile(r"(?:^|/)Patient/([A-Za-z0-9\-.]{1,64})(?:/_history/[^/]*)?$").search


class _Reference(msgspec.Struct, frozen=True):
    reference: str = ""


class _About(msgspec.Struct, frozen=True):
    subject: msgspec.Raw = msgspec.Raw(b"{}")
    patient: msgspec.Raw = msgspec.Raw(b"{}")
    for_: msgspec.Raw = msgspec.field(default=msgspec.Raw(b"{}"), name="for")


_about = msgspec.json.Decoder(_About).decode
_reference = msgspec.json.Decoder(_Reference).decode


def patients_of(batch: Sequence[Entry | Unusable]) -> Iterator[str]:
    """Ids of the patients that come themselves, or that something is said to be about."""
    for each in batch:
        if not isinstance(each, Entry) or each.resource is None:
            continue
        if each.kind == "Patient":
            yield each.id
            continue
        told = _about(each.resource)
        for reference in (told.subject, told.patient, told.for_):
            if (found := _IS_PATIENT(_text(reference))) is not None:
                yield found[1]


def _text(reference: msgspec.Raw) -> str:
    try:
        return _reference(reference).reference
    except msgspec.ValidationError:
        return ""
