"""Forms for programs: what is asked, begun and sent, and a response as it left."""

from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath

from innsyn.access.opening import ReadSession
from innsyn.forms.sent import queries, views
from innsyn.forms.sent.views import FormsTold
from innsyn.web.problems import documented


@get(
    "/api/forms",
    operation_id="forms",
    tags=["forms"],
    include_in_schema=True,
    responses=documented(401, 404),
)
async def forms(read_db: NamedDependency[ReadSession]) -> FormsTold:
    """Tasks, the reader's own drafts, and what has been sent, each newest first (200 at most)."""
    reader, listed = await queries.forms_of(read_db)
    return views.told(reader, listed)


@get(
    "/api/forms/sent/{sent_id:uuid}",
    operation_id="sentForm",
    tags=["forms"],
    include_in_schema=True,
    responses={
        200: ResponseSpec(
            dict[str, object],
            description="A FHIR R4 QuestionnaireResponse; files are named by their urn:uuid",
            generate_examples=False,
            media_type="application/fhir+json",
        ),
        **documented(401, 404),
    },
)
async def sent(read_db: NamedDependency[ReadSession], sent_id: FromPath[UUID]) -> Response[bytes]:
    """What was sent, as it left."""
    return Response(await queries.response_of(read_db, sent_id), media_type="application/fhir+json")


routes = [forms, sent]
