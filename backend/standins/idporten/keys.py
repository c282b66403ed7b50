"""The provider's signing keys: the newest signs, the one before is still published for those who have not noticed."""

from joserfc.jwk import KeySet, RSAKey

_PUBLISHED = 2


class SigningKeys:
    """Begins with `first`, or with a new key."""

    def __init__(self, first: RSAKey | None = None) -> None:
        self._keys = [first or _new()]

    @property
    def newest(self) -> RSAKey:
        """What is signed with now."""
        return self._keys[-1]

    def rotate(self) -> RSAKey:
        """Sign with a new key from now on."""
        self._keys = [*self._keys, _new()][-_PUBLISHED:]
        return self.newest

    def published(self) -> KeySet:
        """What services check signatures with; private halves included."""
        return KeySet(list(self._keys))


def _new() -> RSAKey:
    return RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)
