"""What people type, as values: forgiving where there is one meaning, and never a guess where there are two.

Whatever cannot be read is `Unread` with the key of a text that says what to do (forms.problem.<key>).
"""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from innsyn.forms.engine.model import Control

# Letters in one answer, and how many more of a longer one are kept for the one who has to shorten it.
MOST_LETTERS: Final = 20_000
MOST_KEPT: Final = 60_000
_MOST_IN_A_LINE: Final = 200
# Times of day are the citizen's, and FHIR's dateTime with a time must say where:
# http://hl7.org/fhir/R4/datatypes.html#dateTime
OSLO: Final = ZoneInfo("Europe/Oslo")

# http://hl7.org/fhir/R4/datatypes.html#string: nothing below 32 but tab, CR and LF. C1 and noncharacters mean nothing.
_NOT_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_BROKEN: Final = re.compile("[\ud800-\udfff]")
_BROKEN_MARK: Final = "\ufffd"
_LINE_ENDS: Final = re.compile("\r\n?|\u2028|\u2029")
_SPACES: Final = "[ \u00a0\u2007\u2009\u202f]"

# Groups of three may stand apart (1 234,5). A dot and a comma both part whole from decimals.
_NUMBER: Final = re.compile(
    rf"([+\-\u2212]?){_SPACES}*((?:[0-9]{{1,3}}(?:{_SPACES}[0-9]{{3}})+|[0-9]+)?)(?:[.,]([0-9]*))?"
)
# 1.234 is a little more than one to some and a thousand to others, and a dose is not for us to guess. With a comma
# it is a decimal to whoever writes Norwegian. 0.500 and 1234.500 can be nothing but decimals.
_THOUSANDS: Final = re.compile(
    r"[+\-\u2212]?\s*[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+(?:,[0-9]*)?|(?:,[0-9]{3})+\.[0-9]*|(?:,[0-9]{3}){2,})"
)
# XML Schema 1.0 part 2, 3.2.3: that many digits every reader of a decimal has to manage.
_MOST_DIGITS: Final = 18
_SMALLEST_INTEGER, _LARGEST_INTEGER = -(2**31), 2**31 - 1
_TIME: Final = re.compile(r"(?:kl\.?\s*)?([0-9]{1,2})[.:, ]?([0-9]{2})(?:[.:]([0-9]{2}))?", re.IGNORECASE)
_DAY: Final = re.compile(r"[0-9]{1,2}\.?")
_YEAR: Final = re.compile(r"[1-9][0-9]{3}")
_SHORT_YEAR: Final = re.compile(r"['’]?[0-9]{2}")


class Unread(ValueError):
    """It cannot be read as what is asked for. `key` is the text that says what to do."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def cleaned(text: str) -> str:
    """Without NUL and other control characters, line ends as LF, broken letters (half a surrogate pair) as U+FFFD."""
    marked = _BROKEN.sub(_BROKEN_MARK, text[:MOST_KEPT])
    return _NOT_TEXT.sub("", _LINE_ENDS.sub("\n", marked)).strip()


def line(text: str) -> str:
    """`cleaned`, in one line of a length that numbers, dates and addresses of options have."""
    return " ".join(cleaned(text[:_MOST_IN_A_LINE]).split("\n"))


def read_text(text: str) -> str:
    """Text as it stands. Unread: longer than an answer may be, or with letters that came broken."""
    if len(text) > MOST_LETTERS:
        raise Unread("letters")
    if _BROKEN_MARK in text:
        raise Unread("characters")
    return text


def read_url(text: str) -> str:
    """An address. Unread: with spaces in it, which no uri has (http://hl7.org/fhir/R4/datatypes.html#uri)."""
    if re.search(r"\s", read_text(text)):
        raise Unread("url")
    return text


def read_decimal(text: str) -> Decimal:
    """`3,5`, `3.5`, `1 234,50`, `−2`: all decimals are kept as they were typed.

    Unread: digits of other scripts, and a point where it may stand between thousands (`1.000`, `1.000,5`).
    """
    if _THOUSANDS.fullmatch(text):
        raise Unread("number_thousands")
    found = _NUMBER.fullmatch(text)
    whole = re.sub(_SPACES, "", found[2]) if found else ""
    decimals = (found[3] or "") if found else ""
    if not found or not whole + decimals:
        raise Unread("number")
    if len(whole.lstrip("0")) + len(decimals) > _MOST_DIGITS:
        raise Unread("number_long")
    sign = "-" if found[1] in {"-", "\u2212"} else ""
    return Decimal(f"{sign}{whole or '0'}{'.' if decimals else ''}{decimals}")


def read_integer(text: str) -> int:
    """A whole number of 32 bits (http://hl7.org/fhir/R4/datatypes.html#integer)."""
    number = read_decimal(text)
    if "," in text or "." in text:
        raise Unread("whole_number")
    if not _SMALLEST_INTEGER <= number <= _LARGEST_INTEGER:
        raise Unread("number_long")
    return int(number)


def read_time(text: str) -> str:
    """`13.45`, `13:45`, `1345`, `kl. 9.05`: FHIR's time. A bare hour is Unread: it may be half of what is meant."""
    found = _TIME.fullmatch(text)
    if not found:
        raise Unread("time")
    try:
        return time(int(found[1]), int(found[2]), int(found[3] or 0)).isoformat()
    except ValueError:
        raise Unread("no_such_time") from None


def read_date(parts: dict[str, str], control: Control = Control.NONE) -> str:
    """FHIR's date of `d`, `m` and `y` (only `y`, or `m` and `y`, where the form asks for no more).

    Unread: a part is missing, a year of two digits (whose century nobody has told), or a date that is in no calendar.
    """
    asked = {Control.YEAR: "y", Control.YEAR_MONTH: "my"}.get(control, "dmy")
    texts = {part: parts.get(part, "") for part in asked}
    if not all(texts.values()):
        raise Unread("date_part")
    if _SHORT_YEAR.fullmatch(texts["y"]):
        raise Unread("year")
    days = [texts[part] for part in asked if part != "y"]
    if not _YEAR.fullmatch(texts["y"]) or not all(map(_DAY.fullmatch, days)):
        raise Unread("date")
    return _existing(texts)


def _existing(texts: dict[str, str]) -> str:
    day, month = (int(texts.get(part, "1").rstrip(".")) for part in "dm")
    try:
        whole = date(int(texts["y"]), month, day).isoformat()
    except ValueError:
        raise Unread("no_such_date") from None
    return whole[: {1: 4, 2: 7}.get(len(texts), 10)]


def read_date_time(parts: dict[str, str]) -> str:
    """FHIR's dateTime of `d`, `m`, `y` and `t`, a time in Norway; of the hour that comes twice in autumn, the first.

    Unread: what `read_date` and `read_time` say, and an hour that the clocks jump over in spring.
    """
    day = read_date(parts)
    if not parts.get("t"):
        raise Unread("time_part")
    moment = datetime.fromisoformat(f"{day}T{read_time(parts['t'])}").replace(tzinfo=OSLO)
    try:
        if moment.astimezone(UTC).astimezone(OSLO).replace(tzinfo=None) != moment.replace(tzinfo=None):
            raise Unread("no_such_time")
    except OverflowError:
        raise Unread("no_such_date") from None
    return _with_minutes(moment)


def _with_minutes(moment: datetime) -> str:
    # Before 1895 Oslo was 43 minutes ahead, and FHIR's offsets have no seconds.
    offset = moment.utcoffset()
    seconds = int(offset.total_seconds()) % 60 if offset else 0
    if seconds:
        raise Unread("no_such_date")
    return moment.isoformat()
