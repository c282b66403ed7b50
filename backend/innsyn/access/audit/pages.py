"""The proof of the own rows of the log, to take away."""

import asyncio
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from innsyn.access.audit import queries
from innsyn.access.audit.views import proof_of
from innsyn.access.opening import ReadSession
from innsyn.web.locale import catalogue
from innsyn.web.pages import locale_of


@get("/access/log/proof")
async def proof(
    request: Request[Any, Any, Any],
    read_db: NamedDependency[ReadSession],
    before: Annotated[int, QueryParameter(ge=1, le=queries.NEWEST)] = queries.NEWEST,
) -> Response[bytes]:
    """A file that proves of each own row that it stands in the log as it was sealed (checked by verify.py --proof)."""
    own = await queries.own_rows(read_db, before)
    about = catalogue(locale_of(request, own.reader.locale)).text("audit.proof.about")
    # Some hundred thousand hashes for somebody with many rows: others need not wait for them.
    body = await asyncio.to_thread(
        proof_of, own.rows, own.seals, own.leaves, about=about, older=_older(own.rows)
    )
    headers = {"content-disposition": 'attachment; filename="innsynslogg-bevis.json"'}
    return Response(body, media_type="application/json", headers=headers)


def _older(rows: list[str]) -> str:
    if len(rows) < queries.MOST:
        return ""
    return f"/access/log/proof?before={msgspec.json.decode(rows[-1])['log_id']}"


routes = [proof]
