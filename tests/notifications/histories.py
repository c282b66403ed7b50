"""Random histories of one result each: released, corrected, taken back, shared, revoked, hidden, and told of.

What may be read is worked out here from the steps alone, without asking the application.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from innsyn.journal.lookup import id_of
from innsyn.journal.projected import RELEASE_CLASS
from innsyn.notifications.channels.port import Letter
from innsyn.notifications.sending.claiming import claim
from notifications.telling import Devices
from world import Resource, World, result

STEPS = 8
_STEPS = (
    *("write", "write", "withhold", "correct", "take_back", "give", "give", "revoke", "hide", "show"),
    *("secret", "not_secret", "nothing", "nothing"),
)
_PERMIT = """
    INSERT INTO access.permit (subject_id, actor_id, handle_on, audience, capabilities, kinds, valid_from, valid_until,
        rule, book, origin, origin_id)
    SELECT s, a, s, 16, 1, NULL, now(), 'infinity', 'fullmakt.full', '', 'fullmakt', gen_random_uuid()
    FROM unnest($1::uuid[], $2::uuid[]) AS g (s, a)
"""
_REVOKE = (
    "UPDATE access.permit SET valid_until = now() WHERE subject_id = ANY ($1::uuid[]) AND valid_until > now()"
)
_HIDE = """
    INSERT INTO access.hidden (person_id, entry_id, from_audience, by_id)
    SELECT p, e, 16, p FROM unnest($1::uuid[], $2::uuid[]) AS g (p, e) ON CONFLICT DO NOTHING
"""
_SHOW = "DELETE FROM access.hidden WHERE person_id = ANY ($1::uuid[])"
_SECRET = """
    UPDATE identity.person p SET secret = g.secret FROM unnest($1::uuid[], $2::boolean[]) AS g (person_id, secret)
    WHERE p.person_id = g.person_id AND p.secret <> g.secret
"""
# What is what after a step of this name.
_SWITCHES = {
    "give": ("given", True),
    "revoke": ("given", False),
    "hide": ("hidden", True),
    "show": ("hidden", False),
    "secret": ("secret", True),
    "not_secret": ("secret", False),
}


@dataclass
class History:
    """One result of one person, and one helper."""

    number: int
    owner: UUID
    helper: UUID
    entry: UUID
    written: bool = False
    open: bool = False
    given: bool = False
    hidden: bool = False
    secret: bool = False
    corrections: int = 0
    told: dict[UUID, int] = field(default_factory=dict)

    def may_read(self, receiver: UUID) -> bool:
        """What the steps say."""
        if not (self.written and self.open):
            return False
        return receiver == self.owner or (self.given and not self.hidden and not self.secret)

    def resource(self, step: str) -> Resource | None:
        """What the journal says at this step, if anything; and what becomes of the history."""
        more: dict[str, Any] = {}
        if step == "take_back":
            self.written = False
            more["status"] = "entered-in-error"
        elif step == "withhold":
            self.written, self.open = True, False
            more["meta"] = {"tag": [{"system": RELEASE_CLASS, "code": "3"}]}
        elif step == "correct":
            self.written = self.open = True
            self.corrections += 1
            more["status"] = "corrected"
        elif step == "write":
            self.written = self.open = True
        else:
            return None
        return result(f"of-{self.number}", f"owner-{self.number}", value=40 + self.corrections, **more)


async def begin(world: World, numbers: range) -> list[History]:
    """People of these numbers, all of whom have been here."""
    names = [f"{role}-{number}" for number in numbers for role in ("owner", "helper")]
    for first in range(0, len(names), 500):
        await world.take(*({"resourceType": "Patient", "id": name} for name in names[first : first + 500]))
    rows = await world.owner.fetch("SELECT patient_id, person_id FROM identity.patient")
    of = {row["patient_id"]: row["person_id"] for row in rows}
    await world.owner.execute(
        "INSERT INTO identity.accepted_terms (person_id, version, session_id)"
        " SELECT p, identity.current_terms(), p FROM unnest($1::uuid[]) AS p",
        [of[name] for name in names],
    )
    return [
        History(
            each, of[f"owner-{each}"], of[f"helper-{each}"], id_of("journal", ("Observation", f"of-{each}"))
        )
        for each in numbers
    ]


async def go_on(world: World, histories: list[History], version: int, choose: random.Random) -> None:
    """One step of each: what the journal says in one batch, what citizens do in one statement each."""
    steps = {history.number: choose.choice(_STEPS) for history in histories}
    said = [each for history in histories if (each := history.resource(steps[history.number]))]
    for first in range(0, len(said), 500):
        await world.take(*said[first : first + 500], version=version)

    def who(step: str) -> list[History]:
        return [history for history in histories if steps[history.number] == step]

    db = world.owner
    given = [history for history in who("give") if not history.given]
    await db.execute(_PERMIT, [each.owner for each in given], [each.helper for each in given])
    await db.execute(_REVOKE, [each.owner for each in who("revoke")])
    await db.execute(_HIDE, [each.owner for each in who("hide")], [each.entry for each in who("hide")])
    await db.execute(_SHOW, [each.owner for each in who("show")])
    for step, (name, becomes) in _SWITCHES.items():
        for history in who(step):
            setattr(history, name, becomes)
    await db.execute(_SECRET, [each.owner for each in histories], [each.secret for each in histories])


async def tell(world: World, histories: list[History], most: int | None) -> list[str]:
    """Send what is due (`most`: no more than so many), and what was wrong about it."""
    there = Devices(*(each.owner for each in histories), *(each.helper for each in histories))
    wrong: list[str] = []
    while True:
        letters = await claim(world.worker, await _now(world), there, most=most or 1000)
        wrong += await _checked(world, histories, letters)
        if most is not None or not letters:
            return wrong


async def _now(world: World) -> datetime:
    now: datetime = await world.owner.fetchval("SELECT clock_timestamp()")
    return now


async def _checked(world: World, histories: list[History], letters: list[Letter]) -> list[str]:
    by_entry = {each.entry: each for each in histories}
    rows = await world.owner.fetch(
        "SELECT n.receiver_id, n.item FROM notice.sending s CROSS JOIN LATERAL unnest(s.notices) AS x (id)"
        " JOIN notice.notice n ON n.receiver_id = s.receiver_id AND n.notice_id = x.id"
        " WHERE s.sending_id = ANY ($1::uuid[])",
        [each.sending_id for each in letters],
    )
    wrong = []
    for receiver, item in rows:
        history = by_entry[item]
        if not history.may_read(receiver):
            wrong.append(f"{history.number}: sent and not readable")
        history.told[receiver] = history.told.get(receiver, 0) + 1
    return wrong


def told_too_often(history: History) -> bool:
    """Once for what is new, and once for each time that it was corrected."""
    return any(times > 1 + history.corrections for times in history.told.values())


def forgotten(history: History) -> bool:
    """Of what the owner can read in the end, they were told."""
    return history.may_read(history.owner) and history.owner not in history.told
