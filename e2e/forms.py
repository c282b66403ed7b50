"""A desk that takes one small form, for what a browser does with it: no more of a server than the script asks of it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from playwright.sync_api import BrowserContext, Page

from innsyn.web.headers import security_headers
from innsyn.web.statics import BUILD, published
from innsyn.web.templates import environment

DRAFT = "/forms/drafts/5f0c0a8e-7f0e-4d0f-8a53-0e6f0f1d2c3b"
RECEIPT = "KTFM-RHVX-BDNL"
NAMES = ("0", "1", "2", "4")
_WHEN = '[{"q":"0","op":"=","v":["true"]}]'
_MANY = '[{"q":"2","op":">=","v":["1"]}]'


class Desk:
    """The draft as the desk has it, who is logged in by their mark ('' nobody), and every answer that was sent."""

    def __init__(self) -> None:
        self.mark = "kari__"
        self.answers: dict[str, str] = {}
        self.revision = 1
        self.kept: dict[int, dict[str, str]] = {1: {}}
        self.sent: dict[str, dict[str, str]] = {}
        self.saves = 0
        self.reload = False
        self.answers_nobody = False
        self.lock = threading.Lock()

    def live(self, fields: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Three-way, by field, as the real one."""
        if self.sent:
            return 410, {}
        base = self.kept[int(fields["revision"])]
        mine = {name: fields.get(name, "") for name in fields["on"].split()}
        changed = {name: value for name, value in mine.items() if value != base.get(name, "")}
        if any(
            self.answers.get(name, "") not in {base.get(name, ""), value} for name, value in changed.items()
        ):
            return 409, {"conflict": True}
        self.saves += 1
        self.answers |= changed
        self.revision += 1
        self.kept[self.revision] = dict(self.answers)
        number = self.answers.get("2", "").replace(",", ".")
        twice = str(float(number) * 2).replace(".", ",") if number.replace(".", "").isdigit() else ""
        problems = {"2": "Skriv et tall."} if number and not twice else {}
        shown = {"1": {"on": self.answers.get("0") == "true"}, "3": {"on": True, "value": twice}}
        said = {"revision": self.revision, "saved": "13.45", "fields": shown, "problems": problems}
        return 200, {**said, "reload": self.reload}

    def html(self, path: str) -> str:
        """The page at this address."""
        tool = environment("nb")
        said = tool.from_string("{{ form_device() }}").render()
        body = {"": self._fill, "/check": self._check}.get(path.removeprefix(DRAFT), self._nothing)()
        script = f'<script type="module" src="{published()["form.js"]}"></script>'
        app = f'<script type="module" src="{published()["app.js"]}"></script>'
        mark = f'<input type="hidden" name="m" value="{self.mark}">'
        out = f'<form method="post" action="/logout">{mark}<button>Ut</button></form>'
        head = f"<!doctype html><html lang=nb><head><title>Skjema</title>{app}{script}</head>"
        return f"{head}<body>{out}<h1>Skjema</h1>{body}{said}</body></html>"

    def _fill(self) -> str:
        value = self.answers.get
        hidden = "" if value("0") == "true" else " hidden"
        checked = " checked" if value("0") == "true" else ""
        return f"""<form method="post" action="{DRAFT}"><input type="hidden" name="m" value="{self.mark}">
<input type="hidden" name="on" value="{" ".join(NAMES)}"><input type="hidden" name="revision" value="{self.revision}">
<fieldset data-field="0"><legend>Har du vondt?</legend>
<label><input type="radio" name="0" value="true"{checked}>Ja</label>
<label><input type="radio" name="0" value="false">Nei</label></fieldset>
<div data-field="1" data-when='{_WHEN}'{hidden}>
<label for="i1">Hvor</label><input id="i1" name="1" value="{value("1", "")}">
<p data-field="5"{hidden}>Ta det med ro.</p>
<div data-field="6" data-told hidden><p data-field="7" hidden>Ring legen.</p></div></div>
<div data-field="2"><label for="i2">Hvor mange</label><input id="i2" name="2" value="{value("2", "")}">
<p id="e-2" hidden></p></div>
<p data-field="8" data-when='{_MANY}' hidden>Det er mange.</p>
<div data-field="3"><output name="3"></output></div>
<div data-field="4"><label for="i4">Mer</label><textarea id="i4" name="4">{value("4", "")}</textarea></div>
<button name="do" value="next">Neste</button></form>"""

    def _check(self) -> str:
        return f"""<form method="post" action="{DRAFT}/send"><input type="hidden" name="m" value="{self.mark}">
<input type="hidden" name="key" value="the-key"><input type="hidden" name="revision" value="{self.revision}">
<button>Send</button></form>"""

    @staticmethod
    def _nothing() -> str:
        return "<p>Her er ingenting.</p>"


# The address, the desk there, and a browser with the form.
Opened = tuple[str, Desk, BrowserContext, Page]


@contextmanager
def open_desk() -> Iterator[tuple[str, Desk]]:
    """Its address, until the end of the block."""
    desk = Desk()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _answering(desk))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}", desk
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


def _answering(desk: Desk) -> type[BaseHTTPRequestHandler]:  # noqa: C901 - a class of small methods
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path.startswith("/static/"):
                kind = "text/javascript" if path.endswith(".js") else "text/css"
                self._say(200, (BUILD / path.removeprefix("/static/")).read_bytes(), kind)
            elif path.startswith("/forms/sent/"):
                self._say(200, f"<h1>Sendt</h1><p>{RECEIPT}</p>".encode(), "text/html")
            else:
                self._say(200, desk.html(path).encode(), "text/html; charset=utf-8")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"] or 0)).decode()
            fields = dict(parse_qsl(body, keep_blank_values=True))
            with desk.lock:
                self._take(fields)

        def _take(self, fields: dict[str, str]) -> None:
            if desk.answers_nobody:
                self.close_connection = True
            elif self.path == "/logout":
                self._go("/")
            elif not desk.mark:
                self._say(401, b"<h1>Du er logget ut</h1>", "text/html")
            elif fields["m"] != desk.mark:
                self._say(409, b"<h1>En annen</h1>", "text/html")
            elif self.path.endswith("/live"):
                status, said = desk.live(fields)
                self._say(status, json.dumps(said).encode(), "application/json")
            elif self.path.endswith("/send"):
                desk.sent.setdefault(fields["key"], dict(desk.answers))
                self._go("/forms/sent/1")
            else:
                status, _ = desk.live(fields)
                self._say(409, b"<h1>Velg</h1>", "text/html") if status == 409 else self._go(f"{DRAFT}/check")

        def _go(self, where: str) -> None:
            self.send_response(303)
            self.send_header("location", where)
            self.send_header("content-length", "0")
            self.end_headers()

        def _say(self, status: int, body: bytes, kind: str) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            for name, value in security_headers([], production=False):
                self.send_header(name.decode(), value.decode())
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    return Answering


IN_THE_STORE = """() => new Promise(done => {
  const asked = indexedDB.open("forms")
  asked.onupgradeneeded = () => asked.transaction.abort()
  asked.onerror = () => done([])
  asked.onsuccess = () => {
    const all = asked.result.transaction("kept").objectStore("kept").getAllKeys()
    all.onsuccess = () => { asked.result.close(); done(all.result.map(id => id.split(" ")[0])) }
  }
})"""


def until(holds: Callable[[], Any], page: Page) -> None:
    """Wait, for ten seconds at most, until something outside the page is so."""
    for _ in range(200):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it never came to that")


def in_the_store(page: Page) -> list[str]:
    found: list[str] = page.evaluate(IN_THE_STORE)
    return found
