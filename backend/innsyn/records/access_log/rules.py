"""Which look-ups belong together, and to what: by unit and by the stay, visit or referral that explains them.

No law says how near a look-up has to be to a contact. NEAR and AFTER_REFERRAL are our choice; the page says so, and
says that a look-up without a contact can have a good reason.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

import msgspec

NEAR: Final = timedelta(days=30)
AFTER_REFERRAL: Final = timedelta(days=180)
INPATIENT: Final = "inpatient"
_MOST_PEOPLE = 200


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """Look-ups of one day, from one unit, as part of one contact. `id` is the newest of them.

    `people` are (title, name). `chosen`, `emergency`, `refused` and `by_patient` count. `encounter` is the entry of the
    contact that the log names, `asked` those of the look-ups that the person has asked about. `told` is the time of a
    single one in the source's own precision.
    """

    id: UUID
    day: date
    first: datetime
    last: datetime
    n: int = 1
    source: str = ""
    organisation: str = ""
    unit: str = ""
    unit_reference: str = ""
    encounter: UUID | None = None
    people: tuple[tuple[str, str], ...] = ()
    reasons: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    emergency: int = 0
    chosen: int = 0
    refused: int = 0
    by_patient: int = 0
    asked: tuple[UUID, ...] = ()
    told: str = ""
    service: str = ""


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """A stay, a visit, an appointment or a referral. `houses` are the names of those it was with.

    `setting` as of a contact (inpatient, ambulatory, …); `open` is a referral that still waits.
    """

    id: UUID
    begins: date
    ends: date
    source: str = ""
    houses: tuple[str, ...] = ()
    referral: bool = False
    setting: str = ""
    open: bool = False


class Match(msgspec.Struct, frozen=True):
    """How look-ups belong to a contact: during, around, referral; written, own or none without one."""

    relation: str
    contact: Contact | None = None


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Look-ups that are told as one: `id` is the newest of them, fields as of Seen, all together."""

    id: UUID
    match: Match
    first: datetime
    last: datetime
    n: int
    source: str
    organisation: str
    unit: str
    unit_reference: str
    people: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    decisions: tuple[str, ...]
    acts: tuple[str, ...]
    areas: tuple[str, ...]
    emergency: int
    chosen: int
    refused: int
    asked: tuple[UUID, ...]
    ids: tuple[UUID, ...]

    @property
    def unexplained(self) -> bool:
        """Does it match nothing that stands in the record?"""
        return self.match.relation == "none"


Written = Mapping[str, Sequence[date]]  # service → the days it has written about, oldest first


def groups_of(seen: Iterable[Seen], contacts: Sequence[Contact], written: Written) -> list[Group]:
    """The groups, newest first. The order of what is given does not matter."""
    together: dict[tuple[object, ...], list[Seen]] = {}
    matches: dict[tuple[object, ...], Match] = {}
    for each in sorted(seen, key=lambda one: (one.last, one.id), reverse=True):
        match = match_of(each, contacts, written)
        key = (each.source, _plain(each.organisation), _plain(each.unit), *_episode(each, match))
        together.setdefault(key, []).append(each)
        if key not in matches or match.relation == "around":
            matches[key] = match
    found = [_group(matches[key], rows) for key, rows in together.items()]
    return sorted(found, key=lambda group: (group.last, group.id), reverse=True)


def match_of(seen: Seen, contacts: Sequence[Contact], written: Written) -> Match:
    """What explains these look-ups: what their log names, else what the record knows of that house at that time."""
    if seen.by_patient == seen.n:
        return Match("own")
    if (named := next((each for each in contacts if each.id == seen.encounter), None)) is not None:
        after_stay = named.setting == INPATIENT and not _covers(named, seen.day)
        return Match("around" if after_stay else "during", named)
    with_them = [each for each in contacts if same_house(seen, each)]
    met = [each for each in with_them if not each.referral]
    if covering := [each for each in met if _covers(each, seen.day)]:
        return Match("during", _best(covering, seen))
    if near := [each for each in met if _distance(each, seen.day) <= NEAR]:
        return Match("around", _best(near, seen))
    if asked_for := [each for each in with_them if each.referral and _follows(each, seen.day)]:
        return Match("referral", max(asked_for, key=lambda each: (each.begins, each.id)))
    days = written.get(seen.source, ())
    if any(abs(day - seen.day) <= NEAR for day in days):
        return Match("written")
    return Match("none")


def same_house(seen: Seen, contact: Contact) -> bool:
    """Was the contact with the house that looked? By the service that wrote, or by name.

    `Øyepoliklinikken, Sykehuset Levanger` is told as one name where a referral goes to it.
    """
    if seen.source and seen.source == contact.source:
        return True
    houses = {_plain(part) for name in contact.houses for part in (name, *name.split(","))}
    return bool({_plain(seen.organisation), _plain(seen.unit)} & houses - {""})


def _covers(contact: Contact, day: date) -> bool:
    return contact.begins <= day <= contact.ends


def _distance(contact: Contact, day: date) -> timedelta:
    return max(contact.begins - day, day - contact.ends, timedelta(0))


def _follows(referral: Contact, day: date) -> bool:
    if day < referral.begins:
        return False
    return referral.open or day - referral.begins <= AFTER_REFERRAL


def _best(contacts: Sequence[Contact], seen: Seen) -> Contact:
    """The nearest one, of several as near that of the unit itself, of these the latest."""
    return min(
        contacts,
        key=lambda each: (
            _distance(each, seen.day),
            not ({_plain(seen.unit)} & {_plain(name.split(",")[0]) for name in each.houses}),
            -each.begins.toordinal(),
            each.id,
        ),
    )


def _episode(seen: Seen, match: Match) -> tuple[object, ...]:
    """A stay is told apart from the time around it; a visit is too short for that. Without either: month by month."""
    if match.contact is None:
        return match.relation, seen.day.year, seen.day.month
    if match.contact.referral or match.contact.setting == INPATIENT:
        return match.relation, match.contact.id
    return "visit", match.contact.id


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


def _group(match: Match, rows: Sequence[Seen]) -> Group:
    newest = rows[0]
    return Group(
        id=newest.id,
        match=match,
        first=min(each.first for each in rows),
        last=newest.last,
        n=sum(each.n for each in rows),
        source=newest.source,
        organisation=newest.organisation,
        unit=newest.unit,
        unit_reference=next((each.unit_reference for each in rows if each.unit_reference), ""),
        people=tuple(sorted({person for each in rows for person in each.people}))[:_MOST_PEOPLE],
        reasons=_all(each.reasons for each in rows),
        decisions=_all(each.decisions for each in rows),
        acts=_all(each.acts for each in rows),
        areas=_all(each.areas for each in rows),
        emergency=sum(each.emergency for each in rows),
        chosen=sum(each.chosen for each in rows),
        refused=sum(each.refused for each in rows),
        asked=tuple(id_ for each in rows for id_ in each.asked),
        ids=tuple(each.id for each in rows),
    )


def _all(told: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for some in told for each in some if each))


_ROLES = (
    # The first word that is found in a title tells the group that people know it by.
    ("sykepleier", "nurse"),
    ("sjukepleiar", "nurse"),
    ("nurse", "nurse"),
    ("jordmor", "midwife"),
    ("psykolog", "psychologist"),
    ("fysioterapeut", "physiotherapist"),
    ("ergoterapeut", "occupational_therapist"),
    ("tannlege", "dentist"),
    ("radiograf", "radiographer"),
    ("bioingeniør", "biomedical_scientist"),
    ("farmasøyt", "pharmacist"),
    ("helsefagarbeider", "care_worker"),
    ("hjelpepleier", "care_worker"),
    ("omsorgsarbeider", "care_worker"),
    ("vernepleier", "social_educator"),
    ("sosionom", "social_worker"),
    ("sekretær", "secretary"),
    ("secretary", "secretary"),
    ("student", "student"),
    ("lege", "doctor"),
    ("ortoped", "doctor"),
    ("kirurg", "doctor"),
    ("radiolog", "doctor"),
    ("kardiolog", "doctor"),
    ("patolog", "doctor"),
    ("psykiater", "doctor"),
    ("gynekolog", "doctor"),
    ("doctor", "doctor"),
    ("physician", "doctor"),
)
ROLES: Final = tuple(dict.fromkeys(role for _, role in _ROLES))


def role_of(title: str) -> str:
    """The group of health personnel that a title belongs to, '' for one that we have no word for."""
    plain = title.casefold()
    return next((role for word, role in _ROLES if word in plain), "")


def count_roles(people: Iterable[tuple[str, str]]) -> list[tuple[str, int]]:
    """(role, how many), the largest first; '' are those of other or unknown titles."""
    counted: dict[str, int] = {}
    for title, _ in people:
        role = role_of(title)
        counted[role] = counted.get(role, 0) + 1
    order = {role: place for place, role in enumerate(ROLES)}
    return sorted(counted.items(), key=lambda each: (not each[0], -each[1], order.get(each[0], 0)))
