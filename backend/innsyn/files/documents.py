"""What every PDF is held to, whoever sent it: how far its parts unfold, and that nothing in it acts."""

from collections.abc import Collection, Iterator
from typing import Final

import pikepdf

# What a compressed part of a document may unfold to: two megabytes can hold two gigabytes. qpdf has these limits for
# the whole process and wants them before its first document; nothing else in the process reads PDFs.
_UNFOLDED: Final = 16 * 1024 * 1024
pikepdf.settings.set_qpdf_limits(
    flate_max_memory=_UNFOLDED, run_length_max_memory=_UNFOLDED, dct_max_memory=_UNFOLDED
)

# Actions that leave the document, run a program or play something. Going to a page and a link to click are left.
_ACTS: Final = frozenset(
    "/JavaScript /Launch /SubmitForm /ImportData /GoToR /GoToE /Rendition /Movie /Sound /RichMediaExecute".split()
)
# What acts by itself, or holds another file.
ACTING_KEYS: Final = ("/AA", "/JS", "/XFA", "/JavaScript", "/EmbeddedFiles", "/EF", "/RichMediaContent")


def calm(pdf: pikepdf.Pdf, keys: Collection[str] = ACTING_KEYS) -> bool:
    """Take everything that acts out of the document, and whatever stands under `keys`. Whether there was any."""
    acted = False
    for thing in dictionaries(pdf):
        for key in keys:
            if key in thing:
                del thing[key]
                acted = True
        if str(thing.get("/S", "")) in _ACTS:
            for key in list(thing.keys()):
                del thing[key]
            acted = True
    return acted


def dictionaries(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary and stream of the document, each once."""
    left: list[object] = [pdf.trailer, *pdf.objects]
    while left:
        thing = left.pop()
        if isinstance(thing, pikepdf.Array):
            inside: list[object] = list(thing.as_list())
        elif isinstance(thing, pikepdf.Stream):
            yield thing
            inside = list(thing.stream_dict.as_dict().values())
        elif isinstance(thing, pikepdf.Dictionary):
            yield thing
            inside = list(thing.as_dict().values())
        else:
            continue
        # What is indirect is among pdf.objects already; following it here could go round in circles.
        left += [each for each in inside if isinstance(each, pikepdf.Object) and not each.is_indirect]
