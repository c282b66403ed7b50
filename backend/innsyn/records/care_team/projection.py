"""Care teams and their members (http://hl7.org/fhir/R4/careteam.html)."""

import re
from collections.abc import Callable
from typing import Any

import msgspec

from innsyn.journal.fhir.plans import CareTeam, TeamMember
from innsyn.journal.fhir.reading import began, ended, notes_text
from innsyn.records.care_team.views import Team
from innsyn.records.kinds import Kind
from innsyn.records.people import (
    Person,
    first_said,
    gathered,
    heading,
    name_of_place,
    person_of,
    phone_in,
    sentence,
)
from innsyn.records.projected import About, NotShown, Projected

# "Care team for encounter ENC-000027-379108475307": a machine's name for it, and nobody's.
_MACHINE_NAME = re.compile(r"\d{5}")


def care_team(team: CareTeam, about: About) -> Projected | NotShown | None:
    """A CareTeam with those of its members that have a name; the patient is the one it is for and not listed."""
    if team.status == "entered-in-error":
        return NotShown("entered_in_error")
    members = gathered(_member(each, about) for each in team.participant)
    name = "" if _MACHINE_NAME.search(team.name) else team.name
    described = notes_text(team.note)
    house = next((said for each in team.managing_organization if (said := name_of_place(about, each))), "")
    if not (members or name or described or house):
        return NotShown("empty")
    return Projected(
        kind=Kind.CARE_TEAM,
        patient=team.subject,
        title=heading(name, first_said(*team.category), house, ", ".join(each.name for each in members)),
        at=began(team.period),
        status=team.status,
        note=sentence(first_said(*team.reason_code) or ", ".join(map(_spoken, members))),
        organisation=house,
        words=(
            described,
            first_said(*team.reason_code),
            *(each.name for each in members),
            *(m.role for m in members),
        ),
        detail=Team(
            members=members,
            description="\n\n".join(filter(None, (first_said(*team.reason_code), described))),
            start=began(team.period),
            end=ended(team.period),
            phone=phone_in(team.telecom),
        ),
    )


def _member(member: TeamMember, about: About) -> Person | None:
    met = person_of(about, member.member, first_said(*member.role))
    if met is None or met.organisation:
        return met
    return msgspec.structs.replace(met, organisation=name_of_place(about, member.on_behalf_of))


def _spoken(member: Person) -> str:
    return f"{member.name} ({member.role})" if member.role else member.name


PROJECTIONS: dict[str, Callable[[Any, About], Projected | NotShown | None]] = {"CareTeam": care_team}
