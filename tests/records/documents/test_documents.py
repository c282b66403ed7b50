"""Files as they really are: known by their bytes, without what acts, without where a picture was taken."""

import io
import struct
import time
import zlib
from base64 import b64encode

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from innsyn.records.documents import MAX_BYTES, Checked, Refused, check
from records.populations import needs_real_data, resources_of

PICTURE = Image.new("RGB", (12, 8), (200, 30, 60))


def drawn(format_: str, picture: Image.Image = PICTURE, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, format_, **how)
    return out.getvalue()


def pdf(**root: object) -> bytes:
    made = pikepdf.new()
    made.add_blank_page(page_size=(200, 200))
    for key, value in root.items():
        made.Root[f"/{key}"] = made.make_indirect(value) if isinstance(value, pikepdf.Dictionary) else value
    out = io.BytesIO()
    made.save(out, static_id=True)
    return out.getvalue()


def action(kind: str, **said: object) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(
        {"/S": pikepdf.Name("/" + kind), **{f"/{key}": value for key, value in said.items()}}
    )


def test_a_pdf_is_shown_as_it_came() -> None:
    body = pdf()
    assert check(body, "application/pdf") == Checked("application/pdf", body)
    assert check(b64encode(body).decode(), "image/png") == Checked("application/pdf", body)


@pytest.mark.parametrize(
    "kind", ["JavaScript", "Launch", "SubmitForm", "ImportData", "GoToR", "GoToE", "Rendition"]
)
def test_a_pdf_that_acts_comes_without_its_actions(kind: str) -> None:
    said = {"JS": pikepdf.String("app.alert(1)")} if kind == "JavaScript" else {}
    body = pdf(OpenAction=action(kind, **said), AA=pikepdf.Dictionary(WC=action(kind, **said)))
    checked = check(body, "application/pdf")
    assert isinstance(checked, Checked)
    left = checked.body
    for trace in (b"/" + kind.encode(), b"app.alert", b"/AA"):
        assert trace not in left, trace
    assert check(body, "application/pdf") == checked
    assert check(left, "application/pdf") == checked


def test_an_action_hidden_in_a_link_a_name_tree_or_a_compressed_object_goes_too() -> None:
    made = pikepdf.new()
    page = made.add_blank_page(page_size=(200, 200))
    js = action("JavaScript", JS=pikepdf.String("app.alert(1)"))
    link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], A=js)
    page.obj.Annots = made.make_indirect(pikepdf.Array([made.make_indirect(link)]))
    made.Root.Names = pikepdf.Dictionary(
        JavaScript=pikepdf.Dictionary(Names=[pikepdf.String("x"), made.make_indirect(js)]),
        EmbeddedFiles=pikepdf.Dictionary(Names=[]),
    )
    made.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=made.make_stream(b"<xdp/>"))
    out = io.BytesIO()
    made.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    checked = check(out.getvalue(), "application/pdf")
    assert isinstance(checked, Checked)
    with pikepdf.open(io.BytesIO(checked.body)) as read:
        everything = " ".join(each.unparse(resolved=True).decode("latin-1") for each in read.objects)
    for trace in ("/JavaScript", "app.alert", "/XFA", "/EmbeddedFiles"):
        assert trace not in everything


def folded(megabytes: int) -> bytes:
    """A PDF that acts when opened, by an object in a compressed part that unfolds to so much."""
    folding = zlib.compressobj(9)
    packed = folding.compress(b"4 0 <</S/JavaScript/JS(app.alert(1))>>")
    packed += b"".join(folding.compress(b" " * 1024 * 1024) for _ in range(megabytes)) + folding.flush()
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: page,
    }
    objects[5] = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (
        len(packed),
        packed,
    )
    body, at = b"%PDF-1.7\n", {}
    for number, content in objects.items():
        at[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = [
        (0, 0, 65535),
        (1, at[1], 0),
        (1, at[2], 0),
        (1, at[3], 0),
        (2, 5, 0),
        (1, at[5], 0),
        (1, len(body), 0),
    ]
    rows = b"".join(struct.pack(">BIH", *row) for row in table)
    head = b"6 0 obj\n<</Type/XRef/Size 7/W[1 4 2]/Root 1 0 R/Length %d>>stream\n" % len(rows)
    return body + head + rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF" % len(body)


@pytest.mark.parametrize("megabytes", [0, 1000])
def test_a_part_that_unfolds_to_a_gigabyte_stays_folded_and_hides_nothing(megabytes: int) -> None:
    hidden = folded(megabytes)
    begun = time.process_time()
    checked = check(hidden, "application/pdf")
    # Unfolding it takes more than a gigabyte and several seconds.
    assert time.process_time() - begun < 1
    assert isinstance(checked, Checked)
    assert checked.body != hidden
    with pikepdf.open(io.BytesIO(checked.body)) as read:
        assert b"app.alert" not in b" ".join(each.unparse(resolved=True) for each in read.objects)


def test_a_pdf_behind_a_password_is_refused() -> None:
    with pikepdf.open(io.BytesIO(pdf())) as made:
        out = io.BytesIO()
        made.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert check(out.getvalue(), "application/pdf") == Refused("encrypted")


@pytest.mark.parametrize("body", [b"%PDF-", b"%PDF-1.7\n%%EOF", b"%PDF-1.7\n" + b"<<" * 5000, pdf()[:200]])
def test_a_broken_pdf_is_refused(body: bytes) -> None:
    assert check(body, "application/pdf") == Refused("broken")


@pytest.mark.parametrize(
    ("format_", "shown_as"), [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/png")]
)
def test_a_picture_is_drawn_anew(format_: str, shown_as: str) -> None:
    checked = check(drawn(format_), "text/plain")
    assert isinstance(checked, Checked)
    assert checked.media_type == shown_as
    with Image.open(io.BytesIO(checked.body)) as picture:
        assert picture.size == (12, 8)
        found = picture.convert("RGB").crop((5, 5, 6, 6)).tobytes()
    assert max(abs(got - put) for got, put in zip(found, (200, 30, 60), strict=True)) < 12
    assert check(drawn(format_), "text/plain") == checked


def test_where_a_picture_was_taken_stays_behind() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Kjøkkenet hjemme"
    exif.get_ifd(0x8825)[2] = (63.0, 45.0, 0.0)
    for format_ in ("JPEG", "PNG"):
        body = (
            drawn(format_, exif=exif, comment="hemmelig") if format_ == "JPEG" else drawn(format_, exif=exif)
        )
        checked = check(body + b"<script>polyglot</script>", "image/jpeg")
        assert isinstance(checked, Checked)
        for trace in (b"Exif", b"hjemme", b"hemmelig", b"polyglot", b"eXIf"):
            assert trace not in checked.body


def test_a_picture_on_its_side_is_turned() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    checked = check(drawn("JPEG", exif=exif), "image/jpeg")
    assert isinstance(checked, Checked)
    with Image.open(io.BytesIO(checked.body)) as picture:
        assert picture.size == (8, 12)


def test_transparency_is_kept() -> None:
    checked = check(drawn("PNG", Image.new("RGBA", (4, 4), (0, 0, 0, 0))), "")
    assert isinstance(checked, Checked)
    with Image.open(io.BytesIO(checked.body)) as picture:
        assert picture.mode == "RGBA"


@pytest.mark.parametrize("size", [(30_000, 10), (8_000, 8_000), (16_000, 16_000)])
def test_a_picture_that_would_fill_the_memory_is_refused(size: tuple[int, int]) -> None:
    assert check(drawn("PNG", Image.new("1", size)), "image/png") == Refused("too_many_pixels")


@pytest.mark.parametrize(
    "body", [drawn("PNG")[:40], drawn("JPEG")[:30], b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a"]
)
def test_a_broken_picture_is_refused(body: bytes) -> None:
    assert check(body, "image/png") == Refused("broken")


@pytest.mark.parametrize("claimed", ["text/plain", "text/plain; charset=utf-8", ""])
def test_text_is_text(claimed: str) -> None:
    assert check("Blåbær".encode(), claimed) == Checked("text/plain", "Blåbær".encode())


def test_old_windows_text_becomes_utf_8() -> None:
    assert check("Blåbær".encode("cp1252"), "text/plain") == Checked("text/plain", "Blåbær".encode())


@pytest.mark.parametrize(
    ("body", "claimed"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "image/svg+xml"),
        (b"<svg onload='x()'/>", "text/plain"),
        (b"\xef\xbb\xbf <!DOCTYPE html><script>x()</script>", "text/plain"),
        (b"<html>", ""),
        (b"<?xml version='1.0'?><ClinicalDocument/>", "application/xml"),
        (b"PK\x03\x04zip", "application/pdf"),
        (b"MZ\x90\x00exe", "image/png"),
        (b"\x00\x01\x02", ""),
        (b"ID3\x03mp3", "audio/mpeg"),
        (b"plain", "text/html"),
    ],
)
def test_everything_else_is_refused_whatever_it_is_called(body: bytes, claimed: str) -> None:
    assert check(body, claimed) == Refused("kind")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", "empty"),
        (b"", "empty"),
        ("!!!", "not_base64"),
        ("abc", "not_base64"),
        ("æøå", "not_base64"),
        (b"a" * (MAX_BYTES + 1), "too_large"),
        ("a" * (MAX_BYTES * 2), "too_large"),
    ],
    ids=lambda data: str(data)[:12],
)
def test_a_refusal_has_a_name(data: str | bytes, reason: str) -> None:
    assert check(data, "text/plain") == Refused(reason)


def test_base64_may_have_line_breaks() -> None:
    assert check("SGVp\r\n IEthcmk=", "text/plain") == Checked("text/plain", b"Hei Kari")


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"GIF89a"]),
)
def test_no_bytes_break_the_check(body: bytes, magic: bytes) -> None:
    assert isinstance(check(magic + body, ""), Checked | Refused)


@needs_real_data
@pytest.mark.parametrize("population", ["hl7au-test-data", "hl7-fhir-r4-examples"])
def test_real_files_are_what_they_are(population: str) -> None:
    binaries = [each for _, each in resources_of(population) if each["resourceType"] == "Binary"]
    assert binaries
    for binary in binaries:
        checked = check(binary["data"], binary["contentType"])
        assert isinstance(checked, Checked)
        assert checked.media_type == binary["contentType"]
