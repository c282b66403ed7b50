"""What is kept of a file, and why the others are not."""

import io
from time import monotonic

import pikepdf
import pytest
from PIL import Image

from files import hostile
from files.hostile import PLACE, document, picture
from innsyn.files.checking import MOST_SIDE, MOST_TAKEN_IN, Checked, Refused, check
from innsyn.files.looking import looked_into
from innsyn.files.rules import MOST_BYTES, MOST_FILES, MOST_OF_A_DRAFT, has_room, is_wanted, name_of

_WORST_SECONDS = 25


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (hostile.SVG, "kind"),
        (hostile.HTML, "kind"),
        (hostile.ZIP, "kind"),
        (hostile.EXE, "kind"),
        (hostile.EICAR, "kind"),
        (hostile.GIF, "kind"),
        (hostile.HEIC, "kind"),
        (b"plain words", "kind"),
        (b" " + document(), "kind"),
        (hostile.pixel_bomb(), "too_many_pixels"),
        (hostile.scan_bomb(), "too_complex"),
        (document(encrypted=True), "encrypted"),
        (document(pages=201), "too_complex"),
        (b"%PDF-1.7\nnothing", "broken"),
        (b"\xff\xd8\xff\xe0 nothing", "broken"),
        (picture()[:400], "broken"),
        (picture(format_="PNG")[:60], "broken"),
        (b"\xff\xd8\xff" + bytes(MOST_TAKEN_IN), "too_large"),
        (document() + bytes(MOST_BYTES), "too_large"),
    ],
)
def test_what_is_not_kept_has_its_reason(body: bytes, reason: str) -> None:
    assert check(body) == Refused(reason)  # type: ignore[arg-type]


@pytest.mark.parametrize("bomb", [hostile.object_bomb, hostile.stream_bomb])
async def test_what_unfolds_without_end_is_met_in_a_process_of_its_own(bomb: object) -> None:
    begun = monotonic()
    found = await looked_into(bomb())  # type: ignore[operator]
    # A page that nobody unfolds is a document like any other; what would hold us up is not.
    assert isinstance(found, Checked) or found.reason == "too_complex"
    assert monotonic() - begun < _WORST_SECONDS


def test_a_photo_is_turned_made_smaller_and_tells_nothing_of_where() -> None:
    photo = hostile.photo()
    assert PLACE in photo
    kept = check(photo)
    assert isinstance(kept, Checked)
    with Image.open(io.BytesIO(kept.body)) as shown:
        assert (kept.media_type, shown.format, shown.size) == ("image/jpeg", "JPEG", (1875, MOST_SIDE))
        assert (
            len(shown.getexif()),
            set(shown.info) - {"jfif", "jfif_version", "jfif_unit", "jfif_density"},
        ) == (
            0,
            set(),
        )
    assert PLACE not in kept.body
    assert len(kept.body) < MOST_BYTES


def test_a_screenshot_stays_a_png_without_what_is_written_beside_it() -> None:
    kept = check(hostile.screenshot())
    assert isinstance(kept, Checked)
    assert (kept.media_type, PLACE in kept.body) == ("image/png", False)


def test_a_png_that_would_be_too_large_becomes_a_jpeg() -> None:
    out = io.BytesIO()
    noise = Image.effect_noise((1500, 1500), 90)
    Image.merge("RGBA", (noise, noise.rotate(90), noise.rotate(180), noise.rotate(270))).save(out, "PNG")
    kept = check(out.getvalue())
    assert isinstance(kept, Checked)
    assert (kept.media_type, len(kept.body) < MOST_BYTES) == ("image/jpeg", True)


@pytest.mark.parametrize("tail", [hostile.HTML, hostile.ZIP, hostile.EXE, hostile.SVG])
@pytest.mark.parametrize("front", [picture(), picture(format_="PNG"), document()])
def test_of_a_file_that_is_two_only_the_first_is_kept(front: bytes, tail: bytes) -> None:
    kept = check(front + tail)
    # A document with something after its end may also be one that nobody can read.
    assert isinstance(kept, Checked) or kept == Refused("broken")
    assert not isinstance(kept, Checked) or tail not in kept.body


def test_a_document_keeps_its_pages_and_nothing_that_acts_or_tells_who_wrote_it() -> None:
    kept = check(hostile.acting())
    assert isinstance(kept, Checked)
    with pikepdf.open(io.BytesIO(kept.body)) as pdf:
        every = pdf.Root.unparse() + b"".join(each.unparse() for each in pdf.objects)
        assert (len(pdf.pages), len(pdf.attachments)) == (1, 0)
    for word in (b"JavaScript", b"pwned", b"Launch", b"calc", b"OpenAction", b"virus"):
        assert word not in every, word
    plain = check(document())
    assert isinstance(plain, Checked)
    assert PLACE not in plain.body


def test_the_form_may_take_less() -> None:
    assert check(picture(), most=10) == Refused("too_large")
    assert isinstance(check(picture(), most=10**9), Checked)
    assert [is_wanted("image/png", wanted) for wanted in ((), ("image/*",), ("IMAGE/PNG",), ("application/pdf",))] == [
        True, True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Eske med metformin.JPEG", "Eske med metformin.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("C:\\Users\\Kari\\bilde.png", "bilde.jpg"),
        ("rapport\u202egnp.exe", "rapportgnp.jpg"),
        ("a\x00b\r\nSet-Cookie: x=1.jpg", "abSet-Cookie_ x=1.jpg"),
        ("", "fil.jpg"),
        ("....", "fil.jpg"),
        (".htaccess", "htaccess.jpg"),
        ('"><script>.png', "___script_.jpg"),
        ("å" * 300 + ".jpg", "å" * 80 + ".jpg"),
        ("Prøve 1.2.2026", "Prøve 1.2.jpg"),
        ("\ud800.jpg", "jpg.jpg"),
    ],
)
def test_a_name_says_what_it_is_and_nothing_else(said: str, name: str) -> None:
    assert name_of(said, "image/jpeg") == name


def test_there_is_room_for_so_much() -> None:
    assert has_room(1, MOST_OF_A_DRAFT - 1, 0)
    assert not has_room(2, MOST_OF_A_DRAFT - 1, 0)
    assert not has_room(1, 0, MOST_FILES)
