"""What `make` says on a machine where something is missing, and what `make check` says of a lock."""

import shutil
import subprocess
from pathlib import Path

import pytest

_STEPS = Path(__file__).parents[2] / "infra" / "make"
_TOOLS = ("bash", "cat", "grep", "head", "env")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder of programs that is all a step finds."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for tool in _TOOLS:
        found = shutil.which(tool)
        assert found
        (programs / tool).symlink_to(found)
    return programs


def pretend(machine: Path, name: str, script: str) -> None:
    program = machine / name
    program.write_text(f"#!/usr/bin/env bash\n{script}\n")
    program.chmod(0o755)


def step(machine: Path, name: str, *arguments: str, folder: Path | None = None) -> tuple[int, str]:
    done = subprocess.run(
        [str(_STEPS / name), *arguments],
        check=False,
        capture_output=True,
        text=True,
        env={"PATH": str(machine)},
        cwd=folder,
    )
    return done.returncode, done.stdout + done.stderr


def test_without_python_it_says_what_to_type(machine: Path) -> None:
    status, said = step(machine, "venv.sh", "unused")
    assert status == 1
    assert "Innsyn needs Python 3.11 or newer, and none was found." in said
    assert "sudo apt install python3 python3-venv" in said


def test_with_a_python_that_is_too_old_it_says_what_to_type(machine: Path) -> None:
    pretend(machine, "python3", "exit 1")
    assert step(machine, "venv.sh", "unused")[0] == 1


def test_without_the_venv_package_it_says_which(machine: Path) -> None:
    pretend(
        machine,
        "python3",
        'case "$2" in *version_info\\ \\<*) exit 0;; *ensurepip*) exit 1;; *) echo 3.11;; esac',
    )
    status, said = step(machine, "venv.sh", "unused")
    assert status == 1
    assert "sudo apt install python3.11-venv" in said


@pytest.mark.parametrize("version", ["18.19.0", ""])
def test_without_a_new_node_it_says_what_to_type(machine: Path, version: str) -> None:
    if version:
        pretend(machine, "npm", "exit 0")
        pretend(machine, "node", f'[[ "$1" == --version ]] && echo v{version} || exit 1')
    status, said = step(machine, "node.sh")
    assert status == 1
    assert f"Node.js 20 or newer and npm (found: {f'v{version}' if version else 'none'})" in said


@pytest.mark.parametrize(
    ("lock", "content", "complaint"),
    [
        ("infra/requirements/run.txt", "--index-url https://example.org\n", "names an address"),
        ("infra/requirements/run.txt", "click==8.5.1\n", "pins without a hash"),
        ("pwa/package-lock.json", '"resolved": "https://example.org/a.tgz"\n', "names an address"),
    ],
)
def test_a_lock_with_an_address_or_without_a_hash_is_refused(
    machine: Path, tmp_path: Path, lock: str, content: str, complaint: str
) -> None:
    for name in ("infra/requirements/run.txt", "pwa/package-lock.json", "e2e/package-lock.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("\n")
    assert step(machine, "check_locks.sh", folder=tmp_path) == (0, "")
    (tmp_path / lock).write_text(content)
    status, said = step(machine, "check_locks.sh", folder=tmp_path)
    assert (status, complaint in said) == (1, True)
