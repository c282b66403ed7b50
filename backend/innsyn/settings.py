"""The settings of an installation: read once from the environment, frozen, passed down."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from pathlib import Path
from typing import Any


class SettingMissing(Exception):
    """A setting that this process cannot do without; the message names it."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator decides. README.md tells what each is for; addresses of databases hold secrets."""

    home: Path
    port: int
    base_url: str
    database_web: str = field(repr=False)
    # Sessions begin and end over a connection that can read nothing.
    database_login: str = field(repr=False)
    database_worker: str = field(repr=False)
    database_owner: str = field(repr=False)
    # The access log is sealed over a connection that can do nothing else, and checked over one that changes nothing.
    database_sealer: str = field(repr=False)
    database_auditor: str = field(repr=False)
    audit_key: Path
    audit_checkpoints: tuple[Path, ...]
    issuer: str
    client_id: str
    client_key: Path
    journal_feed: str
    # The stream between the journal and the workers (addresses with commas between, which hold secrets); '': none.
    nats: str = field(repr=False)
    nats_copies: int
    # The journal's FHIR server, where what citizens send goes, and the token endpoint that lets us in ('' without).
    journal_fhir: str
    journal_token: str
    journal_client_id: str
    journal_key: Path
    journal_scope: str
    # A FHIR server with topic subscriptions to follow instead of a feed, and where it reaches us with notifications.
    journal_subscription: str
    subscription_topic: str
    subscription_endpoint: str
    subscription_host: str
    subscription_port: int
    # When every night the journal is asked whether all is here; None: never.
    reconcile_at: time | None
    production: bool
    # ID-porten's federation rule: at most 30 minutes without activity; its own sessions end after 120.
    idle: timedelta
    lifetime: timedelta
    # How long a person sees the own logins, and how long they are kept: thirteen months.
    login_history: timedelta
    # Where this process tells how it is (metrics, readiness, the operator's page); 0: nowhere.
    operations_host: str
    operations_port: int
    # Told to stop, the web process is not ready for so long before it takes no more requests.
    leaving_seconds: int
    # The version of the rule book that decides who may see what (innsyn.access.book.versions).
    rule_book: str
    # Whether a passkey may stand in for a login, and for how many days after the last one at ID-porten.
    passkeys: bool
    passkey_days: int
    # A terminology server that forms search in (a FHIR base address); '' without.
    terminology: str
    # ClamAV's daemon: a path of a socket, or host:port; '': files are not scanned, and the pages say so.
    clamd: str

    # Push: the key that push services know us by (a PEM file, for the worker), its public half as browsers take it (for
    # the web; '': no push), where they may ask about us, and the services that we send to.
    push_key: Path
    push_public_key: str
    push_contact: str
    push_services: tuple[str, ...]
    # A mail server (smtps://user:password@host, smtp://host) and who the mail is from; '': no mail.
    smtp: str = field(repr=False)
    mail_from: str
    # Where text messages are handed over (an address, with a token it wants); '': none.
    sms: str
    sms_token: str = field(repr=False)

    # The register of where people can be reached (KRR) and Maskinporten's token endpoint for it; '' without.
    krr: str
    krr_token: str
    krr_client_id: str
    krr_key: Path

    def must_have(self, *names: str) -> None:
        """Raise SettingMissing unless each of these has a value."""
        for name in names:
            if not getattr(self, name):
                raise SettingMissing(f"Set INNSYN_{name.upper()}: this command needs it (see README.md).")

    def must_be_fit_to_serve(self) -> None:
        """Raise SettingMissing for what the web process must not start with."""
        if not self.client_key.exists():
            raise SettingMissing(
                f"There is no file at {self.client_key}: set INNSYN_CLIENT_KEY to the private key (PEM) of the client "
                "that is registered with the issuer, or to a folder of such keys."
            )
        if not self.production:
            return
        # A session cookie is bound to https, and whoever can change what the provider says can be anybody.
        for name in ("base_url", "issuer"):
            if not getattr(self, name).startswith("https://"):
                raise SettingMissing(f"In production INNSYN_{name.upper()} must begin with https://.")
        if self.terminology and not self.terminology.startswith("https://"):
            raise SettingMissing("In production INNSYN_TERMINOLOGY must begin with https://.")


@dataclass(frozen=True, slots=True)
class _Given:
    environment: Mapping[str, str] = field(repr=False)

    def text(self, name: str, default: str = "") -> str:
        return self.environment.get(f"INNSYN_{name}", default)

    def number(self, name: str, default: str) -> int:
        try:
            return int(self.text(name, default))
        except ValueError:
            raise SettingMissing(f"INNSYN_{name} must be a whole number.") from None


def read(environment: Mapping[str, str]) -> Settings:
    """The settings out of `INNSYN_*`. Raises SettingMissing for a value that can not be read."""
    given = _Given(environment)
    setting, number = given.text, given.number
    port = number("PORT", "8000")
    passkeys = setting("PASSKEYS", "off")
    if passkeys not in {"off", "unlock"}:
        raise SettingMissing("INNSYN_PASSKEYS must be off or unlock.")
    return Settings(
        home=Path(setting("HOME", ".innsyn")).resolve(),
        port=port,
        base_url=setting("BASE_URL", f"http://localhost:{port}").rstrip("/"),
        **_databases(given),
        audit_key=Path(setting("AUDIT_KEY", "audit-key.pem")),
        audit_checkpoints=_paths(setting("AUDIT_CHECKPOINTS")),
        issuer=setting("ISSUER").rstrip("/"),
        client_id=setting("CLIENT_ID", "innsyn"),
        client_key=Path(setting("CLIENT_KEY", "client-key.pem")),
        **_journal(given),
        journal_subscription=setting("JOURNAL_SUBSCRIPTION").rstrip("/"),
        subscription_topic=setting("SUBSCRIPTION_TOPIC", "urn:innsyn:topic:journal"),
        subscription_endpoint=setting("SUBSCRIPTION_ENDPOINT"),
        subscription_host=setting("SUBSCRIPTION_HOST", "127.0.0.1"),
        subscription_port=number("SUBSCRIPTION_PORT", "0"),
        reconcile_at=_time_of_day(setting("RECONCILE_AT")),
        production=setting("PRODUCTION", "0") == "1",
        idle=timedelta(minutes=number("IDLE_MINUTES", "30")),
        lifetime=timedelta(minutes=number("LIFETIME_MINUTES", "120")),
        login_history=timedelta(days=number("LOGIN_HISTORY_DAYS", "396")),
        operations_host=setting("OPERATIONS_HOST", "127.0.0.1"),
        operations_port=number("OPERATIONS_PORT", "0"),
        leaving_seconds=number("LEAVING_SECONDS", "0"),
        rule_book=setting("RULE_BOOK", "helsenorge"),
        passkeys=passkeys == "unlock",
        passkey_days=number("PASSKEY_DAYS", "90"),
        terminology=setting("TERMINOLOGY").rstrip("/"),
        clamd=setting("CLAMD").removeprefix("unix:"),
        **_ways_out(given),
        **_contacts(given),
    )


def _contacts(given: _Given) -> dict[str, Any]:
    return {
        "krr": given.text("KRR").rstrip("/"),
        "krr_token": given.text("KRR_TOKEN"),
        "krr_client_id": given.text("KRR_CLIENT_ID", "innsyn"),
        "krr_key": Path(given.text("KRR_KEY", "krr-key.pem")),
    }


def _databases(given: _Given) -> dict[str, Any]:
    roles = ("web", "login", "worker", "owner", "sealer", "auditor")
    return {f"database_{role}": given.text(f"DATABASE_{role.upper()}") for role in roles}


def _journal(given: _Given) -> dict[str, Any]:
    return {
        "journal_feed": given.text("JOURNAL_FEED").rstrip("/"),
        "nats": given.text("NATS"),
        "nats_copies": given.number("NATS_COPIES", "1"),
        "journal_fhir": given.text("JOURNAL_FHIR").rstrip("/"),
        "journal_token": given.text("JOURNAL_TOKEN"),
        "journal_client_id": given.text("JOURNAL_CLIENT_ID", "innsyn"),
        "journal_key": Path(given.text("JOURNAL_KEY", "journal-key.pem")),
        "journal_scope": given.text("JOURNAL_SCOPE"),
    }


# Those of the browsers that there are; an operator may name others.
_PUSH_SERVICES = (
    "fcm.googleapis.com,updates.push.services.mozilla.com,*.push.services.mozilla.com,"
    "web.push.apple.com,*.push.apple.com,*.notify.windows.com"
)


def _ways_out(given: _Given) -> dict[str, Any]:
    services = given.text("PUSH_SERVICES", _PUSH_SERVICES)
    return {
        "push_key": Path(given.text("PUSH_KEY", "push-key.pem")),
        "push_public_key": given.text("PUSH_PUBLIC_KEY"),
        "push_contact": given.text("PUSH_CONTACT"),
        "push_services": tuple(each.strip() for each in services.split(",") if each.strip()),
        "smtp": given.text("SMTP"),
        "mail_from": given.text("MAIL_FROM"),
        "sms": given.text("SMS"),
        "sms_token": given.text("SMS_TOKEN"),
    }


def _time_of_day(text: str) -> time | None:
    try:
        return time.fromisoformat(text) if text else None
    except ValueError:
        raise SettingMissing("INNSYN_RECONCILE_AT must be a time of day, as in 03:00.") from None


def _paths(joined: str) -> tuple[Path, ...]:
    return tuple(Path(each) for each in joined.split(os.pathsep) if each)
