"""Asking a unit why it looked."""

from innsyn.access.acting import Act
from innsyn.journal import outbox
from innsyn.journal.fhir import audit
from innsyn.records.access_log.rules import Group


async def ask_why(act: Act, group: Group, place: str, words: str) -> None:
    """Put the question in the outbox. About the same look-ups it is asked once, however often the form is sent."""
    author = act.author
    asked = audit.Question(
        id=group.id,
        person=author.subject_id,
        author=author.actor_id,
        at=author.at,
        place=place,
        reference=group.unit_reference,
        begin=group.first,
        end=group.last,
        n=group.n,
        words=words,
    )
    await outbox.put(
        act.db,
        subject_id=author.subject_id,
        author_id=author.actor_id,
        conversation=group.id,
        resource_type="Task",
        resource=audit.question(asked),
        key=group.id,
    )
