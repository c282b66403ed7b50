"""What the versions of one resource, all together, make of its entry: a function of them alone.

In which order they came, and how many at a time, makes no difference: the same versions give the same rows.
"""

from collections.abc import Sequence

import msgspec

from innsyn.journal.versions import Landed
from innsyn.records.outcome import NOT_WHOSE_IT_WAS, Shown


class Told(msgspec.Struct, frozen=True):
    """A version, and what it says: `shown`, or `why` there is nothing to show. `unusable`: it is in quarantine."""

    landed: Landed
    shown: Shown | None = None
    why: str = ""
    unusable: bool = False


class Gone(msgspec.Struct, frozen=True):
    """An entry that is no longer there: as it was last shown, the version since which it is gone, and the newest."""

    last: Shown
    since: Landed
    newest: Told


class Settled(msgspec.Struct, frozen=True):
    """`now` is the version to show, with the dates it is to be shown with; `earlier` those before, the oldest first."""

    now: Shown | None = None
    earlier: tuple[Shown, ...] = ()
    gone: Gone | None = None


def settled(told: Sequence[Told]) -> Settled:
    """What follows from all versions of one resource, in the order of their numbers.

    A newest version that can not be used leaves what was shown as it stood. One that is not about the same person ends
    everything: of what is perhaps somebody else's, nothing is told.
    """
    if told[-1].why in NOT_WHOSE_IT_WAS:
        return Settled()
    used = [each for each in told if not each.unusable]
    shown = [each.shown for each in used if each.shown is not None]
    if len({each.person_id for each in shown}) != 1:
        return Settled()
    if (newest := used[-1].shown) is not None:
        return Settled(now=_dated(newest, used), earlier=tuple(shown[:-1]))
    last = next(n for n in reversed(range(len(used))) if used[n].shown is not None)
    return Settled(earlier=tuple(shown), gone=Gone(shown[-1], used[last + 1].landed, used[-1]))


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
