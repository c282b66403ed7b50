"""A receipt as PDF, with its title and language set, headings as bookmarks, and text that can be read out and copied.

The letters are Roboto's (Latin with Sami, Greek, Cyrillic). What it has no letter for is shown as a mark, and the last
lines say so: what was sent is whole all the same.
"""

from functools import cache
from importlib.resources import files
from typing import Final

from fontTools.ttLib import TTFont
from fpdf import FPDF, ViewerPreferences
from fpdf.enums import XPos, YPos

from innsyn.forms.filling.summary import Line, Section
from innsyn.forms.filling.tables import Table
from innsyn.forms.paper.views import Paper
from innsyn.web.locale import Catalogue

_FONTS: Final = files("font_roboto") / "files"
_FACES: Final = {"": str(_FONTS / "Roboto-Regular.ttf"), "B": str(_FONTS / "Roboto-Bold.ttf")}
_MARGIN: Final = 20.0
_SMALL, _TEXT, _TITLE = 9, 11, 20
_HEADINGS: Final = {2: 15, 3: 13, 4: 12}
_GREY: Final = (90, 90, 90)
_MISSING: Final = "¤"
# What directs or joins letters, and is none.
_NO_LETTERS: Final = frozenset("\n\u00ad\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff")


def pdf_of(paper: Paper, texts: Catalogue) -> bytes:
    """The receipt. The same paper gives the same bytes."""
    drawing = _Drawing(paper, texts)
    drawing.draw()
    return bytes(drawing.output())


@cache
def _letters() -> frozenset[str]:
    with TTFont(_FACES[""], lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


class _Drawing(FPDF):
    def __init__(self, paper: Paper, texts: Catalogue) -> None:
        super().__init__(format="A4")
        self._paper, self._texts = paper, texts
        self._has_missing = False
        self.set_margins(_MARGIN, _MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN + 5)
        self.set_title(texts.text("forms.paper.title"))
        self.set_lang(paper.language)
        self.set_creator("Innsyn")
        self.set_creation_date(paper.sent_at)
        # A reader shows the title in its frame, and not the name of the file.
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)
        for style, face in _FACES.items():
            self.add_font("Roboto", style, face)

    def draw(self) -> None:
        """Every page of it."""
        self.add_page()
        self._write(self._texts.text("forms.paper.title"), _TEXT, colour=_GREY)
        self._heading(self._paper.title, 0, _TITLE)
        for label, words in self._paper.facts:
            self._pair(label, (words,))
        for section in self._paper.sections:
            self._section(section)
        if self._has_missing:
            self.ln(6)
            self._write(self._texts.text("forms.paper.missing", mark=_MISSING), _SMALL, colour=_GREY)

    def footer(self) -> None:
        """The number of the receipt and of the page; fpdf2 asks for it at the end of each page."""
        self.set_y(-_MARGIN + 2)
        self.set_font("Roboto", "", _SMALL)
        self.set_text_color(*_GREY)
        told = self._texts.text("forms.paper.page", page=self.page_no(), pages="{nb}")
        self.cell(0, 5, f"{self._paper.receipt}   {told}", align="R")
        self.set_text_color(0, 0, 0)

    def _section(self, section: Section) -> None:
        self.ln(4)
        if section.title:
            self._heading(section.title, section.level - 1, _HEADINGS.get(section.level, _TEXT))
        for line in section.lines:
            self._answer(line)
        if section.table is not None:
            self._table(section.table)

    def _answer(self, line: Line) -> None:
        self._pair(line.question, line.words or (self._texts.text("forms.paper.no_answer"),))

    def _pair(self, label: str, words: tuple[str, ...]) -> None:
        # A question and the beginning of its answer stay together.
        if self.get_y() > self.page_break_trigger - 16:
            self.add_page()
        self.ln(2)
        self._write(label, _TEXT, "B")
        for each in words:
            self._write(each, _TEXT)

    def _table(self, table: Table) -> None:
        for row in table.rows:
            self.ln(2)
            for place, cell in enumerate(row):
                head = table.heads[place] if place < len(table.heads) else ""
                if head:
                    self._write(f"{head}: {cell}", _TEXT, "" if place else "B")
                elif cell:
                    self._write(cell, _TEXT, "" if place else "B")

    def _heading(self, text: str, level: int, size: int) -> None:
        if self.get_y() > self.page_break_trigger - 24:
            self.add_page()
        self.start_section(self._known(text), level=min(level, 3), strict=False)
        self._write(text, size, "B")

    def _write(self, text: str, size: int, style: str = "", colour: tuple[int, int, int] = (0, 0, 0)) -> None:
        self.set_font("Roboto", style, size)
        self.set_text_color(*colour)
        self.multi_cell(0, size * 0.5, self._known(text), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _known(self, text: str) -> str:
        """With a mark for each letter that there is none for."""
        made = "".join(
            each if each in _letters() or each in _NO_LETTERS else _MISSING for each in text.expandtabs()
        )
        self._has_missing |= _MISSING in made and _MISSING not in text
        return made
