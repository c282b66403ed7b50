"""What the versions of one resource, all together, make of its entry: a function of them alone.

In which order they came, and how many at a time, makes no difference: the same versions give the same rows.
"""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from innsyn.journal.versions import Landed
from innsyn.records.outcome import NOT_WHOSE_IT_WAS, UNKNOWN, Shown


class Told(msgspec.Struct, frozen=True):
    """A version, and what it says: `shown`, or `why` there is nothing to show. `unusable`: it is in quarantine.

    `waits`: whom it is about may still come.
    """

    landed: Landed
    shown: Shown | None = None
    why: str = ""
    unusable: bool = False
    waits: bool = False


class Gone(msgspec.Struct, frozen=True):
    """An entry that is no longer there: as it was last shown, the version since which it is gone, and the newest."""

    last: Shown
    since: Landed
    newest: Told


class Settled(msgspec.Struct, frozen=True):
    """`now` is the version to show, with the dates it is to be shown with; `earlier` those before, the oldest first.

    `whose` it is; None: nobody's that we know. `moved`: the newest version is about somebody else than the first.
    """

    whose: UUID | None = None
    moved: bool = False
    now: Shown | None = None
    earlier: tuple[Shown, ...] = ()
    gone: Gone | None = None


def settled(told: Sequence[Told], bound: UUID | None = None) -> Settled:
    """What follows from all versions of one resource, in the order of their numbers.

    `bound`: whom an earlier version was about that is not among them.

    A newest version that can not be used leaves what was shown as it stood. One that is not about the same person ends
    everything: of what is perhaps somebody else's, nothing is told.
    """
    whose = bound or _whose(told)
    newest = told[-1].shown
    if newest is not None and newest.person_id != whose:
        return Settled(whose, moved=True)
    if told[-1].why in NOT_WHOSE_IT_WAS:
        return Settled(whose)
    used = [each for each in told if not each.unusable]
    used = [each for each in used if each.shown is None or each.shown.person_id == whose]
    shown = [each.shown for each in used if each.shown is not None]
    if not shown:
        return Settled(whose)
    if (newest := used[-1].shown) is not None:
        return Settled(whose, now=_dated(newest, used), earlier=tuple(shown[:-1]))
    last = next(n for n in reversed(range(len(used))) if used[n].shown is not None)
    return Settled(whose, earlier=tuple(shown), gone=Gone(shown[-1], used[last + 1].landed, used[-1]))


def _whose(told: Sequence[Told]) -> UUID | None:
    """The patient of a resource never changes: it is whom the first version tells that tells anybody at all.

    Also where that is somebody who has not come: what was about a stranger must not become Kari's by a later version.
    """
    for each in told:
        if each.shown is not None:
            return each.shown.person_id
        if each.why == UNKNOWN and each.waits:
            return None
    return None


def _dated(now: Shown, told: Sequence[Told]) -> Shown:
    """The newest version, with when what it says came, and whether anything else could be read before.

    A journal sends the same again, with another number and nothing new in it: that is no change.
    """
    since = now
    before = list(told[:-1])
    while before and (last := before[-1].shown) is not None and _goes_on(last, since):
        since = last
        before.pop()
    readable = any(
        each.shown is not None and _was_open(each.shown, following.landed)
        for each, following in zip(before, told[1:], strict=False)
    )
    # What has opened by a later version is as new as what came then.
    unread = bool(before) and not readable and _was_open(since, since.landed)
    landed = msgspec.structs.replace(
        now.landed,
        landed_at=since.landed.landed_at,
        first_landed_at=since.landed.landed_at if unread else min(each.landed.landed_at for each in told),
        follows=readable,
    )
    return msgspec.structs.replace(now, landed=landed)


def _goes_on(last: Shown, following: Shown) -> bool:
    """Does the following version say and open no more than the last one did?"""
    same = (last.projected, last.members, last.files) == (
        following.projected,
        following.members,
        following.files,
    )
    return same and (_was_open(last, following.landed) or not _was_open(following, following.landed))


def _was_open(version: Shown, at: Landed) -> bool:
    """Could this version be read when that one came?"""
    return version.release.at <= at.landed_at
