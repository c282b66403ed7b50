"""The shapes of pages, as the templates know them: made-up data needs no database."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

NOW = datetime(2026, 11, 23, 9, 20, tzinfo=UTC)


@dataclass(frozen=True)
class Line:
    id: str
    kind: str
    at: str = ""
    title: str = ""
    value: str = ""
    unit: str = ""
    flag: str = ""
    low: str = ""
    high: str = ""
    status: str = ""
    note: str = ""
    source: str = "steinkjer-legesenter"
    organisation: str = "Steinkjer legesenter"
    author: str = "Anne Vik, fastlege"
    recorded: str = "2026-10-01T08:00:00Z"
    corrected: str = ""
    changed: str = ""
    parts: int = 0
    withheld: str = ""
    opens: str = ""
    opened: str = ""


@dataclass(frozen=True)
class Reader:
    name: str = "Kari Nordli"
    given: str = "Kari"
    initials: str = "KN"
    locale: str = "nb"
    new_since: datetime | None = datetime(2026, 11, 19, 18, 4, tzinfo=UTC)
    now: datetime = NOW
    ends: datetime = NOW + timedelta(minutes=30)
    until: datetime = NOW + timedelta(minutes=110)
    idle_minutes: int = 30
    base: str = ""
    acting: Any = None


@dataclass(frozen=True)
class Source:
    key: str
    name: str
    service: str
    contact: datetime | None = None
    delayed_since: datetime | None = None
    since: date | None = None
    may_lack: bool = False
    lacks_since: datetime | None = None
    own: int = 0
    own_since: datetime | None = None


@dataclass(frozen=True)
class Area:
    kind: str
    count: int
    active: int = 0
    since: int = 0
    note: str = ""


@dataclass(frozen=True)
class Group:
    key: str
    lines: list[Line]


@dataclass(frozen=True)
class Filter:
    kind: str = ""
    source: str = ""
    from_: str = ""
    to: str = ""
    q: str = ""


@dataclass(frozen=True)
class FieldError:
    field: str
    text_key: str


@dataclass(frozen=True)
class Document:
    n: int
    title: str
    type: str
    size: int


class Said:
    """A detail whose other texts are absent: what a kind does not say is an empty string."""

    def __init__(self, **said: object) -> None:
        self.__dict__.update(said)

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):
            raise AttributeError(name)
        return ""


@dataclass(frozen=True)
class Page:
    """A page of any sort; each template reads its own fields of it."""

    reader: Reader | None = field(default_factory=Reader)
    login: str = "/login"
    demo: bool = True
    to_do: list[Any] = field(default_factory=list)
    to_do_count: int = 0
    unread: int = 0
    notices: int = 0
    asked: list[Any] = field(default_factory=list)
    has_forms: bool = True
    next: Any = None
    news: list[Line] = field(default_factory=list)
    news_count: int = 0
    taken: list[Any] = field(default_factory=list)
    undelivered: list[Any] = field(default_factory=list)
    has_earlier: bool = False
    comparisons: list[Any] = field(default_factory=list)
    more: bool = False
    told: Any = None
    why: str = ""
    areas: list[Area] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    kind: str = ""
    groups: list[Group] = field(default_factory=list)
    filter: Filter = field(default_factory=Filter)
    errors: list[FieldError] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    total: int = -1
    guess: str = ""
    line: Any = None
    detail: Any = None
    members: list[Line] = field(default_factory=list)
    trend: list[Line] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    belongs_to: Line | None = None
    language: str = ""
    saved: bool = False
    text_key: str = ""
    code: str = ""
    reason: str = "idle"
    kept: Any = None
    known: bool = False
    unlock: str = "/unlock"
    passkeys: Any = True
