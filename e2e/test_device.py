"""What is kept on the device: the shell so that the app opens without a network, and nothing of the record."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from e2e.browsing import ARGUMENTS, Opens, Visitor, executable
from e2e.demo import Demo

OFFLINE = "Du er uten nett"
# From Kari's titles, texts and values; none of it stands in a text of ours.
OF_THE_RECORD = ("Metformin", "Nordli", "Årskontroll diabetes", "hunden morgen og kveld", "12846813010")


@pytest.fixture
def at_home(playwright: Playwright, demo: Demo, tmp_path: Path) -> Visitor:
    """A browser with a profile in `tmp_path`, as an ordinary one has."""
    installed = playwright.chromium.launch_persistent_context(
        tmp_path, executable_path=executable(), args=ARGUMENTS, locale="nb-NO"
    )
    return Visitor(installed, demo)


def test_nothing_of_the_record_is_on_the_disk(at_home: Visitor, tmp_path: Path) -> None:
    page = at_home.page
    at_home.goes_to("/login")  # not by hint: that has her number in its address, which only a demo lets in
    page.get_by_role("button", name="Kari Nordli").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hei, Kari")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    for path in ("/journal", "/journal/notes", "/journal/medications", "/settings", "/"):
        at_home.goes_to(path)
    at_home.goes_to("/journal/notes")
    page.get_by_role("link", name="Årskontroll diabetes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Årskontroll diabetes")
    page.go_back()
    assert page.evaluate("() => [localStorage.length, sessionStorage.length]") == [0, 0]
    assert page.evaluate("() => indexedDB.databases()") == []
    at_home.leaves()
    kept = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert holding(OFFLINE, kept) != [], "the search finds what is kept"
    assert {word: holding(word, kept) for word in OF_THE_RECORD if holding(word, kept)} == {}


def holding(word: str, kept: dict[Path, bytes]) -> list[Path]:
    """Files with the word in one of the encodings that a browser keeps text in."""
    forms = [word.encode(coding) for coding in ("utf-8", "utf-16-le", "latin-1")]
    return [path for path, content in kept.items() if any(form in content for form in forms)]


def test_it_can_be_installed(at_home: Visitor) -> None:
    at_home.goes_to("/")
    page = at_home.page
    page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    tools = at_home.context.new_cdp_session(page)
    assert tools.send("Page.getInstallabilityErrors") == {"installabilityErrors": []}
    assert tools.send("Page.getAppManifest")["errors"] == []
    at_home.leaves()


def test_without_a_network_the_app_says_so_and_comes_back(opens: Opens) -> None:
    visitor = opens()
    page = visitor.page
    visitor.logs_in("kari-nordli")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    visitor.loses_the_network()
    visitor.goes_to("/journal")
    expect(page.get_by_role("heading", level=1)).to_have_text(OFFLINE)
    assert not [word for word in OF_THE_RECORD if word in page.content()]
    visitor.context.set_offline(offline=False)
    page.get_by_role("link", name="Prøv igjen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Hei, Kari")
