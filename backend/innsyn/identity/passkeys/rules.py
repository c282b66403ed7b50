"""What an authenticator's answer must be, before anything is believed (WebAuthn Level 3, § 7.1 and § 7.2).

    PasskeyRefused
    ├── NotTheirPasskey     an answer that does not hold, or is nobody's: they all look the same from outside
    └── TooLongAgo          it holds, and the last login at ID-porten is too old for a passkey to remind of

webauthn checks type, origin, rpIdHash, the flags UP and UV, the algorithm and the signature; what it leaves to us is
checked here: crossOrigin and topOrigin, BE and BS, the length of the id, whose it is. That a challenge is good once is
for the database.
"""

import base64
import re
from typing import Any, ClassVar, Final, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    parse_attestation_object,
    parse_authenticator_data,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import AuthenticatorData

from innsyn.refusal import Refusal

_KEY_OF: Final = {
    COSEAlgorithmIdentifier.ECDSA_SHA_256: EllipticCurvePublicKey,
    COSEAlgorithmIdentifier.EDDSA: Ed25519PublicKey,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256: RSAPublicKey,
}
ALGORITHMS: Final = tuple(_KEY_OF)
LONGEST_ID: Final = 1023
CHALLENGE_BYTES: Final = 32
_LONGEST_PART: Final = 16_384
_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]*")
# What a parser says of bytes that are not what they should be.
_MALFORMED: Final = (
    *(WebAuthnException, msgspec.MsgspecError, UnsupportedAlgorithm),
    *(ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError),
)


class PasskeyRefused(Refusal):
    """The door stays shut. `reason` is for operators: a few fixed words, safe to log."""

    status_code: ClassVar[int] = 403
    text_key: ClassVar[str] = "unlock.refused"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotTheirPasskey(PasskeyRefused):
    """The answer does not hold, or it is nobody's."""


class TooLongAgo(PasskeyRefused):
    """The passkey holds, but the person has not logged in with ID-porten for too long."""

    text_key: ClassVar[str] = "unlock.too_long_ago"


class Site(msgspec.Struct, frozen=True):
    """Who asks: the name that passkeys are bound to (the host), and the origin that answers must come from."""

    host: str
    origin: str


def site_of(base_url: str) -> Site:
    """The site at the address that citizens see."""
    return Site(urlsplit(base_url).hostname or "", base_url)


class Made(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the page's script sends of a new passkey; all of it base64url."""

    id: str
    client: str
    attestation: str


class Shown(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the page's script sends of a passkey in use; all of it base64url."""

    id: str
    client: str
    authenticator: str
    signature: str
    user: str


_Answer = TypeVar("_Answer", Made, Shown)


class NewPasskey(msgspec.Struct, frozen=True):
    """A passkey to keep."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    aaguid: UUID
    backup_eligible: bool
    backed_up: bool


class KnownPasskey(msgspec.Struct, frozen=True):
    """What is kept of a passkey."""

    person_id: UUID
    public_key: bytes
    sign_count: int
    backup_eligible: bool


class Used(msgspec.Struct, frozen=True):
    """What a passkey in use says of itself."""

    sign_count: int
    backed_up: bool


class _Client(msgspec.Struct, frozen=True, rename="camel"):
    challenge: str
    cross_origin: bool = False
    top_origin: str | None = None


def made_in(sent: str) -> Made:
    """What was sent of a new passkey. Raises NotTheirPasskey."""
    return _read(sent, Made)


def shown_in(sent: str) -> Shown:
    """What was sent of a passkey in use. Raises NotTheirPasskey."""
    return _read(sent, Shown)


def challenge_in(answer: Made | Shown) -> bytes:
    """The challenge that this answers. Raises NotTheirPasskey for an answer out of somebody else's page."""
    try:
        client = msgspec.json.decode(unpacked(answer.client), type=_Client)
    except _MALFORMED:
        raise NotTheirPasskey("client data: malformed") from None
    if client.cross_origin or client.top_origin is not None:
        raise NotTheirPasskey("client data: in a frame of another site")
    challenge = unpacked(client.challenge)
    if len(challenge) != CHALLENGE_BYTES:
        raise NotTheirPasskey("client data: no challenge of ours")
    return challenge


def must_be_new(answer: Made, challenge: bytes, site: Site) -> NewPasskey:
    """The passkey that this answer to `challenge` makes. Raises NotTheirPasskey."""
    try:
        verified = verify_registration_response(
            credential=_credential(
                answer.id, clientDataJSON=answer.client, attestationObject=answer.attestation
            ),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            require_user_verification=True,
            supported_pub_key_algs=list(ALGORITHMS),
        )
        said = parse_attestation_object(verified.attestation_object).auth_data
        _must_be_usable(verified.credential_public_key)
    except _MALFORMED as reason:
        raise NotTheirPasskey(f"registering: {type(reason).__name__}") from None
    if not 0 < len(verified.credential_id) <= LONGEST_ID:
        raise NotTheirPasskey("registering: length of the id")
    if unpacked(answer.id) != verified.credential_id:
        raise NotTheirPasskey("registering: two ids")
    _must_be_consistent(said)
    return NewPasskey(
        credential_id=verified.credential_id,
        public_key=verified.credential_public_key,
        sign_count=verified.sign_count,
        aaguid=UUID(verified.aaguid),
        backup_eligible=said.flags.be,
        backed_up=said.flags.bs,
    )


def must_be_theirs(answer: Shown, challenge: bytes, known: KnownPasskey, site: Site) -> Used:
    """What this answer to `challenge` says, if it is from the passkey we know. Raises NotTheirPasskey."""
    if unpacked(answer.user) != known.person_id.bytes:
        raise NotTheirPasskey("unlocking: somebody else's user handle")
    try:
        verified = verify_authentication_response(
            credential=_credential(
                answer.id,
                clientDataJSON=answer.client,
                authenticatorData=answer.authenticator,
                signature=answer.signature,
                userHandle=answer.user,
            ),
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=site.origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
        said = parse_authenticator_data(unpacked(answer.authenticator))
    except _MALFORMED as reason:
        raise NotTheirPasskey(f"unlocking: {type(reason).__name__}") from None
    _must_be_consistent(said)
    if said.flags.be != known.backup_eligible:
        raise NotTheirPasskey("unlocking: BE has changed since it was made")
    return Used(verified.new_sign_count, said.flags.bs)


def _must_be_usable(public_key: bytes) -> None:
    # A key that nobody can use is found out now, and not when its owner stands at the door.
    decoded = decode_credential_public_key(public_key)
    if not isinstance(decoded_public_key_to_cryptography(decoded), _KEY_OF[decoded.alg]):
        raise NotTheirPasskey("registering: a key for another algorithm")


def _must_be_consistent(said: AuthenticatorData) -> None:
    if said.flags.bs and not said.flags.be:
        raise NotTheirPasskey("BS without BE")


def unpacked(sent: str) -> bytes:
    """The bytes of a base64url text without padding. Raises NotTheirPasskey for any other text."""
    if len(sent) > _LONGEST_PART or not _BASE64URL.fullmatch(sent) or len(sent) % 4 == 1:
        raise NotTheirPasskey("not base64url")
    return base64.urlsafe_b64decode(sent + "=" * (-len(sent) % 4))


def packed(plain: bytes) -> str:
    """Bytes as base64url without padding."""
    return base64.urlsafe_b64encode(plain).rstrip(b"=").decode()


def _credential(id_: str, **response: str) -> dict[str, Any]:
    return {"id": id_, "rawId": id_, "type": "public-key", "response": response}


def _read(sent: str, shape: type[_Answer]) -> _Answer:
    try:
        return msgspec.json.decode(sent, type=shape)
    except _MALFORMED:
        raise NotTheirPasskey("malformed") from None
