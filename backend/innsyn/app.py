"""The web process: which routes there are, what they are given, and what stands around them."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, Final

from litestar import Litestar, Request
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.types import ASGIApp, ControllerRouterHandler

from innsyn.access import api as access_api
from innsyn.access import pages as access_pages
from innsyn.access.acting import Acts
from innsyn.access.audit import pages as audit_pages
from innsyn.access.book import pages as book_pages
from innsyn.access.first_login import pages as first_login_pages
from innsyn.access.fullmakt import claiming_pages, giving_pages
from innsyn.access.fullmakt import pages as fullmakt_pages
from innsyn.access.hub import pages as hub_pages
from innsyn.access.live import pages as live_pages
from innsyn.access.live.changes import Changes
from innsyn.access.live.stream import Streams
from innsyn.access.opening import ReadSession
from innsyn.access.passkeys import pages as own_passkeys_pages
from innsyn.access.people import api as people_api
from innsyn.access.people import pages as people_pages
from innsyn.access.relations import pages as relations_pages
from innsyn.access.sessions import pages as sessions_pages
from innsyn.access.sessions.forms import must_be_their_own
from innsyn.access.wishes import pages as wishes_pages
from innsyn.db.pool import open_pool
from innsyn.db.sessions import WriteSession, write_session
from innsyn.files.scanning import Scanner
from innsyn.forms.drafts import live as drafts_live
from innsyn.forms.drafts import pages as drafts_pages
from innsyn.forms.files import pages as form_files_pages
from innsyn.forms.paper import pages as form_paper_pages
from innsyn.forms.sent import api as sent_forms_api
from innsyn.forms.sent import pages as sent_forms_pages
from innsyn.forms.standard import pages as form_standard_pages
from innsyn.forms.tasks import pages as form_tasks_pages
from innsyn.forms.terminology.over_http import terminology_at
from innsyn.forms.terminology.port import Terminology
from innsyn.home import pages as home_pages
from innsyn.home.reporting import pages as reporting_pages
from innsyn.identity import login_pages, logout_pages
from innsyn.identity.devices.cookie import remembering_devices
from innsyn.identity.oidc import Registration, RelyingParty, open_http_client
from innsyn.identity.oidc_client_keys import read_client_keys
from innsyn.identity.passkeys import pages as passkeys_pages
from innsyn.identity.sessions import cookie_name, token_of
from innsyn.messages import pages as messages_pages
from innsyn.messages.drafts import pages as message_drafts_pages
from innsyn.messages.files import pages as message_files_pages
from innsyn.messages.new import pages as new_messages_pages
from innsyn.notifications import pages as notifications_pages
from innsyn.notifications.subscriptions import pages as push_pages
from innsyn.operations.process import watched
from innsyn.operations.requests import Requests
from innsyn.records.access_log import pages as access_log_pages
from innsyn.records.choices import pages as choices_pages
from innsyn.records.history import api as history_api
from innsyn.records.history import pages as history_pages
from innsyn.records.opened import api as opened_api
from innsyn.records.opened import pages as opened_pages
from innsyn.records.timeline import api as timeline_api
from innsyn.records.timeline import pages as timeline_pages
from innsyn.refused import say_no
from innsyn.settings import Settings
from innsyn.web import health, templates
from innsyn.web.compression import Compression, dictionaries, dictionary_handlers
from innsyn.web.gate import Gate
from innsyn.web.head import Head
from innsyn.web.headers import Headers, security_headers
from innsyn.web.last_resort import LastResort
from innsyn.web.leaving import hears_of_leaving
from innsyn.web.marks import Marks
from innsyn.web.offline import offline
from innsyn.web.statics import Statics
from innsyn.web.whose import Whose, handle_of

_LONGEST_BODY = 64 * 1024
# Connections: each is held for a millisecond or two, and never while the provider is asked.
_MOST_LOGINS = 3


def create_app(settings: Settings) -> ASGIApp:
    """The application for one installation. It opens its pool when it starts, and closes it when it ends."""
    settings.must_have("database_web", "database_login", "issuer")
    settings.must_be_fit_to_serve()
    app = Litestar(
        route_handlers=_routes(settings),
        dependencies={
            "settings": Provide(lambda: settings, sync_to_thread=False, use_cache=True),
            "logins": Provide(_logins, sync_to_thread=False),
            "read_db": Provide(_read_db, sync_to_thread=False),
            "acts": Provide(_acts, sync_to_thread=False),
            "streams": Provide(_streams, sync_to_thread=False),
            "write_db": Provide(_write_db),
            "terminology": Provide(_terminology, sync_to_thread=False),
            "scanner": Provide(_scanner, sync_to_thread=False),
        },
        lifespan=[partial(_open, settings), partial(_listen, settings)],
        before_send=[remembering_devices(settings)],
        before_request=must_be_their_own,
        exception_handlers={Exception: say_no},
        openapi_config=_described(settings),
        # Of a page there is nothing to describe to a program; what is under /api/ says so itself.
        include_in_schema=False,
        request_max_body_size=_LONGEST_BODY,
        # A failure is logged by say_no, with the route and never with the address.
        logging_config=None,
    )
    pairs = security_headers(login_pages.form_targets(settings.issuer), production=settings.production)
    inner = Head(
        Compression(Gate(Marks(Whose(app), drafts_pages.LONGEST_STEP), settings.base_url), dictionaries())
    )
    return Requests(Headers(LastResort(inner), pairs))


# What is to be filled in.
_FORMS: Final[list[ControllerRouterHandler]] = [
    *form_standard_pages.routes,
    *form_files_pages.routes,
    *form_paper_pages.routes,
    *form_tasks_pages.routes,
    *drafts_pages.routes,
    *drafts_live.routes,
    *sent_forms_pages.routes,
    *sent_forms_api.routes,
]
# What is written to and by the care services.
_MESSAGES: Final[list[ControllerRouterHandler]] = [
    *messages_pages.routes,
    *reporting_pages.routes,
    *new_messages_pages.routes,
    *message_drafts_pages.routes,
    *message_files_pages.routes,
]
# What one is told of, and by which ways.
_NOTICES: Final[list[ControllerRouterHandler]] = [*notifications_pages.routes, *push_pages.routes]
# What is the same for everybody.
_FOR_EVERYBODY: Final[list[ControllerRouterHandler]] = [health.live, health.ready, offline]


def _routes(settings: Settings) -> list[ControllerRouterHandler]:
    return [
        # The record.
        home_pages.home,
        *timeline_pages.routes,
        *opened_pages.routes,
        history_pages.versions,
        *choices_pages.routes,
        timeline_api.entries,
        opened_api.entry,
        history_api.entry_versions,
        *_FORMS,
        *_MESSAGES,
        # Who may see it, and who has.
        *people_pages.routes,
        *people_api.routes,
        *book_pages.routes,
        *relations_pages.routes,
        *hub_pages.routes,
        *fullmakt_pages.routes,
        *giving_pages.routes,
        *claiming_pages.routes,
        *wishes_pages.routes,
        *access_log_pages.routes,
        *audit_pages.routes,
        *_NOTICES,
        # Who is here.
        access_pages.settings_page,
        access_pages.save_settings,
        *passkeys_pages.routes(settings, *own_passkeys_pages.routes),
        *first_login_pages.routes,
        *sessions_pages.routes,
        *live_pages.routes,
        access_api.me,
        login_pages.login_routes,
        logout_pages.logout_routes,
        *_FOR_EVERYBODY,
        *Statics().handlers(),
        *dictionary_handlers(),
    ]


def _described(settings: Settings) -> OpenAPIConfig:
    name = cookie_name(production=settings.production)
    session = SecurityScheme(
        type="apiKey", security_scheme_in="cookie", name=name, description="Given by logging in at /login"
    )
    return OpenAPIConfig(
        title="Innsyn",
        version="1",
        description=(
            "What a citizen reads in the pages, for programs. Dates and times are FHIR's. The entries of somebody "
            "else's record are at the same addresses after the `base` that /api/people tells."
        ),
        path="/schema",
        render_plugins=[JsonRenderPlugin()],
        use_handler_docstrings=True,
        components=Components(security_schemes={"session": session}),
        security=[{"session": []}],
    )


@asynccontextmanager
async def _open(settings: Settings, app: Litestar) -> AsyncIterator[None]:
    registration = Registration(
        issuer=settings.issuer,
        client_id=settings.client_id,
        redirect_uri=f"{settings.base_url}/login/callback",
        post_logout_redirect_uri=f"{settings.base_url}/logout/done",
        client_keys=read_client_keys(settings.client_key),
        production=settings.production,
    )
    async with (
        open_http_client() as http,
        await open_pool(settings.database_web) as pool,
        await open_pool(settings.database_login, most=_MOST_LOGINS) as login_pool,
        watched(settings, pool) as seen,
        terminology_at(settings.terminology) as terminology,
    ):
        app.state.terminology = terminology
        app.state.scanner = Scanner(settings.clamd)
        app.state.pool, app.state.seen = pool, seen
        app.state.passkeys = settings.passkeys
        app.state.session_cookie = cookie_name(production=settings.production)
        app.state.logins = login_pages.Logins(
            relying_party=RelyingParty(registration, http),
            pool=login_pool,
            issuer=settings.issuer,
            production=settings.production,
            idle=settings.idle,
            lifetime=settings.lifetime,
        )
        templates.say_of_files(are_scanned=app.state.scanner.is_there)
        templates.warm()
        # What is here now stays until the end: no collection needs to walk it again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 50)
        yield


@asynccontextmanager
async def _listen(settings: Settings, app: Litestar) -> AsyncIterator[None]:
    changes = Changes()
    app.state.streams = Streams(changes)

    def leave() -> None:
        # Whoever sends people here is told first; then those who are here and would stay.
        app.state.seen.leaving = True
        changes.stop()

    with hears_of_leaving(leave):
        async with changes.listening(settings.database_web):
            yield


def _logins(request: Request[Any, Any, Any]) -> login_pages.Logins:
    found: login_pages.Logins = request.app.state.logins
    return found


def _read_db(request: Request[Any, Any, Any]) -> ReadSession:
    state = request.app.state
    return ReadSession(state.pool, token_of(request.cookies.get(state.session_cookie)), handle_of(request))


def _acts(request: Request[Any, Any, Any]) -> Acts:
    state = request.app.state
    return Acts(state.pool, token_of(request.cookies.get(state.session_cookie)), handle_of(request))


def _streams(request: Request[Any, Any, Any]) -> Streams:
    found: Streams = request.app.state.streams
    return found


def _terminology(request: Request[Any, Any, Any]) -> Terminology:
    found: Terminology = request.app.state.terminology
    return found


def _scanner(request: Request[Any, Any, Any]) -> Scanner:
    found: Scanner = request.app.state.scanner
    return found


async def _write_db(request: Request[Any, Any, Any]) -> AsyncIterator[WriteSession]:
    async with write_session(request.app.state.pool) as session:
        yield session
