"""A citizen of the demo at the forms, over HTTP as a browser without JavaScript does it."""

import html
import re
from time import monotonic, sleep
from typing import Self

import httpx

_TAG = re.compile(r"<[^>]+>")
_SECONDS = 60


class Citizen:
    """Somebody who logs in, agrees to the terms, and fills in forms."""

    def __init__(self, address: str, number: str) -> None:
        self.browser = httpx.Client(
            base_url=address,
            follow_redirects=True,
            timeout=_SECONDS,
            headers={"sec-fetch-site": "same-origin"},
        )
        here = self.browser.get(f"/login?login_hint=testid:{number}_idporten-loa-high")
        if here.url.path == "/start":
            self.browser.post("/start", data=inputs(the_form(here.text, "/start")))
            # The relatives can be looked at another time.
            here = self.browser.get("/")
        assert here.status_code == httpx.codes.OK, here.url
        assert here.url.path == "/", here.url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.browser.close()

    def begin(self, title: str) -> httpx.Response:
        """Go to the task with that title, and begin it: its first step."""
        listed = self.browser.get("/forms").text
        link = re.search(rf'href="?(/forms/(?:tasks|drafts)/[0-9a-f-]+)[^>]*>[^<]*{re.escape(title)}', listed)
        assert link, f"there is nothing called {title}: {words(listed)}"
        page = self.browser.get(link[1])
        if "/drafts/" in link[1]:
            return page
        start = f"{link[1]}/start"
        return self.browser.post(start, data=inputs(the_form(page.text, start)))

    def post(self, page: httpx.Response, do: str, **answers: str) -> httpx.Response:
        """Answer the questions with these texts (the number of a field and its value), and press a button."""
        return self.browser.post(
            page.url.path, data={**inputs(the_form(page.text, page.url.path)), **answers, "do": do}
        )

    def until(self, address: str, text: str) -> str:
        """The words of a page once they say this; an AssertionError after a minute."""
        end = monotonic() + _SECONDS
        while monotonic() < end:
            said = words(self.browser.get(address).text)
            if text in said:
                return said
            sleep(0.2)
        raise AssertionError(f"{text!r} never stood at {address}: {said}")


def the_form(page: str, action: str) -> str:
    """The form of a page that is sent to this address."""
    for form in re.findall(r"(?s)<form.*?</form>", page):
        if re.search(rf'action="?{re.escape(action)}["\s>?]', form.partition(">")[0] + ">"):
            return str(form)
    raise AssertionError(f"no form goes to {action}: {words(page)}")


def inputs(form: str) -> dict[str, str]:
    """The hidden fields, and every box to agree with."""
    found = {}
    for each in re.findall(r"<input[^>]*>", form):
        told = {
            name: value or bare for name, value, bare in re.findall(r'(\w+)=(?:"([^"]*)"|([^\s>"]+))', each)
        }
        if told.get("name") and told.get("type") in {"hidden", "checkbox"}:
            found[told["name"]] = html.unescape(told.get("value", "on"))
    return found


def words(page: str) -> str:
    """What a page says."""
    bare = re.sub(r"(?s)<(script|style|head)\b.*?</\1>", " ", page)
    return " ".join(html.unescape(_TAG.sub(" ", bare)).split())
