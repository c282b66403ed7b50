"""Requests made from our own OpenAPI document, good and bad: each answer is one that the document describes."""

import subprocess
import sys
from asyncio import to_thread
from pathlib import Path

import pytest

from api.asking import fill
from api.serving import installation, served
from innsyn.app import create_app
from innsyn.embedded_postgres import Server
from world import KARI, World

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    # What the document forbids is refused.
    "negative_data_rejection",
    "unsupported_method",
    "allow_header_conformance",
)
# positive_data_acceptance is left out: that a period ends after it begins can not be said in the document.


@pytest.mark.parametrize("who", ["nobody", "Kari", "Kari at her own entry"])
async def test_no_request_breaks_anything(
    world: World, postgres: Server, fresh_database: str, tmp_path: Path, who: str
) -> None:
    entry, _ = await fill(world)
    cookie = (await world.log_in(KARI)).cookies["innsyn"]
    known = f'[parameters]\n"path.entry_id" = "{entry}"\n' if who.endswith("entry") else ""
    told = f'[auth.openapi.session]\napi_key = "{cookie}"\n' if who != "nobody" else ""
    (tmp_path / "schemathesis.toml").write_text(known + told)
    with served(create_app(installation(postgres, fresh_database, tmp_path))) as address:
        command = [
            *(sys.executable, "-m", "schemathesis.cli", "run", f"{address}/schema/openapi.json"),
            *("--phases", "examples,coverage,fuzzing,stateful", "--checks", ",".join(CHECKS)),
            *("--max-examples", "60", "--seed", "1", "--generation-database", "none", "--no-color"),
        ]
        done = await to_thread(
            subprocess.run, command, capture_output=True, text=True, timeout=120, cwd=tmp_path, check=False
        )
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert "7 selected / 7 total" in done.stdout
