"""Who a citizen is to a service: another for each, so that services cannot compare."""

import base64
import hmac
from typing import Final

from standins.idporten.clients import Client

# They shall be the same after a restart; they protect nobody here, so the key is no secret.
_KEY: Final = b"stand-in for ID-porten"


def sub_for(client: Client, pid: str) -> str:
    """The pairwise `sub`."""
    digest = hmac.digest(_KEY, f"{client.client_id}|{pid}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
