"""A web process that is told to stop: first it is not ready, then those who are here are let finish, then it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from innsyn.embedded_postgres import Server
from world import KARI, World, patient

PATIENCE = 120
LEAVING = 2
_BACKEND = Path(__file__).parents[2] / "backend"


class Process:
    """`innsyn serve`, its two addresses and its log."""

    def __init__(self, process: subprocess.Popen[bytes], web: str, operations: str, log: Path) -> None:
        self.process, self.web, self.operations, self.log = process, web, operations, log


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture
def process(
    world: World,
    postgres: Server,
    fresh_database: str,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Process]:
    web, operations = free_port(), free_port()
    settings = {
        "INNSYN_HOME": str(tmp_path),
        "INNSYN_PORT": str(web),
        "INNSYN_DATABASE_WEB": postgres.dsn("innsyn_web", fresh_database),
        "INNSYN_DATABASE_LOGIN": postgres.dsn("innsyn_login", fresh_database),
        "INNSYN_ISSUER": "https://idporten.test",
        "INNSYN_CLIENT_KEY": str(_key_of(tmp_path_factory)),
        "INNSYN_OPERATIONS_PORT": str(operations),
        "INNSYN_LEAVING_SECONDS": str(LEAVING),
    }
    assert world.app is not None
    log = tmp_path / "log"
    with log.open("wb") as output:
        command = [sys.executable, "-m", "innsyn.cli", "serve"]
        environment = os.environ | settings | {"PYTHONPATH": str(_BACKEND)}
        with subprocess.Popen(command, env=environment, stdout=output, stderr=output) as started:
            try:
                at = Process(started, f"http://127.0.0.1:{web}", f"http://127.0.0.1:{operations}", log)
                _until_ready(at)
                yield at
            finally:
                if started.poll() is None:
                    started.kill()


def _key_of(folders: pytest.TempPathFactory) -> Path:
    return max(folders.getbasetemp().glob("home*/client-key.pem"), key=lambda file: file.stat().st_mtime)


def _until_ready(at: Process) -> None:
    patience = time.monotonic() + PATIENCE
    while _status(f"{at.operations}/health/ready") != 200:
        assert at.process.poll() is None, at.log.read_text()
        assert time.monotonic() < patience, at.log.read_text() + _said(f"{at.operations}/health/ready")
        time.sleep(0.05)


def _said(address: str) -> str:
    try:
        return httpx.get(address, trust_env=False, timeout=5).text
    except httpx.HTTPError as failed:
        return type(failed).__name__


def _status(address: str) -> int:
    try:
        return httpx.get(address, trust_env=False, timeout=5).status_code
    except httpx.HTTPError:
        return 0


async def test_it_is_not_ready_first_and_lets_those_who_are_here_finish(
    world: World, process: Process
) -> None:
    await world.take(patient("kari", KARI, "Kari"))
    cookies = {"innsyn": str((await world.log_in(KARI)).cookies["innsyn"])}
    headers = {"accept": "text/event-stream", "sec-fetch-site": "same-origin"}
    async with (
        httpx.AsyncClient(base_url=process.web, cookies=cookies, trust_env=False, timeout=PATIENCE) as client,
        client.stream("GET", "/live", headers=headers) as stream,
    ):
        lines = stream.aiter_lines()
        assert await anext(lines) == "retry: 1000"
        began = time.monotonic()
        process.process.send_signal(signal.SIGTERM)
        # The stream is told to come back at once, and comes to another process.
        assert [line async for line in lines if line.startswith("data: look")] == []
        assert time.monotonic() - began < LEAVING
        assert _status(f"{process.operations}/health/ready") == 503
        assert _status(f"{process.web}/health/ready") == 503
        assert (await client.get("/")).status_code == 200
        assert time.monotonic() - began < LEAVING
    process.process.wait(PATIENCE)
    assert LEAVING - 0.2 < time.monotonic() - began < LEAVING + 8
    lines_of_log = process.log.read_text().splitlines()
    assert [json.loads(line)["event"] for line in lines_of_log if "error" in line] == []
