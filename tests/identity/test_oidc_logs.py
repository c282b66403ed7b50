"""What the served process writes down of logins and logouts: no number, no token, no code, whatever comes of them."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from identity.evil_provider import EvilProvider
from identity.logging_in import Database
from identity.stand_in import BACKEND, free_port, must_answer, running_stand_in

KARI = "28816196088"


@contextmanager
def served(environment: dict[str, str], written: Path) -> Iterator[None]:
    """`innsyn serve`; what it says on either stream is in `written` afterwards."""
    with written.open("wb") as file:
        command = [sys.executable, "-m", "innsyn.cli", "serve"]
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=file, stderr=subprocess.STDOUT
        )
        try:
            must_answer(f"{environment['INNSYN_BASE_URL']}/health/ready")
            yield
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture
def addresses(
    client_key: RSAPrivateKey, database: Database, tmp_path: Path
) -> Iterator[tuple[str, str, Path]]:
    """Our address, the provider's, and what was written."""
    port = free_port()
    ours, written = f"http://127.0.0.1:{port}", tmp_path / "written"
    key = tmp_path / "key.pem"
    key.write_bytes(client_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    registered = (f"{ours}/login/callback", f"{ours}/logout/done")
    with running_stand_in(client_key, tmp_path, *registered) as provider:
        environment = {
            "PYTHONPATH": str(BACKEND),
            "INNSYN_HOME": str(tmp_path),
            "INNSYN_PORT": str(port),
            "INNSYN_BASE_URL": ours,
            "INNSYN_DATABASE_WEB": database.server.dsn("innsyn_web", database.name),
            "INNSYN_DATABASE_LOGIN": database.server.dsn("innsyn_login", database.name),
            "INNSYN_ISSUER": provider.issuer,
            "INNSYN_CLIENT_KEY": str(key),
        }
        with served(environment, written):
            yield ours, provider.issuer, written


def test_nothing_of_a_login_or_a_logout_is_written_down(
    addresses: tuple[str, str, Path], evil: EvilProvider
) -> None:
    ours, issuer, written = addresses
    forged = evil.logout_token()
    secrets = [KARI, forged, *forged.split(".")[1:]]
    with httpx.Client(base_url=ours, trust_env=False, headers={"sec-fetch-site": "same-origin"}) as browser:
        for level in ("high", "substantial"):
            answer = at_callback(browser, level)
            secrets += answer.values()
            del secrets[secrets.index(issuer)]
            statuses = [browser.get("/login/callback", params=answer).status_code for _ in range(2)]
            assert statuses == [303 if level == "high" else 403, 400]
            secrets += browser.cookies.values()
        begun = at_callback(browser, "high")
        secrets += [begun["code"], begun["state"]]
        # What the provider did not say, with what it did.
        for changed in ({"iss": "https://idporten.example"}, {"code": f"guessed-{KARI}"}, {"error": KARI}):
            browser.get("/login/callback", params={**at_callback(browser, "high"), **changed})
        browser.get("/login", params={"login_hint": KARI, "next": f"/journal?q={KARI}"})
        browser.get("/logout/front", params={"iss": issuer, "sid": KARI})
        httpx.post(f"{ours}/logout/back", data={"logout_token": forged}, trust_env=False)
        out = browser.post("/logout")
        secrets.append(dict(parse_qsl(urlsplit(out.headers["location"]).query))["state"])
    # Everything that was said so far is on the disk: the process has been answering all the time.
    said = written.read_text()
    assert [secret for secret in secrets if secret in said] == []
    events = [json.loads(line)["event"] for line in said.splitlines() if line.startswith("{")]
    assert events.count("identity:login:refused") == 6
    assert "identity:logout:refused" in events


def at_callback(browser: httpx.Client, level: str) -> dict[str, str]:
    """Begin a login; what the provider sends the browser back with."""
    begun = browser.get("/login", params={"login_hint": f"testid:{KARI}_idporten-loa-{level}"})
    back = browser.get(begun.headers["location"]).headers["location"]
    return dict(parse_qsl(urlsplit(back).query))
