"""A browser as a person has it, and an eye on everything that a page must not do on the way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
    WebError,
)

from e2e.demo import Demo

_INSTALLED = Path("/usr/bin/chromium")
# A container has too little shared memory, and root has no sandbox.
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"]

# Said on the console by every page that has been loaded, so that none on the way goes unseen.
_SAY_WHEN_WIDE = """addEventListener("load", () => {
  const { scrollWidth, clientWidth } = document.documentElement
  if (scrollWidth > clientWidth) console.error(`wider than the screen: ${scrollWidth} > ${clientWidth}`)
})"""
# Which answers are faults is told by the answers themselves; and a sandbox turns away our own script above.
_NO_FAULT = ("Failed to load resource", "the document's frame is sandboxed")
_WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"


def executable() -> str | None:
    """The machine's own Chromium; None for the one that Playwright has brought."""
    return str(_INSTALLED) if _INSTALLED.exists() else None


@contextmanager
def chromium(playwright: Playwright, *arguments: str, **how: Any) -> Iterator[Browser]:  # noqa: ANN401 - as launch
    """A browser until the end of the block; `arguments` are Chromium's own, beside those that it always gets."""
    browser = playwright.chromium.launch(executable_path=executable(), args=[*ARGUMENTS, *arguments], **how)
    try:
        yield browser
    finally:
        browser.close()


class Visitor:
    """Somebody with a browser of their own. `faults` is everything that a page has done wrong."""

    def __init__(self, context: BrowserContext, demo: Demo) -> None:
        self._context, self._demo = context, demo
        self._expected: set[int] = set()
        self._no_network = False
        self.faults: list[str] = []
        context.add_init_script(_SAY_WHEN_WIDE)
        context.on("console", self._console)
        context.on("weberror", self._broke)
        context.on("response", self._answered)
        context.on("requestfailed", self._failed)
        self.page: Page = context.pages[0] if context.pages else context.new_page()

    @property
    def context(self) -> BrowserContext:
        """Cookies, storage and network of this browser."""
        return self._context

    def goes_to(self, path: str) -> Response:
        """Type an address of ours."""
        answer = self.page.goto(f"{self._demo.address}{path}")
        assert answer is not None
        return answer

    def logs_in(self, key: str) -> None:
        """Log in as the demo citizen with this key."""
        self.page.goto(self._demo.login(key))

    def expects(self, *statuses: int) -> None:
        """From now on these answers are what the test is about."""
        self._expected |= set(statuses)

    def loses_the_network(self) -> None:
        """From now on nothing gets through, and nobody is to blame."""
        self._no_network = True
        self._context.set_offline(True)

    def leaves(self) -> None:
        """Close the browser; raises AssertionError with what has gone wrong in it."""
        if not self._no_network and self.page.evaluate(_WIDE):
            self.faults.append(f"wider than the screen: {self.page.url}")
        self._context.close()
        if self.faults:
            raise AssertionError("\n".join(self.faults))

    def _broke(self, error: WebError) -> None:
        # A fade between two pages that one of them does not take part in, such as ID-porten's.
        if "Transition was" not in str(error.error):
            self.faults.append(f"script: {error.error}")

    def _console(self, message: ConsoleMessage) -> None:
        # A browser that looks for a newer service worker just then says so without an address.
        nobodys = (*_NO_FAULT, *(("when fetching the script",) if self._no_network else ()))
        if message.type in {"error", "warning"} and not any(said in message.text for said in nobodys):
            self.faults.append(f"console: {message.text}")

    def _answered(self, answer: Response) -> None:
        # The care team has a page of its own.
        known = (self._demo.address, self._demo.idporten, f"{self._demo.journal}/play", "data:")
        if not answer.url.startswith(known):
            self.faults.append(f"asked somebody else: {answer.url}")
        if answer.status >= 400 and answer.status not in self._expected:
            self.faults.append(f"{answer.status}: {answer.request.method} {answer.url}")

    def _failed(self, request: Request) -> None:
        # A page that is left, or a file that is saved, ends its own request.
        if not self._no_network and request.failure != "net::ERR_ABORTED":
            self.faults.append(f"failed: {request.url} {request.failure}")


Opens = Callable[..., Visitor]
