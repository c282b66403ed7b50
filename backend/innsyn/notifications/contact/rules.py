"""What of an entry in the contact register may be used, decided from values.

Source: eForvaltningsforskriften § 32 (an address is used only if it was confirmed in the last eighteen months) and § 9
(whoever is reserved gets no digital post); the register's attributes reservasjon and varslingsstatus.
"""

from datetime import datetime
from typing import Final

import msgspec

from innsyn.notifications.contact.port import Registered

_MONTHS: Final = 18
_LAST_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Usable(msgspec.Struct, frozen=True, kw_only=True):
    """The addresses that may be used, and why there is none: reserved, not_notifiable, too_old or none."""

    email: str = ""
    mobile: str = ""
    language: str = ""
    why: str = ""


def usable(registered: Registered | None, now: datetime) -> Usable:
    """What may be used today of what the register says. None: it does not know the person."""
    if registered is None:
        return Usable(why="none")
    language = registered.language
    if registered.reserved:
        return Usable(language=language, why="reserved")
    if not registered.notifiable:
        return Usable(language=language, why="not_notifiable")
    email = registered.email if is_confirmed(registered.email_confirmed, now) else ""
    mobile = registered.mobile if is_confirmed(registered.mobile_confirmed, now) else ""
    if email or mobile:
        return Usable(email=email, mobile=mobile, language=language)
    return Usable(language=language, why="too_old" if registered.email or registered.mobile else "none")


def is_confirmed(at: datetime | None, now: datetime) -> bool:
    """Was it confirmed in the last eighteen months? What has no date is not known to be."""
    return at is not None and at >= _months_before(now)


def _months_before(now: datetime) -> datetime:
    months = now.year * 12 + now.month - 1 - _MONTHS
    year, month = divmod(months, 12)
    # Rather a day too strict at the end of February than one too lax.
    day = min(now.day, _LAST_DAYS[month])
    if month == 1 and day == _LAST_DAYS[1] and not _is_leap(year):
        return now.replace(year=year, month=3, day=1)
    return now.replace(year=year, month=month + 1, day=day)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
