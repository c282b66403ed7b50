"""A person who answers a form while everything around them fails, by a seed: nothing is lost, nothing sent twice."""

import os
import random
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

import httpx
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect

from e2e.demo import Demo
from e2e.form_tasks import asked, publishes_anew, until
from innsyn.demo.home import with_running_demo

PERSON, FORM = "olav-nordli", "hva-er-viktig-for-deg"
FIELDS = ("Hva gir deg en god dag?", "Hva er du redd for, eller hva vil du helst slippe?")
_OVER = "UPDATE identity.session SET ended_at = now(), ended_why = 'idle' WHERE ended_at IS NULL"


class Server:
    """A web process beside the demo's own, on a port of its own, that may be killed."""

    def __init__(self, demo: Demo, log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://localhost:{port}"
        ours = {"INNSYN_HOME": str(demo.home)}
        given = {**os.environ, **with_running_demo(ours)}
        self._environment = {**given, "INNSYN_PORT": str(port), "INNSYN_BASE_URL": self.address}
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Until it answers; raises AssertionError when it does not."""
        with self._log.open("ab") as log:
            command = [sys.executable, "-m", "innsyn.cli", "serve"]
            self._process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)
        end = monotonic() + 60
        while monotonic() < end:
            with suppress(httpx.HTTPError):
                if httpx.get(f"{self.address}/health/ready", trust_env=False).status_code == 200:
                    return
            sleep(0.1)
        raise AssertionError("the server never answered")

    def kill(self) -> None:
        """At once, whatever it is doing."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=30)


@contextmanager
def serving(demo: Demo, log: Path) -> Iterator[Server]:
    """A server until the end of the block."""
    server = Server(demo, log)
    try:
        server.start()
        yield server
    finally:
        server.kill()


@dataclass
class Run:
    """One person, their browser, and what they have typed and not yet changed, by the question."""

    demo: Demo
    server: Server
    browser: Browser
    context: BrowserContext
    page: Page
    rng: random.Random
    seed: int
    draft: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def type(self, rest: int | None = None) -> None:
        """A new answer to one of the questions; sometimes only for an instant (`rest`, ms) before the next trouble."""
        question = self.rng.choice(FIELDS)
        value = f"svar {self.seed}-{len(self.told)} {self.rng.randrange(10**6)}"
        self.page.get_by_label(question).fill(value)
        self.typed[question] = value
        self.told.append(f"type {question[:12]} {value}")
        # Everything is written down within an instant of the key; sometimes it also gets to us.
        self.page.wait_for_timeout(self.rng.choice((150, 400, 1600)) if rest is None else rest)

    def trouble(self) -> None:
        """One of what may happen."""
        kind = self.rng.choice(("tab", "network", "session", "server", "version", "device"))
        self.told.append(kind)
        getattr(self, f"_{kind}")()

    def _tab(self) -> None:
        # Without a word to the page that it is over.
        self.page.close()
        self.page = self.context.new_page()
        self.opened()

    def _network(self) -> None:
        self.context.set_offline(True)
        self.type()
        if self.rng.random() < 0.5:
            self.page.close()
            self.page = self.context.new_page()
        self.context.set_offline(False)
        self.opened()

    def _session(self) -> None:
        # It ends with the last key: then the page goes dark, and nobody writes in it.
        self.type(0)
        self.demo.sql(_OVER)
        self.page.wait_for_timeout(self.rng.choice((100, 2000)))
        self.page.close()
        self.page = self.context.new_page()
        self.page.goto(self.demo.login(PERSON))
        self.opened()

    def _server(self) -> None:
        self.server.kill()
        self.type()
        self.server.start()
        self.opened()

    def _version(self) -> None:
        publishes_anew(self.demo, FORM, f"9.{self.seed}.{len(self.told)}")
        self.type()

    def _device(self) -> None:
        """What is typed on another device is as much theirs: at another question than the one waiting here."""
        other = self.browser.new_context(locale="nb-NO", storage_state=self.context.storage_state())
        page = other.new_page()
        page.goto(self.server.address + self.draft)
        question, value = self.rng.choice(FIELDS), f"fra en annen enhet {self.seed}-{len(self.told)}"
        # The last one typed here has to be here first: who types over it there means to.
        until(lambda: self._has_come(page, question), page, f"never came to the other device: {question}")
        page.get_by_label(question).fill(value)
        self.typed[question] = value
        # Drawn anew meanwhile, the page no longer says so: what counts is that it is there.
        page.wait_for_timeout(1600)
        until(lambda: self._has_come(page, question), page, "the other device lost it")
        other.close()
        self.opened()

    def _has_come(self, page: Page, question: str) -> bool:
        page.reload()
        return page.get_by_label(question).input_value() == self.typed.get(question, "")

    def opened(self) -> None:
        """The draft, with everything that lay on the device brought home."""
        self.page.goto(self.server.address + self.draft)
        end = monotonic() + 30
        while wrong := self.missing():
            if monotonic() > end:
                raise AssertionError(f"lost: {wrong}")
            self.page.wait_for_timeout(100)

    def missing(self) -> list[str]:
        """What was typed and is neither in the page nor told in it."""
        try:
            held = [self.page.get_by_label(each).input_value(timeout=500) for each in FIELDS]
            said = self.page.locator("#device").inner_text(timeout=500)
        except Error:
            # Being drawn anew.
            return list(self.typed)
        return [value for value in self.typed.values() if value not in held and value not in said]

    def send(self) -> list[str]:
        """Through the page to read through, with a cut at the worst moment for some; what is wrong in the end."""
        page = self.page
        page.get_by_role("group", name=re.compile("Hvor mye vil du vite")).get_by_label(
            "Det viktigste"
        ).check()
        page.get_by_role("group", name=re.compile("samtale om dette")).get_by_label("Nei", exact=True).check()
        page.locator("button[name=do][value=check]").click()
        page.wait_for_url(re.compile("/check"))
        cut = self.rng.choice(("none", "before", "after"))
        self.told.append(f"send, cut {cut}")
        if cut == "before":
            self.context.set_offline(True)
        if cut == "after":
            page.route("**/send", unheard, times=1)
        page.get_by_role("button", name=re.compile("^Send")).click()
        if cut != "none":
            expect(page.get_by_text("Ikke sendt ennå")).to_be_visible()
            if self.rng.random() < 0.5:
                page.close()
                self.context.set_offline(False)
                self.page = page = self.context.new_page()
                page.goto(self.server.address + self.draft)
            self.context.set_offline(False)
        page.wait_for_url(re.compile("/forms/sent/"), timeout=40_000)
        said = page.get_by_role("main").inner_text()
        return [f"not sent: {value}" for value in self.typed.values() if value not in said]

    def arrived(self) -> int:
        """How many answered forms with these answers the journal has got."""
        mark = next(iter(self.typed.values()))
        found, seq, last = 0, 1, 1
        while seq <= last:
            answer = httpx.get(f"{self.demo.journal}/feed?seq={seq}&limit=1000", trust_env=False).json()
            last, seq = answer["last"], seq + len(answer["entries"])
            found += sum(
                "QuestionnaireResponse" in str(each) and mark in str(each) for each in answer["entries"]
            )
        return found


def unheard(route: Route) -> None:
    """Let it arrive, and nobody hear the answer."""
    route.fetch(max_redirects=0)
    route.abort()


def run(seed: int, browser: Browser, demo: Demo, server: Server) -> list[str]:
    """What went wrong in the run of this seed, with what was done before it; nothing where all is well."""
    context = browser.new_context(locale="nb-NO")
    page = context.new_page()
    # S311: it is a seed, and no secret.
    this = Run(demo, server, browser, context, page, random.Random(seed), seed)  # noqa: S311
    try:
        page.goto(demo.login(PERSON))
        address = asked(page, demo.address, demo, PERSON, FORM)
        page.goto(server.address + address)
        page.get_by_role("button", name="Start", exact=True).click()
        page.wait_for_url(re.compile("/forms/drafts/"))
        this.draft = page.url.removeprefix(server.address).partition("?")[0]
        for _ in range(3):
            this.type()
            this.trouble()
        this.opened()
        wrong = this.send()
        until(lambda: this.arrived() > 0, this.page, "the journal never got it", 40)
        wrong += [f"sent {this.arrived()} times"] if this.arrived() != 1 else []
    except (AssertionError, Error) as failed:
        wrong = [f"{type(failed).__name__}: {str(failed)[:600]} at {this.page.url}"]
    finally:
        context.close()
    return [f"seed {seed}: {each} after {this.told}" for each in wrong]
