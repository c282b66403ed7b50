"""What a form of the page has asked for, and what is wrong with it in words."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Request
from litestar.datastructures import State, UploadFile
from litestar.exceptions import ClientException, NotFoundException

from standins.journal.desk import Desk, Held, Thread
from standins.journal.play.acts import File, Writing
from standins.journal.play.views import sender

# As base64 it is one text of at most 1,048,576 characters, which is all that FHIR allows.
MOST_BYTES: Final = 768 * 1024
_LONGEST = 20_000

Asked = Request[Any, Any, State]


class Wrong(Exception):
    """What the person has to do differently: the name of the field, and words."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field, self.words = field, words


class Fields:
    """The fields of a form that was sent."""

    def __init__(self, sent: Mapping[str, Any], desk: Desk) -> None:
        self._sent, self._desk = sent, desk

    def text(self, name: str) -> str:
        """What stands in that field; empty if nothing does."""
        told = self._sent.get(name, "")
        return told.strip().replace("\r\n", "\n")[:_LONGEST] if isinstance(told, str) else ""

    def needed(self, name: str, words: str) -> str:
        """The same. Raises Wrong where it is empty."""
        if not (told := self.text(name)):
            raise Wrong(name, words)
        return told

    def number(self, name: str, most: int, words: str) -> int:
        """A whole number from 1 to `most`. Raises Wrong."""
        told = self.text(name)
        if told.isascii() and told.isdigit() and 0 < int(told) <= most:
            return int(told)
        raise Wrong(name, words)

    def key(self) -> str:
        """The key of the page. Raises ClientException: no page of ours is without."""
        try:
            return str(UUID(self.text("key")))
        except ValueError:
            raise ClientException("the form has no key") from None

    def chosen(self, kind: str, name: str, words: str) -> Held:
        """What is chosen in that field. Raises Wrong."""
        if found := self._desk.find(kind, self.text(name)):
            return found
        raise Wrong(name, words)

    async def file(self) -> File | None:
        """The file that was chosen, if one was. Raises Wrong for one that is too large."""
        told = self._sent.get("file")
        if not isinstance(told, UploadFile) or not told.filename:
            return None
        body = await told.read(MOST_BYTES + 1)
        if len(body) > MOST_BYTES:
            raise Wrong("file", "Filen er for stor. Den kan være på 768 kB.")
        return File(told.content_type or "application/octet-stream", told.filename, body)

    async def writing(self, unit: Held, *, needs: bool = True) -> Writing:
        """What was written for that unit. Raises Wrong for nothing at all, where something is needed."""
        file, text = await self.file(), self.text("text")
        if needs and not (text or file):
            raise Wrong("text", "Skriv en melding, eller velg en fil.")
        return Writing(self.key(), sender(unit, self.text("sender")), text, file)


async def fields(request: Asked) -> Fields:
    """Those of this request."""
    return Fields(await request.form(), request.app.state.desk)


def thread_of(desk: Desk, id_: str) -> Thread:
    """That thread. Raises NotFoundException."""
    if found := desk.thread(id_):
        return found
    raise NotFoundException


def unit_of(desk: Desk, thread: Thread) -> Held:
    """The unit that has a thread now. Raises NotFoundException."""
    if found := desk.find("HealthcareService", thread.unit):
        return found
    raise NotFoundException
