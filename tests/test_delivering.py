"""Delivery as it is set up: without an address nothing leaves, and nothing leaves in the open."""

import asyncio
from pathlib import Path

import pytest

from innsyn import settings
from innsyn.delivering import delivering
from innsyn.settings import SettingMissing


async def run(**given: str) -> None:
    """Until told to stop, which it is already."""
    stop = asyncio.Event()
    stop.set()
    environment = {f"INNSYN_{name.upper()}": value for name, value in given.items()}
    await asyncio.wait_for(delivering(settings.read(environment), stop), 5)


async def test_without_an_address_it_says_so_and_ends(capsys: pytest.CaptureFixture[str]) -> None:
    await run()
    assert "outbox_has_no_address" in capsys.readouterr().out


async def test_in_production_nothing_leaves_without_tls() -> None:
    with pytest.raises(SettingMissing, match="INNSYN_JOURNAL_FHIR must begin with https://"):
        await run(production="1", journal_fhir="http://journal.test/fhir")


async def test_a_key_that_cannot_be_used_is_told_at_the_start(tmp_path: Path) -> None:
    key = tmp_path / "key.pem"
    token = {"journal_fhir": "https://journal.test/fhir", "journal_token": "https://sts.test/token"}
    with pytest.raises(SettingMissing, match="INNSYN_JOURNAL_KEY"):
        await run(**token, journal_key=str(key))
    key.write_text("no key")
    with pytest.raises(SettingMissing, match="INNSYN_JOURNAL_KEY"):
        await run(**token, journal_key=str(key))
