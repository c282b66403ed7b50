"""`innsyn audit`, as an auditor runs it."""

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from access.audit.sealed_log import SealedLog
from innsyn.access.audit import verify
from innsyn.access.audit.signing import read_signer
from innsyn.cli import main
from innsyn.demo.home import audit_key


@pytest.fixture
async def sealed(log: SealedLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SealedLog:
    """An installation whose log of two people is sealed."""
    log.signer = read_signer(audit_key(tmp_path))
    log.keys = [verify.Key(log.signer.key)]
    await log.read_by_both(2)
    await log.seal()
    monkeypatch.setenv("INNSYN_HOME", str(tmp_path))
    monkeypatch.setenv("INNSYN_DATABASE_AUDITOR", log.server.dsn("innsyn_auditor", log.database))
    monkeypatch.setenv("INNSYN_AUDIT_KEY", str(tmp_path / "audit-key.pem"))
    monkeypatch.setenv("INNSYN_AUDIT_CHECKPOINTS", str(log.place))
    return log


async def innsyn(*arguments: str) -> Result:
    """The command runs a loop of its own."""
    return await asyncio.to_thread(CliRunner().invoke, main, ["audit", *arguments])


async def test_the_key_that_is_printed_is_the_one_that_seals(sealed: SealedLog) -> None:
    assert (await innsyn("key")).output == f"{sealed.signer.key}\n"


async def test_a_log_that_nobody_changed(sealed: SealedLog) -> None:
    done = await innsyn("verify")
    assert (done.exit_code, done.output) == (
        0, "Rows: 4. Seals: 1. Checkpoints outside, compared: 1.\nNothing was changed.\n",
    )  # fmt: skip
    given = await innsyn("verify", "--key", sealed.signer.key, "--checkpoints", str(sealed.place))
    assert (given.exit_code, given.output) == (0, done.output)


async def test_a_log_that_was_changed(sealed: SealedLog) -> None:
    await sealed.owner.execute("UPDATE access.log SET rule = 'x' WHERE log_id = 3")
    done = await innsyn("verify")
    assert (done.exit_code, "the row 3 was changed after it was sealed." in done.output) == (1, True)


async def test_an_export_is_checked_elsewhere(
    sealed: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "export"
    assert (await innsyn("export", str(file))).exit_code == 0
    assert verify.main([str(file), "--key", sealed.signer.key, "--checkpoints", str(sealed.place)]) == 0
    assert capsys.readouterr().out.endswith("Nothing was changed.\n")
    printed = (await innsyn("export")).output.splitlines()
    # But for the time of the export itself.
    assert printed[:-1] == file.read_text().splitlines()[:-1]


WRONG = {
    "no database": ({"INNSYN_DATABASE_AUDITOR": "postgresql://nobody@127.0.0.1:1/x"}, "cannot be reached", 2),
    "no key": ({"INNSYN_AUDIT_KEY": "/nowhere"}, "set INNSYN_AUDIT_KEY to", 2),
    "no setting": ({"INNSYN_DATABASE_AUDITOR": ""}, "Set INNSYN_DATABASE_AUDITOR", 2),
    "no checkpoints": ({"INNSYN_AUDIT_CHECKPOINTS": "/nowhere"}, "This could not be checked.", 2),
}


@pytest.mark.usefixtures("sealed")
@pytest.mark.parametrize("wrong", WRONG)
async def test_what_is_wrong_with_the_settings_is_told(monkeypatch: pytest.MonkeyPatch, wrong: str) -> None:
    settings, told, status = WRONG[wrong]
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    done = await innsyn("verify")
    assert (told in done.output, done.exit_code) == (True, status), done.output
