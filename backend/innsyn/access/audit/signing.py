"""The key that seals the log: an Ed25519 private key in a PEM file, and C2SP's forms of what is public of it."""

import base64
import hashlib
from pathlib import Path
from typing import final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from innsyn.access.audit.verify import ORIGIN
from innsyn.settings import SettingMissing


@final
class Signer:
    """Signs the text of a checkpoint. `key` is the public note key, for those who check."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        typed = b"\1" + private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self._id = hashlib.sha256(f"{ORIGIN}\n".encode() + typed).digest()[:4]
        self.key = f"{ORIGIN}+{self._id.hex()}+{base64.b64encode(typed).decode()}"

    def note(self, text: str) -> str:
        """The text as a signed note."""
        signature = base64.b64encode(self._id + self._private.sign(text.encode())).decode()
        return f"{text}\n— {ORIGIN} {signature}\n"


def read_signer(path: Path) -> Signer:
    """The key of the settings. Raises SettingMissing."""
    advice = "set INNSYN_AUDIT_KEY to an Ed25519 private key (PEM), as `openssl genpkey -algorithm ed25519` makes it."
    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as reason:
        raise SettingMissing(f"{path} cannot be read as a key: {advice}") from reason
    if not isinstance(private, Ed25519PrivateKey):
        raise SettingMissing(f"{path} is another kind of key: {advice}")
    return Signer(private)
