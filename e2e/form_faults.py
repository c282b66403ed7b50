"""A person who answers a form while everything around them fails, by a seed: nothing is lost, nothing sent twice.

Every run has a task of its own, and that is what is counted in the end: what was sent for it, what left for it, and
what the journal holds as its answer. The journal may be told more than once; it may not have it twice.
"""

import random
import re
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qsl
from uuid import UUID

import httpx
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, Route, expect

from e2e.demo import Demo
from e2e.form_tasks import asked, publishes_anew, until
from e2e.second_server import Server

PERSON, FORM = "olav-nordli", "hva-er-viktig-for-deg"
FIELDS = ("Hva gir deg en god dag?", "Hva er du redd for, eller hva vil du helst slippe?")
_OVER = "UPDATE identity.session SET ended_at = now(), ended_why = 'idle' WHERE ended_at IS NULL"
_SENT = "SELECT count(*) FROM form.sent WHERE task_id = '%s'"
_LEFT = "SELECT string_agg(outbox_id::text, ' ') FROM journal.outbox WHERE conversation = '%s'"
_DRAWN = (
    "() => [...document.querySelectorAll('main form :is(input, textarea)')].map(each => each.defaultValue)"
)
# Opened as the page itself would: is this value in anything that lies on the device?
ON_THE_DEVICE = """value => new Promise(done => {
  const asked = indexedDB.open("forms")
  asked.onupgradeneeded = () => asked.transaction.abort()
  asked.onerror = () => done(false)
  asked.onsuccess = () => {
    const stores = asked.result.transaction(["keys", "kept"])
    const kept = stores.objectStore("kept"), ids = kept.getAllKeys(), boxes = kept.getAll()
    const keys = stores.objectStore("keys"), marks = keys.getAllKeys(), made = keys.getAll()
    stores.oncomplete = async () => {
      asked.result.close()
      const words = await Promise.all(ids.result.map((id, at) => {
        const { iv, box } = boxes.result[at], key = made.result[marks.result.indexOf(id.split(" ")[0])]?.key
        const how = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(id) }
        return key && crypto.subtle.decrypt(how, key, box).then(open => new TextDecoder().decode(open), () => "")
      }))
      done(words.some(text => text && [...new URLSearchParams(JSON.parse(text).body).values()].includes(value)))
    }
  }
})"""


@dataclass
class Run:
    """One person, their browser, and what they have typed and not yet changed, by the question."""

    demo: Demo
    server: Server
    browser: Browser
    context: BrowserContext
    page: Page
    rng: random.Random
    # The Task's own identifier, and the paths of the task and of its draft with us.
    occasion: UUID
    task: str
    draft: str = ""
    typed: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    # Everything that has been sent to us as it was typed, and what we said that we hold.
    going: set[str] = field(default_factory=set)
    saved: set[str] = field(default_factory=set)

    def listens(self, context: BrowserContext) -> None:
        """Hear what goes to us from this browser."""
        context.on("request", lambda one: self.going.update(_values(one)))
        context.on("response", lambda one: self.saved.update(_values(one.request) if one.ok else ()))

    def type(self, *far: str) -> None:
        """A new answer to one of the questions; there is more trouble when it has got as `far` as one of these."""
        reached = self.rng.choice(far or ("kept", "going", "saved"))
        question, value = self.rng.choice(FIELDS), f"svar {self.occasion.hex[:12]}-{len(self.told)}"
        self.told.append(f"type {question[:12]} {value} {reached}")
        self.page.get_by_label(question).fill(value)
        until(lambda: self._has_got(value, reached), self.page, f"never {reached}: {value}")
        self.typed[question] = value

    def _has_got(self, value: str, far: str) -> bool:
        if value in (self.saved if far == "saved" else self.going):
            return True
        with suppress(Error):  # being drawn anew
            is_kept = far == "kept" and self.page.evaluate(ON_THE_DEVICE, value)
            return is_kept or value in self.page.evaluate(_DRAWN)
        return False

    def trouble(self) -> None:
        """One of what may happen."""
        kind = self.rng.choice(("tab", "network", "session", "server", "version", "device"))
        self.told.append(kind)
        getattr(self, f"_{kind}")()

    def _tab(self) -> None:
        self._anew()
        self.opened()

    def _anew(self) -> None:
        # Without a word to the page that it is over.
        self.page.close()
        self.page = self.context.new_page()

    def _network(self) -> None:
        self.context.set_offline(True)
        self.type("kept")
        if self.rng.random() < 0.5:
            self._anew()
        self.context.set_offline(False)
        self.opened()

    def _session(self) -> None:
        self.type()
        self.demo.sql(_OVER)
        if self.rng.random() < 0.5:
            until(self._is_out, self.page, "the page never heard that the login has ended")
        self._anew()
        self.page.goto(self.demo.login(PERSON))
        self.opened()

    def _is_out(self) -> bool:
        fields = self.page.get_by_label(FIELDS[0])
        return not fields.is_visible() or self.page.locator("[data-device=login]").is_visible()

    def _server(self) -> None:
        self.server.kill()
        self.type("kept", "going")
        self.server.start()
        self.opened()

    def _version(self) -> None:
        publishes_anew(self.demo, FORM, f"9.{self.occasion.hex[:12]}.{len(self.told)}")
        self.type()

    def _device(self) -> None:
        """What is typed on another device is as much theirs."""
        other = self.browser.new_context(locale="nb-NO", storage_state=self.context.storage_state())
        self.listens(other)
        page = other.new_page()
        page.goto(self.server.address + self.draft)
        question, value = (
            self.rng.choice(FIELDS),
            f"fra en annen enhet {self.occasion.hex[:12]}-{len(self.told)}",
        )
        # The last one typed here has to be here first: who types over it there means to.
        until(lambda: self._has_come(page, question), page, f"never came to the other device: {question}")
        page.get_by_label(question).fill(value)
        until(lambda: value in self.saved, page, f"the other device never saved {value}")
        self.typed[question] = value
        until(lambda: self._has_come(page, question), page, "the other device lost it")
        other.close()
        self.opened()

    def _has_come(self, page: Page, question: str) -> bool:
        with suppress(Error):  # being drawn anew by itself, which ends what we ask for
            page.reload()
            return page.get_by_label(question).input_value() == self.typed.get(question, "")
        return False

    def opened(self) -> None:
        """The draft, with everything that lay on the device brought home."""
        self.page.goto(self.server.address + self.draft)
        wrong: list[str] = []

        def is_there() -> bool:
            wrong[:] = self.missing()
            return not wrong

        with suppress(AssertionError):
            return until(is_there, self.page, "", 30)
        raise AssertionError(f"lost: {wrong}")

    def missing(self) -> list[str]:
        """What was typed and is neither in the page nor told in it."""
        try:
            held = [self.page.get_by_label(each).input_value(timeout=500) for each in FIELDS]
            said = self.page.locator("#device").inner_text(timeout=500)
        except Error:
            # Being drawn anew.
            return list(self.typed.values())
        return [value for value in self.typed.values() if value not in held and value not in said]

    def send(self) -> list[str]:
        """Through the page to read through, with a cut at the worst moment for some; what is wrong in the end."""
        page = self.page
        for group, answer in (("Hvor mye vil du vite", "Det viktigste"), ("samtale om dette", "Nei")):
            page.get_by_role("group", name=re.compile(group)).get_by_label(answer, exact=True).check()
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
            if is_closed := self.rng.random() < 0.5:
                self._anew()
            self.context.set_offline(False)
            if is_closed:
                self.page.goto(self.server.address + self.draft)
        self.page.wait_for_url(re.compile("/forms/sent/"), timeout=40_000)
        said = self.page.get_by_role("main").inner_text()
        return [f"not on the receipt: {value}" for value in self.typed.values() if value not in said]

    def arrived(self) -> list[str]:
        """What is wrong with what has come of it, when the journal has it."""
        until(self._in_the_journal, self.page, "the journal never got it", 40)
        task = self.task.rpartition("/")[2]
        left = (self.demo.sql(_LEFT % task, "postgres") or "").split()
        told = httpx.get(f"{self.demo.journal}/received", trust_env=False).json()
        answers = self._in_the_journal()
        counts = {
            "sent": self.demo.sql(_SENT % task, "postgres"),
            "left": len(left),
            "received": sum(each["identifier"].partition("|")[2] in left for each in told),
            "in the journal": len(answers),
        }
        wrong = [f"{name} {count} times" for name, count in counts.items() if count != 1]
        return wrong + [
            f"not in the journal: {each}" for each in self.typed.values() if each not in answers[0]
        ]

    def _in_the_journal(self) -> list[str]:
        answers = (
            each for each in self.demo.newest().values() if each["resourceType"] == "QuestionnaireResponse"
        )
        return [str(each) for each in answers if str(self.occasion) in str(each.get("extension"))]


def _values(request: Request) -> set[str]:
    if not request.url.endswith("/live") or request.method != "POST":
        return set()
    return {value for _, value in parse_qsl(request.post_data or "")}


def unheard(route: Route) -> None:
    """Let it arrive, and nobody hear the answer."""
    route.fetch(max_redirects=0)
    route.abort()


def run(seed: int, browser: Browser, demo: Demo, server: Server) -> list[str]:
    """What went wrong in the run of this seed, with what was done before it; nothing where all is well."""
    context = browser.new_context(locale="nb-NO", reduced_motion="reduce")
    page = context.new_page()
    told: list[str] = []
    try:
        page.goto(demo.login(PERSON))
        occasion, task = asked(page, demo, PERSON, FORM)
        # S311: it is a seed, and no secret.
        rng = random.Random(seed)  # noqa: S311
        this = Run(demo, server, browser, context, page, rng, occasion, task, told=told)
        this.listens(context)
        page.goto(server.address + task)
        page.get_by_role("button", name="Start", exact=True).click()
        page.wait_for_url(re.compile("/forms/drafts/"))
        this.draft = page.url.removeprefix(server.address).partition("?")[0]
        for _ in range(3):
            this.type()
            this.trouble()
        this.opened()
        wrong = this.send()
        wrong += this.arrived()
    except (AssertionError, Error) as failed:
        wrong = [f"{type(failed).__name__}: {str(failed)[:600]} at {[each.url for each in context.pages]}"]
    finally:
        context.close()
    return [f"seed {seed}: {each} after {told}" for each in wrong]
