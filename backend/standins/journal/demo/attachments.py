"""Files inside the record: a letter as PDF and pictures, made here, the same bytes each time."""

from datetime import datetime
from io import BytesIO

from fpdf import FPDF
from PIL import Image, ImageDraw, ImageFilter

_MONTHS = ("januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober",
           "november", "desember")  # fmt: skip
_MILLIMETRES_WIDE = 165
_SKIN = (226, 184, 160)


def letter_pdf(title: str, receiver: str, text: str, signed: tuple[str, str, datetime]) -> bytes:
    """A letter on A4 with language, title and outline. `signed` is unit, author and moment."""
    unit, author, moment = signed
    pdf = FPDF(format="A4")
    pdf.set_creation_date(moment)
    pdf.set_title(title)
    pdf.set_author(unit)
    pdf.set_lang("nb-NO")
    pdf.set_margins(22, 20)
    pdf.add_page()
    _line(pdf, unit, "B", 11)
    _line(pdf, f"{moment.day}. {_MONTHS[moment.month - 1]} {moment.year}", "", 10)
    _line(pdf, f"Til {receiver}", "", 10)
    pdf.ln(6)
    pdf.start_section(title)
    _line(pdf, title, "B", 16)
    pdf.ln(2)
    for block in text.strip().split("\n\n"):
        _line(pdf, block.removesuffix(":"), "B" if block.endswith(":") else "", 11)
        pdf.ln(2)
    pdf.ln(4)
    _line(pdf, f"Med vennlig hilsen {author}", "", 11)
    return bytes(pdf.output())


def skin_picture(seed: int) -> bytes:
    """A picture of a mole: an uneven dark spot on skin, as PNG."""
    picture = Image.new("RGB", (320, 240), _SKIN)
    draw = ImageDraw.Draw(picture)
    for step in range(26):
        shade = (150 - 3 * step, 96 - 2 * step, 74 - 2 * step)
        drift = (seed * (step + 3)) % 9
        draw.ellipse((112 + 2 * step + drift, 74 + 2 * step, 206 - step, 168 - step + drift), fill=shade)
        draw.ellipse((160 + step, 58 + step, 222 - step + drift, 132 - step + drift), fill=shade)
    for tick in range(9):
        draw.line((40 + 20 * tick, 214, 40 + 20 * tick, 222 if tick % 4 else 228), fill=(60, 60, 60), width=1)
    draw.line((40, 214, 200, 214), fill=(60, 60, 60), width=1)
    return _png(picture.filter(ImageFilter.GaussianBlur(1.6)))


def eye_picture() -> bytes:
    """A picture of the back of an eye: an orange disc with a bright spot and vessels, as PNG."""
    picture = Image.new("RGB", (320, 320), (12, 8, 8))
    draw = ImageDraw.Draw(picture)
    for step in range(70):
        draw.ellipse(
            (10 + step, 10 + step, 310 - step, 310 - step), fill=(120 + step, 42 + step // 2, 18 + step // 6)
        )
    for step in range(3):
        # Vessels leave the optic disc and bend around the yellow spot, above and below it.
        reach, drop = 205 - 30 * step, 58 + 32 * step
        draw.arc(
            (226 - reach, 160 - drop, 226, 160 + drop), 210, 355, fill=(116, 26, 18), width=4 - step // 2
        )
        draw.arc((226 - reach, 160 - drop, 226, 160 + drop), 5, 150, fill=(116, 26, 18), width=4 - step // 2)
    draw.ellipse((204, 134, 248, 184), fill=(246, 214, 150))
    draw.ellipse((112, 140, 146, 174), fill=(120, 44, 26))
    return _png(picture.filter(ImageFilter.GaussianBlur(2)))


def _png(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.quantize(64).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _line(pdf: FPDF, text: str, style: str, size: int) -> None:
    pdf.set_font("Helvetica", style, size)
    pdf.multi_cell(_MILLIMETRES_WIDE, size * 0.55, _printable(text), align="L", new_x="LMARGIN", new_y="NEXT")


def _printable(text: str) -> str:
    # The built-in PDF fonts cover Latin-1, which has all Norwegian letters; a few signs need a plainer one.
    return (
        text.replace("\u2013", "-")
        .replace("\u2265", ">=")
        .replace("\u2264", "<=")
        .encode("latin-1", "replace")
        .decode("latin-1")
    )
