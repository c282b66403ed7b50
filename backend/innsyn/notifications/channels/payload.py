"""What a push carries: the same shape and length whatever it is about, without content, and without who sent it.

The shape is that of Declarative Web Push (https://www.w3.org/TR/push-api/, webkit.org/blog/16535): a browser that knows
it shows the notice without a script of ours; the service worker reads the same from it elsewhere.
"""

from typing import Final

import msgspec

from innsyn.notifications.channels.port import Letter

# Of the plain text: what is encrypted is as long as what goes in, and a length can tell what it was about.
LENGTH: Final = 512
# The magic number of the declarative shape.
_DECLARATIVE: Final = 8030
# The same for all: a new one takes the place of the last, on the device and at the push service.
TAG: Final = "new"


def payload_of(letter: Letter, base_url: str) -> bytes:
    """The plain text of a push, LENGTH bytes: JSON, and spaces after it. Raises ValueError for what has no room."""
    told = {
        "web_push": _DECLARATIVE,
        "notification": {
            "title": letter.title,
            "body": letter.text,
            "navigate": f"{base_url}{letter.path}",
            "lang": letter.locale,
            "tag": TAG,
        },
        "app_badge": str(letter.unseen),
    }
    body = msgspec.json.encode(told)
    if len(body) > LENGTH:
        raise ValueError(f"A push has room for {LENGTH} bytes, and this is {len(body)}.")
    return body.ljust(LENGTH)
