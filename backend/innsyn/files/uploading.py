"""A file as a browser sends it: multipart/form-data, read as it comes and counted while it is read.

https://www.rfc-editor.org/rfc/rfc7578. What is longer than anything that is kept is read to its end and forgotten, so
that the browser waits for the answer instead of telling the person that the connection was cut.
"""

from typing import Any, Final, NamedTuple

from litestar import Request
from litestar.exceptions import ClientException
from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from innsyn.files.checking import MOST_TAKEN_IN

# Longer bodies are refused before the end is reached, and the connection is closed.
MOST_BODY: Final = 64 * 1024 * 1024
_MOST_PARTS: Final = 12
_LONGEST_FIELD: Final = 256


class Incoming(NamedTuple):
    """One file: what it was called, and its bytes; `body` None where there were more than anybody keeps."""

    name: str
    body: bytes | None


class Upload(NamedTuple):
    """What was sent: the fields that are text, and the file (None where none was chosen)."""

    fields: dict[str, str]
    file: Incoming | None


async def received(request: Request[Any, Any, Any], longest: int = _LONGEST_FIELD) -> Upload:
    """Read the body; a field has `longest` bytes at most.

    400 for what is no form with a file, 413 for more than MOST_BODY.
    """
    boundary = parse_options_header(request.headers.get("content-type", ""))[1].get("boundary", "")
    if not boundary:
        raise ClientException
    parts = _Parts(longest)
    try:
        with PushMultipartParser(boundary, max_segment_count=_MOST_PARTS, strict=True) as parser:
            async for chunk in request.stream():
                for event in parser.parse(chunk) if chunk else ():
                    parts.take(event)
    except (MultipartError, UnicodeDecodeError):
        raise ClientException from None
    return parts.upload()


class _Parts:
    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._fields: dict[str, str] = {}
        self._file: Incoming | None = None
        self._part: MultipartSegment | None = None
        self._body = bytearray()
        self._size = 0

    def take(self, event: MultipartSegment | bytearray | None) -> None:
        """A part begins, goes on, or (None) is over."""
        if isinstance(event, MultipartSegment):
            self._part, self._size = event, 0
            self._body = bytearray()
        elif event is None:
            self._end()
        elif self._part is not None:
            self._size += len(event)
            if self._size <= (self._longest if self._part.filename is None else MOST_TAKEN_IN):
                self._body += event
            else:
                self._body.clear()

    def upload(self) -> Upload:
        """All that was there."""
        return Upload(self._fields, self._file)

    def _end(self) -> None:
        part, self._part = self._part, None
        if part is None:
            return
        if part.filename is None:
            if self._size > self._longest:
                raise ClientException
            self._fields[part.name] = self._body.decode()
        # A browser sends an empty one where nothing was chosen.
        elif part.filename or self._size:
            if self._file is not None:
                raise ClientException
            too_long = self._size > MOST_TAKEN_IN
            self._file = Incoming(part.filename, None if too_long else bytes(self._body))
