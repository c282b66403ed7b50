"""Two runs in which everything fails around somebody who answers a form. `make faults ARGS=forms` does fifty."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from e2e.demo import Demo
from e2e.form_faults import run
from e2e.second_server import Server, serving


@pytest.fixture(scope="module")
def server(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    log: Path = tmp_path_factory.mktemp("second") / "web.log"
    with serving(demo, log) as started:
        yield started


# Every trouble once, and both moments to cut the last sending off.
@pytest.mark.parametrize("seed", [2, 107])
def test_nothing_typed_is_lost_and_nothing_sent_twice(
    browser: Browser, demo: Demo, server: Server, seed: int
) -> None:
    assert run(seed, browser, demo, server) == []
