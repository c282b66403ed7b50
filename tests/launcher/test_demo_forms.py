"""A form of the demo from the to-do list to the unit that asked, and back: every part is the real one."""

import io
import re
from pathlib import Path

import httpx
import pikepdf

from files import hostile
from launcher.answering import Citizen, inputs, the_form, words
from launcher.test_demo import demo, free_port, until_ready

OLAV = "03824021138"
KARI = "12846813010"
# The questions of standins/journal/forms/legemidlene-mine.json, by their place in it.
USES, NAME, STRENGTH, HOW_OFTEN, PICTURE, PROBLEMS = "1", "3.0", "4.0", "5.0", "9", "10"
NO = "http://innsyn.test/fhir/CodeSystem/ja-nei|nei"
ONCE = "http://innsyn.test/fhir/CodeSystem/hvor-ofte-medisin|1"


def test_a_form_is_filled_in_sent_and_received(tmp_path: Path) -> None:
    with demo(tmp_path, INNSYN_PORT=free_port()) as process:
        address, _ = until_ready(process)
        with Citizen(address, OLAV) as olav, Citizen(address, KARI) as kari:
            its_way(olav, kari)
        process.terminate()
        process.wait(timeout=30)


def its_way(olav: Citizen, kari: Citizen) -> None:
    """Olav answers with a medicine that he finds, and a picture; the municipality receives it."""
    page = olav.begin("Legemidlene jeg bruker")
    draft = page.url.path
    found = olav.post(page, f"search:{NAME}", **{USES: "true", f"{NAME}-q": "metf"})
    key = re.search(r'value="([^"]*A10BA02[^"]*)"', found.text)
    assert key, words(found.text)
    answers = {USES: "true", NAME: key[1], STRENGTH: "500 mg", HOW_OFTEN: ONCE, PROBLEMS: NO}
    saved = olav.post(found, "update", **answers)
    file = with_a_picture(olav, saved, draft)
    check = olav.post(olav.browser.get(draft), "check", **answers)
    assert ("Metformin" in words(check.text), check.url.path) == (True, f"{draft}/check"), words(check.text)
    receipt = olav.browser.post(f"{draft}/send", data=inputs(the_form(check.text, f"{draft}/send")))
    assert receipt.url.path.startswith("/forms/sent/"), words(receipt.text)
    said = olav.until(receipt.url.path, "500 mg")
    assert "eske.jpg" in said
    olav.until(receipt.url.path, "har tatt imot svarene dine")
    assert_done(olav, receipt.url.path, file)
    nobody_else(kari, receipt.url.path, file)


def with_a_picture(olav: Citizen, page: httpx.Response, draft: str) -> str:
    """The address of the file that was added."""
    mark = re.search(r'name="?m"? value="?([\w-]+)', page.text)
    assert mark
    sent = olav.browser.post(
        f"{draft}/files",
        data={"m": mark[1], "field": PICTURE, "step": "0"},
        files={"file": ("../eske.jpeg", hostile.photo(), "image/jpeg")},
    )
    assert (sent.url.path, "eske.jpg" in words(sent.text)) == (draft, True), words(sent.text)
    file = re.search(r"/forms/files/[0-9a-f-]{36}", sent.text)
    assert file
    return file[0]


def assert_done(olav: Citizen, receipt: str, file: str) -> None:
    """The paper and the file are there, and nothing is asked any more."""
    paper = olav.browser.get(f"{receipt}/receipt.pdf")
    with pikepdf.open(io.BytesIO(paper.content)) as pdf:
        assert (str(pdf.Root.Lang), len(pdf.pages) > 0) == ("nb-NO", True)
    assert olav.browser.get(file).headers["content-type"] == "image/jpeg"
    assert "Legemidlene jeg bruker" not in words(olav.browser.get("/").text)


def nobody_else(kari: Citizen, receipt: str, file: str) -> None:
    """To somebody else there is no such page."""
    gone = [kari.browser.get(each).status_code for each in (receipt, f"{receipt}/receipt.pdf", file)]
    assert gone == [httpx.codes.NOT_FOUND] * 3
