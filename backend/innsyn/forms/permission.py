"""Who may fill in a form, of those who are here: the form's own codes, asked of whoever reads.

A secret address opens no record of somebody else's (access.admitted), so whoever is here as somebody else has none.
"""

from collections.abc import Collection
from datetime import date
from typing import ClassVar, Final, Protocol
from uuid import UUID

from innsyn.access.book.ages import birthday
from innsyn.access.book.rule import Who
from innsyn.access.book.versions import VERSIONS
from innsyn.access.capability import ONE_FORM_RULE
from innsyn.access.filling import Filler, Relation, why_not
from innsyn.access.reader import PREVIEW
from innsyn.refusal import Refusal

_RELATIONS: Final = {
    Who.SELF: Relation.SELF,
    Who.PARENT: Relation.PARENT,
    # What a certificate gives is assigned; nobody has asked the person.
    Who.RELATIVE: Relation.ASSIGNED,
    Who.GUARDIAN: Relation.ASSIGNED,
    Who.RECEIVER: Relation.FULLMAKT,
}
_BY_RULE: Final = {
    rule.key: relation
    for book in VERSIONS
    for rule in book.rules
    if (relation := _RELATIONS.get(rule.who)) is not None
} | {ONE_FORM_RULE: Relation.FULLMAKT}
# Without a birth date nobody has a permit by age: who reads the own record then is known to be grown up.
_GROWN_UP: Final = 18


class Here(Protocol):
    """A Reader or an Author: whose record is open, to whom, under which rule."""

    @property
    def actor_id(self) -> UUID: ...

    @property
    def subject_id(self) -> UUID: ...

    @property
    def rule(self) -> str: ...


class MayNotFill(Refusal):
    """The form is not for whoever is here. `rule` says why, and is told: they may know that the task is there."""

    status_code: ClassVar[int] = 403
    text_key: ClassVar[str] = "refusal.form_not_for_you"

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


def refused_by(here: Here, codes: Collection[str], born: date | None, today: date) -> str:
    """'' where they may fill in a form with these codes today, else the name of the rule that says no.

    `born`: whom the form is about.
    """
    if here.rule == PREVIEW:
        return "form.preview"
    relation = relation_of(here)
    if relation is None:
        return "form.not_this_relation"
    return why_not(codes, Filler(relation=relation, age=age_of(born, today)))


def must_fill(here: Here, codes: Collection[str], born: date | None, today: date) -> None:
    """They may. Raises MayNotFill."""
    if rule := refused_by(here, codes, born, today):
        raise MayNotFill(rule)


def relation_of(here: Here) -> Relation | None:
    """What whoever is here is to whom the record is about; None where no rule says."""
    if here.actor_id == here.subject_id:
        return Relation.SELF
    found = _BY_RULE.get(here.rule)
    return None if found is Relation.SELF else found


def age_of(born: date | None, today: date) -> int:
    """In whole years, as the law counts them (access/book/ages.py)."""
    if born is None:
        return _GROWN_UP
    years = today.year - born.year
    return years if birthday(born, years) <= today else years - 1
