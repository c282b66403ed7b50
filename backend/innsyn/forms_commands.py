"""`innsyn forms`: what would become of a form if it were published, asked before it is."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from innsyn.forms.engine.model import Finding, Verdict
from innsyn.forms.engine.reading import read
from innsyn.forms.engine.reading.bundles import LONGEST, unpacked

# So many places are named; the rest are counted.
_NAMED = 3


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """The verdict on one form, as `--json` tells it. `place`: which form of its file, from 1."""

    path: str
    place: int
    title: str
    canonical: str
    usable: bool
    refusals: tuple[Finding, ...]
    warnings: tuple[Finding, ...]


@click.group()
def forms() -> None:
    """Health forms: whether they can be filled in here."""


@forms.command()
@click.argument(
    "paths", nargs=-1, required=True, metavar="PATH…", type=click.Path(exists=True, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="For programs: a list with everything that was found.")
def check(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """The verdict on every Questionnaire in files and folders (also in a Bundle). Exit code 1 if any is refused."""
    found = [checked for path in paths for checked in _checked(path)]
    if as_json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(found)).decode() + "\n")
    else:
        _show(found)
    sys.exit(0 if found and all(each.usable for each in found) else 1)


def _checked(path: Path) -> Iterator[Checked]:
    if path.is_dir():
        for file in sorted(path.rglob("*.json")):
            yield from _of_file(file, is_named=False)
    else:
        yield from _of_file(path, is_named=True)


def _of_file(file: Path, *, is_named: bool) -> Iterator[Checked]:
    """A folder has other files too; a file that was named is told about whatever it is."""
    with file.open("rb") as opened:
        body = opened.read(LONGEST)
    inside = unpacked(body)
    if inside is None:
        if is_named:
            yield _told(file, 1, read(body))
        return
    for place, form in enumerate(inside.forms, 1):
        yield _told(file, place, read(form, inside.value_sets))


def _told(file: Path, place: int, verdict: Verdict) -> Checked:
    form = verdict.form
    return Checked(
        path=str(file),
        place=place,
        title=form.title if form else "",
        canonical="|".join(filter(None, (form.url, form.version))) if form else "",
        usable=form is not None,
        refusals=verdict.refusals,
        warnings=verdict.warnings,
    )


def _show(found: list[Checked]) -> None:
    table = Table(
        Column("Form", overflow="fold", ratio=3),
        Column("Verdict", no_wrap=True),
        Column("Why", overflow="fold", ratio=6),
        Column("Where", overflow="fold", ratio=3),
        title="Forms",
        title_justify="left",
        expand=True,
    )
    for each in found:
        verdict = "[green]usable[/green]" if each.usable else "[red]refused[/red]"
        rows = [*_rows(each.refusals, "red"), *_rows(each.warnings, "yellow")] or [("", "")]
        for n, (why, where) in enumerate(rows):
            table.add_row(escape(_name(each)) if n == 0 else "", verdict if n == 0 else "", why, where)
        table.add_section()
    console = Console()
    console.print(table if found else "There is no Questionnaire there.")
    if found:
        usable = sum(each.usable for each in found)
        console.print(f"{usable} usable, {len(found) - usable} refused.")


def _name(each: Checked) -> str:
    name = each.path if each.place == 1 else f"{each.path} ({each.place})"
    return f"{name}\n{each.title}" if each.title else name


def _rows(findings: tuple[Finding, ...], colour: str) -> Iterator[tuple[str, str]]:
    """A row for each thing said, with the places it was said of."""
    places: dict[tuple[str, str], list[str]] = {}
    for finding in findings:
        places.setdefault((finding.key, finding.words), []).append(finding.where)
    for (key, words), where in places.items():
        named = [each for each in where if each]
        more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
        yield f"[{colour}]{key}[/{colour}] {escape(words)}", escape(", ".join(named[:_NAMED]) + more)
