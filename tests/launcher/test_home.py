"""The demo's folder and ports: what is in the way is named, with what to do about it."""

import os
import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from innsyn.demo.home import (
    CannotStart,
    any_port,
    audit_key,
    client_key,
    first_day,
    home,
    told_to_others,
    wanted_port,
    with_running_demo,
)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_taken_port_names_the_setting_that_chooses_another(
    taken: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INNSYN_PORT", str(taken))
    with pytest.raises(CannotStart, match=rf"(?s)Port {taken} is used by another.*INNSYN_PORT=\d+ make run"):
        wanted_port("INNSYN_PORT", 8000)


@pytest.mark.parametrize("text", ["", "http", "0", "65536", "-1", "8000.5"])
def test_what_is_no_port_is_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INNSYN_PORT", text)
    with pytest.raises(CannotStart, match="is no port number"):
        wanted_port("INNSYN_PORT", 8000)


def test_a_stand_in_takes_another_port_by_itself(taken: int) -> None:
    assert any_port("INNSYN_JOURNAL_PORT", taken) != taken


def test_a_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotStart, match=r"(?s)cannot be used.*Set INNSYN_HOME"), home(tmp_path / "file"):
        pass


def test_a_folder_has_room_for_one(tmp_path: Path) -> None:
    with (
        home(tmp_path),
        pytest.raises(CannotStart, match=rf"already running with the data in .* \(process {os.getpid()}\)"),
        home(tmp_path),
    ):
        pass
    with home(tmp_path) as again:
        assert again == tmp_path


def test_the_key_is_a_pair_closed_to_others_and_kept(tmp_path: Path) -> None:
    pair = client_key(tmp_path)
    private = load_pem_private_key(pair.private.read_bytes(), password=None)
    assert private.public_key() == load_pem_public_key(pair.public.read_bytes())
    assert pair.private.stat().st_mode & 0o777 == 0o600
    before = pair.private.read_bytes()
    assert client_key(tmp_path).private.read_bytes() == before


def test_the_key_that_seals_the_log_is_closed_to_others_and_kept(tmp_path: Path) -> None:
    made = audit_key(tmp_path)
    assert isinstance(load_pem_private_key(made.read_bytes(), password=None), Ed25519PrivateKey)
    assert made.stat().st_mode & 0o777 == 0o600
    before = made.read_bytes()
    assert audit_key(tmp_path).read_bytes() == before


def test_a_command_beside_the_demo_finds_its_settings_and_may_differ(tmp_path: Path) -> None:
    asked = {"INNSYN_HOME": str(tmp_path), "INNSYN_PORT": "9"}
    with told_to_others(tmp_path, {"INNSYN_PORT": "1", "INNSYN_ISSUER": "http://127.0.0.1:2"}):
        assert with_running_demo(asked) == {**asked, "INNSYN_ISSUER": "http://127.0.0.1:2"}
        assert with_running_demo({**asked, "INNSYN_PRODUCTION": "1"}) == {**asked, "INNSYN_PRODUCTION": "1"}
    assert with_running_demo(asked) == asked


def test_the_demo_record_stays_on_the_day_of_the_first_start(tmp_path: Path) -> None:
    assert first_day(tmp_path, date(2026, 11, 23)) == date(2026, 11, 23)
    assert first_day(tmp_path, date(2026, 11, 30)) == date(2026, 11, 23)
