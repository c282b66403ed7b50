"""Agreeing to the terms, and saying of the nearest relative whether it is right."""

from typing import Literal
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import Text, bindparam, func, insert, select

from innsyn.access.acting import Act
from innsyn.db.statements import Statement
from innsyn.identity.first_login.tables import kin_check
from innsyn.journal import outbox
from innsyn.journal.fhir.consent import PERSON

Answer = Literal["right", "wrong", "later"]

_ACCEPT = Statement(select(func.identity.accept_terms(bindparam("version", type_=Text))))
_SAY = Statement(
    insert(kin_check).values(
        {name: bindparam(name, type_=kin_check.c[name].type) for name in ("person_id", "answer", "outbox_id")}
    )
)


async def accept(act: Act, version: str) -> bool:
    """Agree to this version of the terms; False: it is not the one in force."""
    return bool(await act.db.value(_ACCEPT, version=version))


async def say_of_kin(act: Act, answer: Answer, text: str, key: UUID) -> None:
    """Keep the answer. What is wrong leaves for the journal, which is where it is put right, in the citizen's words."""
    leaving = await _ask_to_correct(act, text, key) if answer == "wrong" else None
    await act.db.value(_SAY, person_id=act.author.actor_id, answer=answer, outbox_id=leaving)


async def _ask_to_correct(act: Act, text: str, key: UUID) -> UUID:
    author = act.author
    person = {"type": "Patient", "identifier": {"system": PERSON, "value": str(author.subject_id)}}
    task = {
        "resourceType": "Task",
        "status": "requested",
        "intent": "order",
        "code": {"text": "Nærmeste pårørende er ikke riktig"},
        "for": person,
        "requester": {**person, "identifier": {"system": PERSON, "value": str(author.actor_id)}},
        "authoredOn": author.at.isoformat(timespec="seconds"),
        **({"description": text} if text else {}),
    }
    return await outbox.put(
        act.db,
        subject_id=author.subject_id,
        author_id=author.actor_id,
        conversation=uuid4(),
        resource_type="Task",
        resource=msgspec.json.encode(task),
        key=key,
    )
