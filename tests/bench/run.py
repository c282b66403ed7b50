"""Which benches there are, and the table of what they found."""

import importlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import cast

import click
from rich import box
from rich.console import Console
from rich.table import Table

from bench.figures import Figure

# Each is a module here with `measure() -> list[Figure]`, named as it is asked for.
BENCHES = (
    "lists",
    "ingest",
    "stream",
    "growth",
    "cold",
    "memory",
    "wire",
    "audit",
    "outbox",
    "rebuild",
    "forms",
    "messages",
    "lighthouse",
)


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(BENCHES))
@click.option("--json", "file", type=click.Path(path_type=Path), help="Write the figures here as well.")
def main(names: tuple[str, ...], file: Path | None) -> None:
    """Measure, and show goal beside figure. Ratios are of one run; absolute values are this machine's."""
    console = Console()
    figures: list[Figure] = []
    for name in names or BENCHES:
        began = time.perf_counter()
        console.print(f"[dim]{name} …[/dim]", end=" ")
        figures += _measure(name)()
        console.print(f"[dim]{time.perf_counter() - began:.0f} s[/dim]")
    console.print(_table(figures))
    if file is not None:
        file.write_text(json.dumps([asdict(figure) for figure in figures], ensure_ascii=False, indent=2))


def _measure(name: str) -> Callable[[], list[Figure]]:
    return cast("Callable[[], list[Figure]]", importlib.import_module(f"bench.{name}").measure)


def _table(figures: list[Figure]) -> Table:
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("figure")
    for heading in ("goal", "found"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("met")
    table.add_column("beside it", style="dim")
    for each in figures:
        found = f"{each.value:.3g} {each.unit}".rstrip()
        met = "[green]yes[/green]" if each.met else "[red]no[/red]"
        table.add_row(each.name, each.goal, found, met, each.beside)
    return table
