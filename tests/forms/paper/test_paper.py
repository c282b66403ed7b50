"""The receipt on paper: what can be read out of it is what was answered, and no more."""

import io
import re
from datetime import UTC, datetime

import pikepdf

from forms.drafts import begun
from innsyn.forms.filling.summary import Line, Section
from innsyn.forms.filling.tables import Table
from innsyn.forms.paper.drawing import pdf_of
from innsyn.forms.paper.views import Paper
from innsyn.web.locale import catalogue
from world import KARI, OLA, World

SAMI = "Mun čuojahan, áhči šaddá ŋ đ ŧ ž – «æøåÆØÅ»"


def read_out(body: bytes) -> str:
    """The text of every page without its spaces, by the maps of letters that a reader uses."""
    with pikepdf.open(io.BytesIO(body)) as pdf:
        return "".join(_words(page) for page in pdf.pages)


def _words(page: pikepdf.Page) -> str:
    fonts = {name: _letters(font.ToUnicode.read_bytes()) for name, font in page.resources.Font.items()}
    said, font = "", ""
    for instruction in pikepdf.parse_content_stream(page):
        operands, operator = instruction.operands, instruction.operator
        if str(operator) == "Tf":
            font = str(operands[0])
        elif str(operator) in {"Tj", "TJ"}:
            parts = operands[0] if str(operator) == "TJ" else [operands[0]]
            raw = b"".join(bytes(each) for each in parts if isinstance(each, pikepdf.String))
            said += "".join(fonts[font][raw[at : at + 2]] for at in range(0, len(raw), 2))
    return "".join(said.split())


def _letters(table: bytes) -> dict[bytes, str]:
    found = re.findall(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]+)>", table)
    return {bytes.fromhex(a.decode()): bytes.fromhex(b.decode()).decode("utf-16-be") for a, b in found}


def paper(*lines: Line, table: Table | None = None) -> Paper:
    return Paper(
        title="Før timen",
        receipt="7KQ4-92MX",
        sent_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
        language="nb-NO",
        facts=[("Gjelder", "Kari Nordli")],
        sections=[Section(title="Om deg", level=2, step=0, lines=list(lines), table=table)],
    )


def test_every_answer_can_be_read_out_as_it_was_written() -> None:
    lines = [
        Line(name=str(n), question=f"Spørsmål {n}?", words=(f"{SAMI} {n}", "x" * 400)) for n in range(40)
    ]
    table = Table(heads=("Legemiddel", "Styrke"), rows=(("Metformin", "500 mg"),))
    body = pdf_of(paper(*lines, table=table), catalogue("nb"))
    said = re.sub(r"7KQ4-92MXSide\d+av\d+", "", read_out(body))
    wanted = ["Kvittering for innsendt skjema", "Før timen", "Gjelder", "Kari Nordli", "Om deg"]
    wanted += [each for line in lines for each in (line.question, *line.words)]
    wanted += ["Legemiddel: Metformin", "Styrke: 500 mg"]
    assert said == "".join("".join(wanted).split())
    with pikepdf.open(io.BytesIO(body)) as pdf:
        assert (str(pdf.Root.Lang), str(pdf.docinfo["/Title"])) == ("nb-NO", "Kvittering for innsendt skjema")
        assert (len(pdf.pages) > 3, "Outlines" in str(pdf.Root.keys())) == (True, True)
    assert pdf_of(paper(*lines, table=table), catalogue("nb")) == body


def test_what_there_is_no_letter_for_is_marked_and_said() -> None:
    said = read_out(pdf_of(paper(Line(name="1", question="Hva?", words=("قلب 😴",))), catalogue("nb")))
    assert "Hva?¤¤¤¤¤stårdernoe" in said
    assert "¤stårder" not in read_out(pdf_of(paper(Line(name="1", question="Hva?")), catalogue("nb")))


async def test_whoever_sent_it_gets_it_and_nobody_else(world: World) -> None:
    await begun.asked(world)
    kari = await world.log_in(KARI)
    draft = await begun.begin(world, kari)
    await begun.save(kari, draft, await begun.opened(kari, draft), _1="false", _2="Tanker & uro")
    receipt = f"{(await begun.send(kari, draft)).headers['location'].partition('?')[0]}/receipt.pdf"
    given = await kari.get(receipt)
    said = read_out(given.content)
    assert (given.headers["content-type"], "Hvaholderdegvåken?Tanker&uro" in said) == (
        "application/pdf",
        True,
    )
    assert KARI not in said
    assert re.fullmatch(r'attachment; filename="[A-Z0-9]+\.pdf"', given.headers["content-disposition"])
    assert (await (await world.log_in(OLA)).get(receipt)).status_code == 404
