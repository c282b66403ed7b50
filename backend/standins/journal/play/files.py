"""Files of messages, as the care team fetches them: always as a download."""

from base64 import b64decode
from typing import Any
from urllib.parse import quote

from litestar import Response

from standins.journal.files import Files
from standins.journal.taken import Resource


def download(files: Files, attachment: Resource) -> Response[Any] | None:
    """Its bytes, which no browser shows by itself; None if the journal has not got them."""
    body = _body(files, attachment)
    if body is None:
        return None
    name = quote(str(attachment.get("title", "fil")), safe="")
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{name}",
        "content-security-policy": "default-src 'none'; sandbox",
    }
    return Response(body, media_type="application/octet-stream", headers=headers)


def _body(files: Files, attachment: Resource) -> bytes | None:
    if "data" in attachment:
        return b64decode(attachment["data"])
    found = files.find(str(attachment.get("url", "")).removeprefix("Binary/"))
    return found.body if found else None
