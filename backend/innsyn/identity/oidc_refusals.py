"""Why a login came to nothing.

    LoginRefused
    ├── LoginCancelled            the citizen chose not to
    ├── LoginNotRecognised        no login was begun here, in this browser, with this answer
    ├── ProviderRefused           the provider said no, or would not take the code
    ├── ProviderUnavailable       the provider cannot be reached, or answers what nobody can use
    ├── ProviderNotTrusted        the answer is not from our provider, or not to us
    ├── LevelTooLow               logged in, but not strongly enough for a health record
    ├── NoNationalIdentity        logged in without a Norwegian number
    └── NationalIdentityRefused   a number that is not valid here

Each carries a `reason` of a few fixed words for the log. It never holds anything that was received (LevelTooLow does,
beside its reason).
"""

from typing import ClassVar

from innsyn.refusal import Refusal


class LoginRefused(Refusal):
    """The login ends here. `reason` is for operators, and safe to log."""

    status_code: ClassVar[int] = 400
    text_key: ClassVar[str] = "login.refused"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LoginCancelled(LoginRefused):
    """The citizen chose not to log in."""

    status_code, text_key = 403, "login.cancelled"


class LoginNotRecognised(LoginRefused):
    """The answer belongs to no login begun in this browser: too old, used before, or somebody else's."""

    status_code, text_key = 400, "login.not_recognised"


class ProviderRefused(LoginRefused):
    """The provider ended the login without saying who is here."""

    status_code, text_key = 502, "login.provider_refused"


class ProviderUnavailable(LoginRefused):
    """The provider is not to be reached just now."""

    status_code, text_key = 503, "login.provider_unavailable"


class ProviderNotTrusted(LoginRefused):
    """What came is not what our provider would say to us."""

    status_code, text_key = 502, "login.provider_not_trusted"


class LevelTooLow(LoginRefused):
    """A health record demands idporten-loa-high.

    `whose` is the kind and number of the person who logged in, where it is known: for that person's own list of logins,
    and for no log.
    """

    status_code, text_key = 403, "login.level_too_low"

    def __init__(self, reason: str, whose: tuple[str, str] | None = None) -> None:
        super().__init__(reason)
        self.whose = whose


class NoNationalIdentity(LoginRefused):
    """Logged in with a foreign eID that is tied to no Norwegian number."""

    status_code, text_key = 403, "login.no_national_identity"


class NationalIdentityRefused(LoginRefused):
    """The number is not valid, or is synthetic where people are real, or real where people are synthetic."""

    status_code, text_key = 403, "login.national_identity_refused"
