"""Files go both ways: a citizen adds a photo to a message, and the care team answers with a document."""

import io
import re
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pikepdf
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from e2e.browsing import Opens, Visitor
from e2e.demo import Demo

_UNIT = "Steinkjer legesenter"
_WITHIN = 20_000


def photo() -> bytes:
    """A picture that tells where it was taken."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (63.0, 25.0, 49.0)})
    out = io.BytesIO()
    Image.new("RGB", (800, 600), (180, 60, 40)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def document() -> bytes:
    """A PDF that would run a script when it is opened."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('x')")
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def chosen(page: Page, label: str | re.Pattern[str], name: str, media_type: str, body: bytes) -> None:
    page.get_by_label(label).set_input_files({"name": name, "mimeType": media_type, "buffer": body})


@pytest.mark.parametrize("has_script", [True, False], ids=["phone", "without-script"])
def test_a_photo_goes_and_a_document_comes_back(opens: Opens, demo: Demo, has_script: bool) -> None:
    citizen = opens(viewport={"width": 360, "height": 780}, java_script_enabled=has_script)
    topic = f"Såret {uuid4().hex[:6]}"
    citizen.logs_in("kari-nordli")
    thread = _writes_with_a_photo(citizen, topic, has_script)

    staff = opens()
    staff.page.goto(f"{demo.journal}/play")
    link = staff.page.get_by_role("link", name=topic)
    # The outbox brings it there.
    _until(link, staff.page.reload)
    link.click()
    with staff.page.expect_download() as saved:
        staff.page.get_by_role("link", name="saar.jpg").click()
    got = Path(saved.value.path()).read_bytes()
    with Image.open(io.BytesIO(got)) as seen:
        assert (seen.format, len(seen.getexif())) == ("JPEG", 0)
    staff.page.get_by_label("Svaret").fill("Se arket.")
    chosen(staff.page, re.compile(r"^Fil \(kan utelates"), "sårstell.pdf", "application/pdf", document())
    staff.page.get_by_role("button", name="Send svar").click()
    expect(staff.page.get_by_role("status")).to_have_text("Svaret er sendt.")

    page = citizen.page
    answer = page.get_by_role("link", name=re.compile("sårstell.pdf"))
    if has_script:
        # Nobody touches the page: the answer comes into it, and its file when it has been looked into.
        expect(answer).to_be_visible(timeout=_WITHIN)
    else:
        _until(answer, lambda: citizen.goes_to(thread))
    with page.expect_download() as saved:
        answer.click()
    body = Path(saved.value.path()).read_bytes()
    assert body.startswith(b"%PDF-")
    assert b"JavaScript" not in body


def _until(there: Locator, look_again: Callable[[], object]) -> None:
    patience = time.monotonic() + _WITHIN / 1000
    while not there.count():
        assert time.monotonic() < patience, f"{there} did not come"
        look_again()


def _writes_with_a_photo(citizen: Visitor, topic: str, has_script: bool) -> str:
    page = citizen.page
    citizen.goes_to("/messages/new")
    page.get_by_role("link", name=_UNIT).first.click()
    page.get_by_label(re.compile("^Spørsmål")).check()
    page.get_by_label("Emne").fill(topic)
    page.get_by_label("Melding", exact=False).last.fill("Se bildet.")
    chosen(page, "Legg ved bilde eller PDF", "saar.jpg", "image/jpeg", photo())
    if not has_script:
        page.get_by_role("button", name="Legg ved", exact=True).click()
    expect(page.get_by_text("saar.jpg")).to_be_visible(timeout=_WITHIN)
    expect(page.get_by_label("Emne")).to_have_value(topic)
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("link", name=re.compile("saar.jpg"))).to_be_visible(timeout=_WITHIN)
    return page.url.removeprefix(page.url.partition("/messages")[0]).partition("?")[0]
