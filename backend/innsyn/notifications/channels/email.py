"""E-mail: the same few words to everybody, over the operator's mail server."""

import contextlib
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final
from urllib.parse import unquote, urlsplit

import aiosmtplib
import msgspec
import structlog

from innsyn.notifications.channels.port import Answer, Letter, Outcome
from innsyn.settings import SettingMissing

TIMEOUT: Final = 20.0
# What will not be otherwise when it is tried again: RFC 5321 section 4.2.1.
_FOR_GOOD: Final = 500
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_log = structlog.get_logger()


class Server(msgspec.Struct, frozen=True):
    """A mail server: `tls` from the first byte (smtps), else by STARTTLS, which must be had off loopback."""

    host: str
    port: int
    tls: bool
    user: str
    password: str

    @property
    def may_be_plain(self) -> bool:
        """On the machine itself."""
        return self.host in _LOOPBACK

    @property
    def _must_start_tls(self) -> bool | None:
        """As aiosmtplib asks: None, where it may as well not."""
        return None if self.tls or self.may_be_plain else True

    def client(self, timeout: float) -> aiosmtplib.SMTP:
        """One that logs in where there is a user, and gives up after `timeout` seconds; not connected yet."""
        return aiosmtplib.SMTP(
            hostname=self.host,
            port=self.port,
            use_tls=self.tls,
            start_tls=self._must_start_tls,
            username=self.user or None,
            password=self.password or None,
            timeout=timeout,
        )

    @classmethod
    def read(cls, address: str) -> "Server":
        """Out of smtps://user:password@host:port or smtp://host. Raises SettingMissing."""
        parts = urlsplit(address)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise SettingMissing("INNSYN_SMTP must be as smtps://user:password@host or smtp://host:port.")
        tls = parts.scheme == "smtps"
        port = parts.port or (465 if tls else 587)
        return cls(parts.hostname, port, tls, unquote(parts.username or ""), unquote(parts.password or ""))


class Email:
    """Sends as `sender`, an address that answers to the mail server's name."""

    def __init__(self, server: Server, *, sender: str, base_url: str, clock: Callable[[], datetime]) -> None:
        self._server, self._sender, self._base_url, self._clock = server, sender, base_url, clock

    async def send(self, letter: Letter) -> Answer:
        """Hand it to the mail server."""
        client = self._server.client(TIMEOUT)
        try:
            return await self._begun(client, letter) or await _taken(
                client, message_of(letter, self._sender, self._base_url, self._clock())
            )
        finally:
            client.close()

    async def _begun(self, client: aiosmtplib.SMTP, letter: Letter) -> Answer | None:
        """What ends it before anything of the mail has left."""
        try:
            await client.connect()
            await client.mail(self._sender)
        except (aiosmtplib.SMTPException, OSError, ValueError) as failed:
            # What it has against us is not the letter's fault, and an operator mends it.
            _log.error("mail_server_not_reached", error=type(failed).__name__)
            return Answer(Outcome.LATER)
        try:
            await client.rcpt(letter.target)
        except aiosmtplib.SMTPResponseException as refused:
            return Answer(_outcome(refused.code))
        except (aiosmtplib.SMTPException, OSError, ValueError) as failed:
            # An address that nobody can send to (ValueError) has come from the register: it is asked anew meanwhile.
            _log.warning("mail_not_sent", error=type(failed).__name__)
            return Answer(Outcome.LATER)
        return None


async def _taken(client: aiosmtplib.SMTP, message: EmailMessage) -> Answer:
    try:
        await client.data(message.as_bytes(policy=SMTP))
    except aiosmtplib.SMTPResponseException as refused:
        return Answer(_outcome(refused.code))
    except (aiosmtplib.SMTPException, OSError) as failed:
        # Whether it was taken nobody has heard.
        _log.warning("mail_lost", error=type(failed).__name__)
        return Answer(Outcome.LOST)
    with contextlib.suppress(aiosmtplib.SMTPException, OSError):
        await client.quit()
    return Answer(Outcome.SENT)


def _outcome(code: int) -> Outcome:
    return Outcome.REFUSED if code >= _FOR_GOOD else Outcome.LATER


def message_of(letter: Letter, sender: str, base_url: str, at: datetime) -> EmailMessage:
    """The mail: no name, no content, and how to have no more of them. The same letter has the same Message-ID."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = letter.target
    message["Subject"] = letter.title
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{letter.key}@{urlsplit(base_url).hostname}>"
    message["Content-Language"] = letter.locale
    # RFC 3834: nobody's answering machine answers it.
    message["Auto-Submitted"] = "auto-generated"
    message["List-Unsubscribe"] = f"<{base_url}/settings/notices>"
    message.set_content(f"{letter.text}\n\n{base_url}{letter.path}\n")
    return message
