"""What Lighthouse says of the first page and of a result, as somebody who is logged in sees them."""

import json
import os
import statistics
import subprocess
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from bench.figures import Figure, at_least
from e2e.browsing import chromium
from e2e.demo import Demo, running

_PROGRAM = Path(__file__).resolve().parents[2] / "e2e" / "node_modules" / ".bin" / "lighthouse"
_CATEGORIES = {"performance": 97, "accessibility": 100, "best-practices": 100}
_RUNS = 3


def measure() -> list[Figure]:
    """Three runs of each page: the median of performance, the worst of the rest."""
    with tempfile.TemporaryDirectory() as folder, running(Path(folder) / "innsyn") as demo:
        result, headers, browser = _signed_in(demo, Path(folder))
        pages = {"home": demo.address, "a result": result}
        return [
            figure
            for name, address in pages.items()
            for figure in _figures(name, [_scores(address, headers, browser) for _ in range(_RUNS)])
        ]


def _signed_in(demo: Demo, folder: Path) -> tuple[str, Path, str]:
    """The address of a result with a trend, a file with the headers of its reader, and where the browser is."""
    with sync_playwright() as playwright, chromium(playwright) as browser:
        page = browser.new_page()
        page.goto(demo.login("kari-nordli"))
        page.goto(f"{demo.address}/journal/lab_results")
        page.get_by_role("link", name="Kalium").first.click()
        page.locator("svg.trend").wait_for()
        (cookie,) = [each for each in page.context.cookies(demo.address) if each.get("name") == "innsyn"]
        headers = folder / "headers.json"  # in a file: arguments are seen by everybody on the machine
        headers.write_text(json.dumps({"Cookie": f"innsyn={cookie.get('value')}", "Accept-Language": "nb"}))
        return (
            page.url,
            headers,
            os.environ.get("CHROME_PATH") or _path_of(playwright.chromium.executable_path),
        )


def _path_of(brought_along: str) -> str:
    installed = Path("/usr/bin/chromium")
    return str(installed) if installed.exists() else brought_along


def _scores(address: str, headers: Path, browser: str) -> dict[str, float]:
    command = [
        *(str(_PROGRAM), address, "--quiet", "--output=json", f"--extra-headers={headers}"),
        f"--only-categories={','.join(_CATEGORIES)}",
        "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage",
    ]
    environment = {**os.environ, "CHROME_PATH": browser}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    seen = report["finalDisplayedUrl"]
    if seen.rstrip("/") != address.rstrip("/"):
        raise RuntimeError(f"Lighthouse was led to {seen}")
    return {name: 100 * report["categories"][name]["score"] for name in _CATEGORIES}


def _figures(page: str, runs: list[dict[str, float]]) -> list[Figure]:
    performance = [run["performance"] for run in runs]
    found = {name: min(run[name] for run in runs) for name in _CATEGORIES}
    found["performance"] = statistics.median(performance)
    beside = ", ".join(f"{each:.0f}" for each in performance)
    return [
        at_least(
            f"Lighthouse, {page}: {name}", goal, found[name], "", beside if name == "performance" else ""
        )
        for name, goal in _CATEGORIES.items()
    ]
