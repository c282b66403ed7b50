"""The files in what is sent in: the journal keeps them for themselves, and the resource says where they are."""

import re
from base64 import b64decode, b64encode
from binascii import Error
from hashlib import sha1
from pathlib import Path
from typing import Any, Final, NamedTuple
from uuid import uuid4

from standins.journal.taken import Resource
from standins.journal.validation import Invalid

_ATTACHMENTS: Final = ("valueAttachment", "contentAttachment")
_NAME: Final = re.compile(r"[0-9a-f]{32}")


class File(NamedTuple):
    """What a Binary holds."""

    type: str
    body: bytes


class Files:
    """By name; in a folder, if there is one, so that the next start has them too."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._kept: dict[str, File] = {}

    def find(self, name: str) -> File | None:
        """The file of that name; None if there is none."""
        if name in self._kept or not (self._folder and _NAME.fullmatch(name)):
            return self._kept.get(name)
        file = self._folder / name
        if not file.exists():
            return None
        kind, _, body = file.read_bytes().partition(b"\n")
        return File(kind.decode(), body)

    def apart(self, resource: Resource) -> Resource:
        """The resource with a url, a size and a hash in the place of each file (the data of an Attachment).

        Raises Invalid for what is no base64.
        """
        apart: Resource = self._each(resource)
        return apart

    def _each(self, value: Any) -> Any:  # noqa: ANN401 - JSON
        if isinstance(value, list):
            return [self._each(each) for each in value]
        if not isinstance(value, dict):
            return value
        return {name: self._each(each) for name, each in self._put(value).items()}

    def _put(self, value: Resource) -> Resource:
        told = {name: self._keep(value[name]) for name in _ATTACHMENTS if _has_data(value.get(name))}
        return value | told

    def _keep(self, attachment: Resource) -> Resource:
        try:
            body = b64decode(attachment["data"], validate=True)
        except (Error, TypeError, ValueError):
            raise Invalid(422, "value", "a file is no base64") from None
        name, kind = uuid4().hex, str(attachment.get("contentType", "application/octet-stream"))
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True)
            (self._folder / name).write_bytes(kind.replace("\n", " ").encode() + b"\n" + body)
        else:
            self._kept[name] = File(kind, body)
        digest = b64encode(sha1(body, usedforsecurity=False).digest()).decode()
        told = {"url": f"Binary/{name}", "size": len(body), "hash": digest}
        return {k: v for k, v in attachment.items() if k != "data"} | told


def _has_data(value: Any) -> bool:  # noqa: ANN401 - JSON
    return isinstance(value, dict) and "data" in value
