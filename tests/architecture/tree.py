"""What the tests of our conventions look at: our own files and their syntax trees."""

import ast
import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
_NOT_OURS = {"node_modules", "build", "output", "__pycache__"}


def files(*folders: str, ending: tuple[str, ...]) -> list[Path]:
    """Our own files under `folders` with such an ending, sorted; nothing hidden, installed or built."""
    return sorted(path for folder in folders for path in _walk(ROOT / folder) if path.name.endswith(ending))


def _walk(folder: Path) -> Iterator[Path]:
    for parent, inner, names in os.walk(folder):
        inner[:] = [name for name in inner if name not in _NOT_OURS and not name.startswith(".")]
        yield from (Path(parent, name) for name in names)


def shown(path: Path, line: int | None = None) -> str:
    """The path as an editor opens it."""
    return f"{path.relative_to(ROOT)}" + (f":{line}" if line else "")


def parsed(path: Path) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(path: Path) -> Iterator[Function]:
    """Every function of the file, methods and inner ones too."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, Function):
            yield node


def public_functions(path: Path) -> Iterator[Function]:
    """The functions that other modules may call."""
    for node in parsed(path).body:
        if isinstance(node, Function) and not node.name.startswith("_"):
            yield node


def told(faults: list[str], lesson: str) -> str:
    """The message of a convention that is not kept: the lesson, then where."""
    return "\n".join([lesson, *(f"  {fault}" for fault in faults)])
