"""Which terms there are and what has been agreed to; whom the journal names as somebody's own people."""

import msgspec
from sqlalchemy import LargeBinary, Text, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from innsyn.access.opening import Question, ReadSession, many, one
from innsyn.access.opening import reader as opened
from innsyn.access.reader import Reader
from innsyn.identity.first_login.tables import accepted_terms, kin_check, terms


class Terms(msgspec.Struct, frozen=True):
    """A version of the terms, from which day, and when it was agreed to (None: not); ISO 8601."""

    version: str
    since: str
    accepted: str | None


_read = msgspec.json.Decoder(Terms).decode
_told = cast(
    func.json_build_object(
        *("version", terms.c.version, "since", terms.c.valid_from),
        *("accepted", accepted_terms.c.at),
    ),
    Text,
)
_mine = terms.outerjoin(
    accepted_terms,
    (accepted_terms.c.version == terms.c.version) & (accepted_terms.c.person_id == opened.c.actor_id),
)
_current = select(_told).select_from(_mine).where(terms.c.version == func.identity.current_terms())
_agreed = (
    select(_told)
    .select_from(_mine)
    .where(accepted_terms.c.at.is_not(None))
    .order_by(terms.c.valid_from.desc())
)
_last_answer = (
    select(kin_check.c.answer)
    .where(kin_check.c.person_id == opened.c.actor_id)
    .order_by(kin_check.c.at.desc())
    .limit(1)
)
# What begins with `start` may be asked before the terms are agreed to (access.begin_access), and nothing else.
_START = Question("start.page", terms=one(_current))
_AGREED = Question("terms.list", terms=many(_agreed))
_KIN = Question(
    "kin.page",
    landed=select(func.identity.kin_as_landed(type_=ARRAY(LargeBinary))).scalar_subquery(),
    answer=one(_last_answer),
)


async def terms_to_agree_to(read_db: ReadSession) -> tuple[Reader, Terms]:
    """The version in force, and whether the reader has agreed to it."""
    reader, row = await read_db.ask(_START)
    return reader, _read(row["terms"])


async def agreed_terms_of(read_db: ReadSession) -> tuple[Reader, list[Terms]]:
    """What the reader has agreed to, newest first."""
    reader, row = await read_db.ask(_AGREED)
    return reader, [_read(each) for each in row["terms"]]


async def kin_of(read_db: ReadSession) -> tuple[Reader, list[bytes], str]:
    """The reader's Patients and RelatedPersons as landed, and what the reader last said of them ('' nothing)."""
    reader, row = await read_db.ask(_KIN)
    return reader, row["landed"], row["answer"] or ""
