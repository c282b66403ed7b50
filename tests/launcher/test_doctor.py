"""The doctor names what is wrong and what to do, and keeps secrets to itself."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest
from alembic.script import ScriptDirectory
from click.testing import CliRunner

from innsyn import doctor, doctor_outside, embedded_nats
from innsyn.access.audit.checkpoints import Target
from innsyn.access.audit.sealing import Sealer
from innsyn.access.audit.signing import read_signer
from innsyn.cli import main
from innsyn.demo.home import audit_key, client_key
from innsyn.embedded_postgres import Server, embedded
from innsyn.journal.relay import Stream
from innsyn.journal.stream_connection import connected
from innsyn.migrations.running import config, migrate
from innsyn.notifications.channels.web_push import Key
from innsyn.settings import read
from notifications.receivers import letterbox

_NOWHERE = "http://127.0.0.1:1"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with embedded(tmp_path_factory.mktemp("postgres"), durable=False) as running:
        yield running


@pytest.fixture
def environment(server: Server, tmp_path: Path) -> dict[str, str]:
    return {
        "INNSYN_DATABASE_WEB": server.dsn("innsyn_web"),
        "INNSYN_DATABASE_LOGIN": server.dsn("innsyn_login"),
        "INNSYN_DATABASE_WORKER": server.dsn("innsyn_worker"),
        "INNSYN_CLIENT_KEY": str(client_key(tmp_path).private),
        "INNSYN_ISSUER": _NOWHERE,
        "INNSYN_JOURNAL_FEED": _NOWHERE,
    }


async def advice(environment: dict[str, str]) -> dict[str, str]:
    return {found.part: found.advice async for found in doctor.examine(read(environment))}


async def test_what_is_well_needs_no_advice_and_what_is_away_does(environment: dict[str, str]) -> None:
    assert await advice(environment) == {
        "address": "",
        "client key": "",
        "ID-porten": "Is INNSYN_ISSUER right, and may this machine go there?",
        "database, web": "",
        "database, login": "",
        "database, worker": "",
        "tables": "",
        "journal": "Is INNSYN_JOURNAL_FEED right, and may we go there?",
        "stream": "",
        "access log": NOT_SEALED,
        "files": "",
        "notices": "",
    }


NOT_SEALED = (
    "Set INNSYN_DATABASE_SEALER, INNSYN_AUDIT_KEY and INNSYN_AUDIT_CHECKPOINTS where `innsyn work` runs."
)


async def test_production_needs_https(environment: dict[str, str]) -> None:
    told = await advice(
        {**environment, "INNSYN_PRODUCTION": "1", "INNSYN_BASE_URL": "http://innsyn.example.no"}
    )
    assert told["address"] == "In production citizens come over https: set INNSYN_BASE_URL to that address."


async def test_a_role_above_row_level_security_is_refused(
    environment: dict[str, str], server: Server
) -> None:
    told = await advice({**environment, "INNSYN_DATABASE_WEB": server.dsn("postgres")})
    assert "above row-level security" in told["database, web"]


async def test_a_key_that_others_may_read_is_to_be_closed(environment: dict[str, str]) -> None:
    Path(environment["INNSYN_CLIENT_KEY"]).chmod(0o644)
    assert (await advice(environment))["client key"].startswith("Close it: chmod 600 ")


async def test_tables_that_lag_behind_are_to_be_migrated(environment: dict[str, str], server: Server) -> None:
    server.create_database("behind")
    environment["INNSYN_DATABASE_OWNER"] = server.dsn("innsyn_owner", "behind")
    assert (await advice(environment))["tables"] == "Run `innsyn migrate`."


def test_tables_up_to_date_are_well_and_a_writing_web_role_is_not(
    environment: dict[str, str], server: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    server.create_database("migrated")
    migrate(server.dsn("innsyn_owner", "migrated"))
    environment["INNSYN_DATABASE_OWNER"] = server.dsn("innsyn_owner", "migrated")
    environment["INNSYN_DATABASE_WEB"] = server.dsn("innsyn_worker", "migrated")
    assert doctor.run_doctor(read(environment)) == 1
    told = capsys.readouterr().out
    newest = ScriptDirectory.from_config(config("postgresql://nowhere")).get_current_head()
    assert f"ok  tables            at {newest}" in told
    assert "!!  database, web     innsyn_worker\n    This role can write the read model" in told


async def test_a_log_that_is_sealed_needs_no_advice_and_one_that_is_not_does(
    environment: dict[str, str], server: Server, tmp_path: Path
) -> None:
    place = tmp_path / "checkpoints"
    environment |= {
        "INNSYN_DATABASE_SEALER": server.dsn("innsyn_sealer", "sealed"),
        "INNSYN_AUDIT_CHECKPOINTS": str(place),
        "INNSYN_AUDIT_KEY": str(tmp_path / "audit-key.pem"),
    }
    assert "set INNSYN_AUDIT_KEY to an Ed25519 private key" in (await advice(environment))["access log"]
    signer = read_signer(audit_key(tmp_path))
    server.create_database("sealed")
    assert (await advice(environment))["access log"] == "Run `innsyn migrate`."
    await asyncio.to_thread(migrate, server.dsn("innsyn_owner", "sealed"))
    assert (await advice(environment))["access log"] == ""
    server.sql(_TWO_READINGS, "sealed")
    assert (await advice(environment))["access log"].startswith("Does `innsyn work` run?")
    db = await asyncpg.connect(environment["INNSYN_DATABASE_SEALER"])
    await Sealer(db, signer, [Target(place)]).round()
    await db.close()
    assert (await advice(environment))["access log"] == ""
    place.unlink()
    assert (await advice(environment))["access log"].startswith(f"{place} lacks it.")


_TWO_READINGS = """
    INSERT INTO access.log (subject_id, at, actor_id, session_id, rule, purpose)
    SELECT id, now() - interval '2 minutes', id, id, 'self', 'overview'
    FROM (VALUES (gen_random_uuid()), (gen_random_uuid())) person (id)
"""


async def test_a_stream_is_looked_at_where_there_is_one(environment: dict[str, str], tmp_path: Path) -> None:
    assert (await advice(environment))["stream"] == ""
    environment["INNSYN_NATS"] = "nats://innsyn:swordfish@127.0.0.1:1"
    assert (await advice(environment))["stream"].startswith("Does NATS run with JetStream")
    with embedded_nats.embedded(tmp_path / "nats", durable=False) as nats:
        environment["INNSYN_NATS"] = nats.address
        assert (await advice(environment))["stream"] == "Does `innsyn relay` run? It makes the stream."
        async with connected(nats.address, "test") as client:
            await Stream(client).open(copies=1)
        assert (await advice(environment))["stream"] == ""
        environment["INNSYN_PRODUCTION"] = "1"
        assert (await advice(environment))["stream"].startswith("One disk is too few")


def test_no_secret_is_shown(environment: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    environment["INNSYN_DATABASE_WEB"] = "postgresql://innsyn_web:swordfish@127.0.0.1:1/innsyn"
    environment["INNSYN_NATS"] = "nats://innsyn:swordfish@127.0.0.1:1"
    assert doctor.run_doctor(read(environment)) == 1
    assert "swordfish" not in capsys.readouterr().out


async def test_the_ways_out_to_people_and_what_looks_into_files_are_tried(
    environment: dict[str, str], tmp_path: Path
) -> None:
    key = tmp_path / "push.pem"
    public = Key.made_at(key).public
    push = {
        "INNSYN_PUSH_KEY": str(key),
        "INNSYN_PUSH_PUBLIC_KEY": public,
        "INNSYN_PUSH_CONTACT": "mailto:us@x.no",
    }
    async with letterbox() as (_, address):
        mail = {"INNSYN_SMTP": address, "INNSYN_MAIL_FROM": "us@x.no", "INNSYN_KRR": _NOWHERE}
        assert await outside({**environment, **push, **mail}) == {"files": "", "notices": ""}
        assert await outside({**environment, **mail, "INNSYN_KRR": ""}) == {
            "files": "",
            "notices": "Nobody has an address or a number: set INNSYN_KRR.",
        }
    gone = {**mail, "INNSYN_CLAMD": str(tmp_path / "no.socket")}
    assert await outside({**environment, **gone}) == {
        "files": "Does clamd run, and has it loaded its signatures?",
        "notices": "Is INNSYN_SMTP right, and may this machine go there?",
    }
    push["INNSYN_PUSH_PUBLIC_KEY"] = Key.made_at(tmp_path / "other.pem").public
    assert (await outside({**environment, **push}))["notices"] == (
        "INNSYN_PUSH_PUBLIC_KEY is not of the key in INNSYN_PUSH_KEY."
    )


async def outside(environment: dict[str, str]) -> dict[str, str]:
    settings = read(environment)
    found = [await doctor_outside.files(settings), await doctor_outside.notices(settings)]
    return {each.part: each.advice for each in found}


def test_a_key_of_push_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "push.pem"
    made = CliRunner().invoke(main, ["push-key", str(file)])
    assert (made.exit_code, made.output, file.stat().st_mode & 0o777) == (
        0,
        f"INNSYN_PUSH_KEY={file}\nINNSYN_PUSH_PUBLIC_KEY={Key.read(file).public}\n",
        0o600,
    )
    before = file.read_bytes()
    again = CliRunner().invoke(main, ["push-key", str(file)])
    assert (again.exit_code, again.output, file.read_bytes()) == (
        1,
        f"Error: {file} is there already. Choose another name: it may be in use.\n",
        before,
    )
