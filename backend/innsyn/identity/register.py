"""Who has which number, while the Patients of a batch are linked one by one."""

from collections.abc import Collection, Sequence
from uuid import UUID, uuid4

from innsyn.identity.numbers import Number


class Register:
    """Who has which number: read once for a batch, kept up to date while its Patients are linked one by one."""

    def __init__(
        self, owner: dict[Number, UUID], held: dict[UUID, set[Number]], without_journal: set[UUID]
    ) -> None:
        self.owner, self._held, self._without_journal = owner, held, without_journal
        self.absorbed: dict[UUID, set[UUID]] = {}

    def link(
        self, before: UUID | None, numbers: Sequence[Number], mentioned: Collection[Number]
    ) -> UUID | None:
        """The person of a Patient that has these numbers and was linked to `before`; None: it would be two persons.

        A number of somebody who has only logged in, or whom only others' resources tell of, is free to come along. A
        person keeps the one fødselsnummer; a D-number is followed by one where the Patient still mentions it. All else
        is for people to find out.
        """
        owners = [self.owner[number] for number in numbers if number in self.owner]
        with_journal = {each for each in owners if each not in self._without_journal}
        who = before or next(iter(with_journal or owners), None) or uuid4()
        held = self._held.get(who, set())
        fnr = {number for number in held | set(numbers) if number[0] == "fnr"}
        goes_on = not numbers or not held or not held.isdisjoint(mentioned)
        if with_journal - {who} or len(fnr) > 1 or not goes_on:
            return None
        self.absorbed.setdefault(who, set()).update(set(owners) - {who})
        self.owner.update((number, who) for number in numbers)
        self._held[who] = held | set(numbers)
        self._without_journal.discard(who)
        return who
