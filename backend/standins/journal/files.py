"""The files in what is sent in: the journal keeps them for themselves, and the resource says where they are."""

from base64 import b64decode, b64encode
from binascii import Error
from hashlib import sha1
from typing import Any, NamedTuple
from uuid import uuid4

from standins.journal.taken import Resource
from standins.journal.validation import Invalid


class File(NamedTuple):
    """What a Binary holds."""

    type: str
    body: bytes


class Files:
    """Those of this start, by name."""

    def __init__(self) -> None:
        self.kept: dict[str, File] = {}

    def apart(self, resource: Resource) -> Resource:
        """The resource with a url, a size and a hash in the place of each file (valueAttachment.data).

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
        attachment = value.get("valueAttachment")
        if not isinstance(attachment, dict) or "data" not in attachment:
            return value
        try:
            body = b64decode(attachment["data"], validate=True)
        except (Error, TypeError, ValueError):
            raise Invalid(422, "value", "a file is no base64") from None
        name = uuid4().hex
        self.kept[name] = File(str(attachment.get("contentType", "application/octet-stream")), body)
        digest = b64encode(sha1(body, usedforsecurity=False).digest()).decode()
        told = {"url": f"Binary/{name}", "size": len(body), "hash": digest}
        return value | {"valueAttachment": {k: v for k, v in attachment.items() if k != "data"} | told}
