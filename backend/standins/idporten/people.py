"""The people one can log in as. Asked for at each page: a record may have been fed meanwhile."""

import json
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

from standins.idporten.numbers import is_synthetic

_ASK_FOR: Final = httpx.Timeout(3.0)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Person:
    """One who can be picked on the login page; `about` tells in a few words why."""

    name: str
    pid: str
    about: str


class People:
    """The list `[{"name", "pid", "about"}]` behind a URL or in a file."""

    def __init__(self, where: str) -> None:
        self._where = where

    def listed(self) -> list[Person] | None:
        """Everyone with a synthetic number, or None when the list cannot be read just now."""
        try:
            found = json.loads(self._text())
            everyone = [Person(str(one["name"]), str(one["pid"]), str(one.get("about", ""))) for one in found]
        except (OSError, httpx.HTTPError, ValueError, LookupError, TypeError) as error:
            _log.warning("the list of people cannot be read: %s", type(error).__name__)
            return None
        return [person for person in everyone if is_synthetic(person.pid)]

    def _text(self) -> str:
        if self._where.startswith(("http://", "https://")):
            # Never through a proxy: the list is on this machine.
            with httpx.Client(timeout=_ASK_FOR, trust_env=False) as client:
                return client.get(self._where).raise_for_status().text
        return Path(self._where).read_text(encoding="utf-8")
