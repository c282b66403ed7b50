"""Pages around the login that made-up people meet: passkeys, the terms, the nearest relative."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from innsyn.access.first_login.views import sections_of
from pwa.shapes import Page, Reader

_ID = UUID("5c6ffc9e-8f4e-4b56-9a0a-0f3a52a2c7d1")

_OTHER_ID = UUID("6b0d2b3c-0a6e-4a43-9b1f-5f3c1f0f7e52")


@dataclass(frozen=True)
class _Passkey:
    name: str
    made: str
    used: str | None
    synced: bool
    id: UUID = _ID


@dataclass(frozen=True)
class _Terms:
    version: str = "1"
    since: str = "2026-11-01"
    accepted: str | None = "2026-11-20T08:12:00+00:00"


@dataclass(frozen=True)
class _Agreed:
    terms: _Terms
    sections: list[Any]


@dataclass(frozen=True)
class _Relative:
    name: str
    relation: str
    family: str
    phone: str
    nearest: bool


@dataclass(frozen=True)
class _Door(Page):
    options: str = '{"challenge":"AAAA"}'
    refused: Any = ""
    next: str = "/journal"
    name: str = "Kari"
    days: int = 90
    done: str = ""
    answer: str = ""
    key: UUID = _ID
    passkeys: Any = field(default_factory=list)
    terms: _Terms = field(default_factory=_Terms)
    sections: list[Any] = field(default_factory=lambda: sections_of("1", "nb"))
    relatives: list[_Relative] = field(default_factory=list)
    agreed: list[_Agreed] = field(default_factory=list)


@dataclass(frozen=True)
class _LoggedOut(Page):
    everywhere: bool = False


def identity_pages() -> dict[str, tuple[str, Page]]:
    """A name, its template and its data."""
    mine = [
        _Passkey("Telefonen min", "2026-11-20T08:15:00+00:00", "2026-11-23T07:01:00+00:00", synced=True),
        _Passkey("", "2026-10-02T18:40:00+00:00", None, synced=False, id=_OTHER_ID),
    ]
    people = [
        _Relative("Olav Nordli", "", "far", "+4790000188", nearest=True),
        _Relative("Arne Fossheim", "Nabo med nøkkel", "", "", nearest=False),
    ]
    agreed = [_Agreed(_Terms(), sections_of("1", "nb"))]
    reader = Reader()
    return {
        "settings": ("identity/settings.html", Page(saved=True)),
        "refused": ("identity/refused.html", Page(reader=None, text_key="login.not_recognised")),
        "refused-known": (
            "identity/refused.html",
            Page(reader=None, text_key="login.level_too_low", known=True),
        ),
        "logged-out": ("identity/logout-done.html", _LoggedOut(reader=None, everywhere=True)),
        "logged-out-here": ("identity/logout-done.html", _LoggedOut(reader=None)),
        "expired": ("identity/expired.html", Page(reader=None)),
        "unlock": ("identity/unlock.html", _Door(reader=None)),
        "unlock-refused": ("identity/unlock.html", _Door(reader=None, refused="unlock.refused")),
        "passkeys": ("identity/passkeys.html", _Door(reader=reader, passkeys=mine, done="made")),
        "passkeys-none": ("identity/passkeys.html", _Door(reader=reader)),
        "passkeys-new": ("identity/passkeys_new.html", _Door(reader=reader, refused=True)),
        "start": ("identity/first_login.html", _Door(reader=None)),
        "kin": ("identity/first_login_kin.html", _Door(reader=reader, relatives=people, answer="later")),
        "kin-nobody": ("identity/first_login_kin.html", _Door(reader=reader)),
        "terms": ("identity/terms.html", _Door(reader=reader, agreed=agreed)),
    }
