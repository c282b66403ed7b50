"""What the code imports is named in the lists that the locks are made from, and nothing else comes in by luck."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

from architecture.tree import ROOT, files, parsed, shown, told

_LISTS = ROOT / "infra" / "requirements"
_OURS = {"innsyn", "standins", "e2e"} | {path.name.removesuffix(".py") for path in (ROOT / "tests").iterdir()}


def test_what_runs_is_named() -> None:
    faults = unnamed(files("backend", ending=(".py",)), named("run.in"))
    assert not faults, told(faults, "Name the package in infra/requirements/run.in and run `make lock`:")


def test_what_proves_is_named() -> None:
    tools = files("tests", "e2e", "infra", ending=(".py",))
    faults = unnamed(tools, named("run.in") | named("test.in"))
    assert not faults, told(faults, "Name the package in infra/requirements/test.in and run `make lock`:")


def named(name: str) -> set[str]:
    lines = (_LISTS / name).read_text().splitlines()
    return {normal(found[0]) for line in lines if (found := re.match(r"[A-Za-z0-9._-]+", line))}


def unnamed(paths: list[Path], names: set[str]) -> list[str]:
    found = packages_distributions()
    return [
        f"{shown(path, line)} {package}"
        for path in paths
        for package, line in imported(path)
        if package not in sys.stdlib_module_names | _OURS | {path.stem for path in path.parent.iterdir()}
        if not names & {normal(distribution) for distribution in found.get(package, [])}
    ]


def imported(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            for each in node.names:
                yield each.name.partition(".")[0], node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0], node.lineno


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
