"""`innsyn doctor`: look at every part an installation stands on, and say what to do about what is wrong.

Says nothing of people and shows no secret, so its output can be sent to whoever helps.
"""

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import httpx
from alembic.script import ScriptDirectory
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from nats.js.errors import NotFoundError
from rich.console import Console

from innsyn import doctor_outside
from innsyn.access.audit import rows
from innsyn.access.audit.checkpoints import Target
from innsyn.access.audit.signing import read_signer
from innsyn.access.audit.verify import LATE
from innsyn.doctor_finding import Finding
from innsyn.identity.oidc_client_keys import key_files
from innsyn.journal.stream_connection import LOST, TooSmall, connected
from innsyn.journal.stream_layout import STREAM
from innsyn.journal.stream_state import state_of
from innsyn.migrations import running
from innsyn.settings import SettingMissing, Settings

_PATIENCE_SECONDS = 5
_LEAST_KEY_BITS = 2048
_LEAST_COPIES = 3
_KEY = "client key"
_DISCOVERY = "/.well-known/openid-configuration"
# The two locks: the roles are under row-level security, and the web may not write what is read.
_ROLE = """
    SELECT current_user::text AS name, rolsuper OR rolbypassrls AS above,
           coalesce(has_table_privilege(to_regclass('record.entry')::oid, 'INSERT'), false) AS writes,
           coalesce(has_schema_privilege(to_regnamespace('record')::oid, 'USAGE'), false) AS reads
      FROM pg_roles WHERE rolname = current_user
"""


def run_doctor(settings: Settings) -> int:
    """Print every finding as it is made; returns the exit status, 1 when there is something to do."""
    return asyncio.run(_tell(settings, Console(highlight=False, soft_wrap=True)))


async def _tell(settings: Settings, console: Console) -> int:
    ill = 0
    async for finding in examine(settings):
        console.print(f"{'!!' if finding.advice else 'ok'}  {finding.part:<17} {finding.seen}", markup=False)
        if finding.advice:
            ill += 1
            console.print(f"    {finding.advice}", markup=False)
    console.print(f"\n{ill} to mend." if ill else "\nAll is well.")
    return min(ill, 1)


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Every part in turn, as it is looked at."""
    yield _address(settings)
    yield _key(settings)
    yield await _issuer(settings)
    yield await _database("web", settings.database_web, writes=False)
    yield await _database("login", settings.database_login, writes=False, reads=False)
    yield await _database("worker", settings.database_worker, writes=True)
    yield await _migrations(settings)
    yield await _feed(settings)
    yield await _stream(settings)
    yield await _seals(settings)
    yield await doctor_outside.files(settings)
    yield await doctor_outside.notices(settings)


def _address(settings: Settings) -> Finding:
    part, seen = "address", settings.base_url
    if settings.production and urlsplit(settings.base_url).scheme != "https":
        return Finding(
            part, seen, "In production citizens come over https: set INNSYN_BASE_URL to that address."
        )
    if not settings.production:
        return Finding(part, f"{seen} (not production: synthetic people only)")
    return Finding(part, seen)


def _key(settings: Settings) -> Finding:
    files = key_files(settings.client_key)
    found = [_one_key(file) for file in files]
    if not found:
        return Finding(_KEY, f"{settings.client_key} holds no *.pem", "Put the client's private key there.")
    # What is wrong with any of them; otherwise the one that signs.
    return next((one for one in found if one.advice), found[-1])


def _one_key(path: Path) -> Finding:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
        mode = stat.S_IMODE(path.stat().st_mode)
    except (OSError, ValueError, TypeError) as reason:
        return Finding(
            _KEY, f"{path}: {type(reason).__name__}", "Set INNSYN_CLIENT_KEY to an RSA private key (PEM)."
        )
    if not isinstance(key, RSAPrivateKey) or key.key_size < _LEAST_KEY_BITS:
        return Finding(
            _KEY, str(path), f"ID-porten wants RSA with at least {_LEAST_KEY_BITS} bits: make a new key."
        )
    if mode & 0o077 and path.stat().st_uid == os.geteuid():
        return Finding(_KEY, f"{path} is open to others", f"Close it: chmod 600 {path}")
    return Finding(_KEY, f"{path}, RSA {key.key_size}")


async def _issuer(settings: Settings) -> Finding:
    part, url = "ID-porten", settings.issuer + _DISCOVERY
    if not settings.issuer:
        return Finding(part, "not set", "Set INNSYN_ISSUER, e.g. https://test.idporten.no")
    try:
        async with httpx.AsyncClient(timeout=_PATIENCE_SECONDS) as client:
            document = (await client.get(url)).raise_for_status().json()
    except (httpx.HTTPError, ValueError) as reason:
        return Finding(
            part, f"{url}: {type(reason).__name__}", "Is INNSYN_ISSUER right, and may this machine go there?"
        )
    if document.get("issuer", "").rstrip("/") != settings.issuer:
        return Finding(
            part, f"{url} calls itself another issuer", "Set INNSYN_ISSUER to exactly what it calls itself."
        )
    if "pushed_authorization_request_endpoint" not in document:
        return Finding(part, f"{url} has no PAR", "We log in with pushed requests only: is this ID-porten?")
    return Finding(part, settings.issuer)


async def _database(name: str, dsn: str, *, writes: bool, reads: bool = True) -> Finding:
    part, process = f"database, {name}", "work" if writes else "serve"
    if not dsn:
        return Finding(part, "not set", f"Set INNSYN_DATABASE_{name.upper()} where `innsyn {process}` runs.")
    try:
        connection = await asyncpg.connect(dsn, timeout=_PATIENCE_SECONDS)
    except (OSError, asyncpg.PostgresError, ValueError) as reason:
        advice = (
            f"Does PostgreSQL run, and is INNSYN_DATABASE_{name.upper()} right? (infra/postgres/roles.sql)"
        )
        return Finding(part, type(reason).__name__, advice)
    try:
        role = await connection.fetchrow(_ROLE)
    finally:
        await connection.close()
    if role["above"]:
        return Finding(
            part,
            role["name"],
            "This role is above row-level security: use those of infra/postgres/roles.sql.",
        )
    if role["writes"] and not writes:
        return Finding(part, role["name"], f"This role can write the read model: use innsyn_{name}.")
    if role["reads"] and not reads:
        return Finding(part, role["name"], f"This role can read records: use innsyn_{name}.")
    return Finding(part, role["name"])


async def _migrations(settings: Settings) -> Finding:
    part, dsn = "tables", settings.database_owner
    if not dsn:
        return Finding(part, "not looked at (INNSYN_DATABASE_OWNER is only set where one migrates)")
    newest = ScriptDirectory.from_config(running.config(dsn)).get_current_head()
    try:
        connection = await asyncpg.connect(dsn, timeout=_PATIENCE_SECONDS)
    except (OSError, asyncpg.PostgresError, ValueError) as reason:
        return Finding(part, type(reason).__name__, "Is INNSYN_DATABASE_OWNER right?")
    try:
        found = await connection.fetchval("SELECT version_num FROM public.alembic_version")
    except asyncpg.UndefinedTableError:
        found = None
    finally:
        await connection.close()
    if found != newest:
        return Finding(part, f"at {found or 'nothing'}, the code wants {newest}", "Run `innsyn migrate`.")
    return Finding(part, f"at {found}")


async def _feed(settings: Settings) -> Finding:
    part, url = "journal", f"{settings.journal_feed}/feed"
    if not settings.journal_feed:
        return Finding(part, "not set", "Set INNSYN_JOURNAL_FEED to the base address of the sequence feed.")
    try:
        async with httpx.AsyncClient(timeout=_PATIENCE_SECONDS) as client:
            answer = (await client.get(url, params={"seq": 1, "limit": 1})).raise_for_status().json()
    except (httpx.HTTPError, ValueError) as reason:
        return Finding(
            part, f"{url}: {type(reason).__name__}", "Is INNSYN_JOURNAL_FEED right, and may we go there?"
        )
    return Finding(part, f"{settings.journal_feed}, newest entry {answer.get('last')}")


async def _stream(settings: Settings) -> Finding:
    part = "stream"
    if not settings.nats:
        return Finding(part, "none: the worker follows the journal itself")
    try:
        async with connected(settings.nats, "innsyn-doctor") as client:
            copies = (
                await client.jetstream(timeout=_PATIENCE_SECONDS).stream_info(STREAM)
            ).config.num_replicas
            reached = (await state_of(client)).reached
    except TooSmall as small:
        return Finding(part, "takes in small messages only", str(small))
    except NotFoundError:
        return Finding(part, "not made yet", "Does `innsyn relay` run? It makes the stream.")
    except LOST as reason:
        return Finding(part, type(reason).__name__, "Does NATS run with JetStream, and is INNSYN_NATS right?")
    seen = f"the journal up to {reached}, kept {copies} times"
    if settings.production and (copies or 1) < _LEAST_COPIES:
        return Finding(
            part, seen, "One disk is too few: set INNSYN_NATS_COPIES=3 (infra/nats) and make it anew."
        )
    return Finding(part, seen)


async def _seals(settings: Settings) -> Finding:
    part, dsn = "access log", settings.database_sealer
    if not dsn:
        names = "INNSYN_DATABASE_SEALER, INNSYN_AUDIT_KEY and INNSYN_AUDIT_CHECKPOINTS"
        return Finding(part, "not sealed", f"Set {names} where `innsyn work` runs.")
    try:
        read_signer(settings.audit_key)
        settings.must_have("audit_checkpoints")
        connection = await asyncpg.connect(dsn, timeout=_PATIENCE_SECONDS)
    except SettingMissing as missing:
        return Finding(part, "cannot be sealed", str(missing))
    except (OSError, asyncpg.PostgresError, ValueError) as reason:
        return Finding(part, type(reason).__name__, "Is INNSYN_DATABASE_SEALER right?")
    try:
        newest = await rows.newest_seal(connection)
        waits = await rows.oldest_wait(connection, newest.last if newest else rows.BEGINNING)
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError, asyncpg.InvalidSchemaNameError):
        return Finding(part, "has no tables", "Run `innsyn migrate`.")
    finally:
        await connection.close()
    seen = f"{newest.number if newest else 0} seals, oldest row without one: {waits:.0f} s"
    if waits > LATE.total_seconds():
        return Finding(part, seen, "Does `innsyn work` run? Its log tells what fails: sealing_failed.")
    for place in settings.audit_checkpoints:
        if newest and Target(place).newest() != newest.note:
            advice = f"{place} lacks it. Can `innsyn work` write there? If it can: `innsyn audit verify`."
            return Finding(part, seen, advice)
    return Finding(part, seen)
