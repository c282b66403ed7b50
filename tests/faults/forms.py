"""Somebody answers a form in a browser while everything around them fails: fifty times, by seed."""

import tempfile
import time
from pathlib import Path

import click


def forms(first: int, runs: int) -> int:
    """How many of the runs lost something or sent it twice. Takes a browser, and the tools that drive it."""
    # Beside the others these have a great deal to bring, and are wanted by nobody else.
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    from e2e.browsing import chromium  # noqa: PLC0415
    from e2e.demo import running  # noqa: PLC0415
    from e2e.form_faults import run  # noqa: PLC0415
    from e2e.second_server import serving  # noqa: PLC0415

    began, wrong = time.monotonic(), 0
    with tempfile.TemporaryDirectory(prefix="innsyn-forms-") as folder:
        home = Path(folder)
        with (
            running(home / "innsyn") as demo,
            serving(demo, home / "web.log") as server,
            sync_playwright() as tools,
            chromium(tools) as browser,
        ):
            for seed in range(first, first + runs):
                found = run(seed, browser, demo, server)
                wrong += bool(found)
                click.echo(
                    f"  seed {seed}: {len(found) or 'nothing'} wrong, {time.monotonic() - began:.0f} s"
                )
                for each in found:
                    click.echo(f"  {each}")
    took = time.monotonic() - began
    click.echo(
        f"forms: seeds {first} to {first + runs - 1}, {took:.0f} s, {wrong} with something lost or doubled"
    )
    return wrong
