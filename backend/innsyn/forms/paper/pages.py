"""The receipt on paper."""

import asyncio
from typing import Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from innsyn.access.opening import ReadSession
from innsyn.forms.paper.drawing import pdf_of
from innsyn.forms.paper.views import paper_of
from innsyn.forms.sent import queries
from innsyn.forms.sent.views import sent_page
from innsyn.web.locale import catalogue
from innsyn.web.pages import locale_of


@get("/forms/sent/{sent_id:uuid}/receipt.pdf")
async def receipt(
    request: Request[Any, Any, Any], read_db: NamedDependency[ReadSession], sent_id: FromPath[UUID]
) -> Response[bytes]:
    """What was sent, to keep. Its name tells the number and nothing else."""
    reader, opened = await queries.sent_of(read_db, sent_id)
    locale = locale_of(request, reader.locale)
    texts = catalogue(locale)
    paper = paper_of(sent_page(reader, locale, opened), texts)
    name = "".join(letter for letter in paper.receipt if letter.isalnum())
    return Response(
        await asyncio.to_thread(pdf_of, paper, texts),
        media_type="application/pdf",
        headers={"content-disposition": f'attachment; filename="{name}.pdf"', "content-language": locale},
    )


routes = [receipt]
