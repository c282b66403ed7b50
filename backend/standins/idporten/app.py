"""The provider's endpoints."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from authlib.oauth2.rfc6749.errors import OAuth2Error
from flask import Flask, Response, jsonify, redirect, request

from standins.idporten.clients import Client
from standins.idporten.contacts import serve_contacts
from standins.idporten.keys import SigningKeys
from standins.idporten.levels import HIGHEST, LEVELS, Login, from_hint, reaches
from standins.idporten.logouts import Notices
from standins.idporten.memory import PUSHED_REQUEST_LIVES, Memory, SignedIn, User
from standins.idporten.metadata import discovery
from standins.idporten.numbers import is_synthetic
from standins.idporten.pages import headers, logged_out_page, login_page, message_page
from standins.idporten.people import People
from standins.idporten.provider import Server, locale_of

# Cookies are shared between the ports of a host, so the name must not be one that the application uses.
COOKIE: Final = "idporten-standin"
_PRINTABLE = re.compile(r"[\x20-\x7e]+")


@dataclass(frozen=True)
class Provider:
    """What the endpoints share."""

    issuer: str
    clients: Mapping[str, Client]
    people: People
    memory: Memory = field(default_factory=Memory)
    keys: SigningKeys = field(default_factory=SigningKeys)

    @cached_property
    def notices(self) -> Notices:
        """Who is told of a logout."""
        return Notices(self.issuer, self.clients, self.keys, self.memory.clock)


def by_id(*clients: Client) -> dict[str, Client]:
    """The services by their names."""
    return {each.client_id: each for each in clients}


def create_app(provider: Provider) -> Flask:
    """The WSGI application. What it remembers is in `provider.memory`: it must be run by one thread."""
    app = Flask(__name__, template_folder="pages", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 64 * 1024
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the provider Flask has unless told otherwise
    server = Server(provider.issuer, provider.clients, provider.keys, provider.memory)
    app.after_request(headers(provider.clients))
    _serve_documents(app, provider)
    _serve_services(app, server)
    _serve_logins(app, server, provider.people)
    _serve_logouts(app, server, provider.notices)
    serve_contacts(app, provider.people)
    return app


def _serve_documents(app: Flask, provider: Provider) -> None:
    @app.get("/.well-known/openid-configuration")
    def configuration() -> Response:
        return jsonify(discovery(provider.issuer))

    # From memory and not as a file: asgiref never closes what Flask opens.
    css = (Path(__file__).parent / "pages" / "login.css").read_text(encoding="utf-8")

    @app.get("/login.css")
    def stylesheet() -> Response:
        return Response(css, mimetype="text/css")

    @app.get("/jwks.json")
    def keys() -> Response:
        return jsonify(provider.keys.published().as_dict(private=False))

    @app.post("/stand-in/rotate")
    def rotate() -> Response:
        return jsonify({"kid": provider.keys.rotate().kid})


def _serve_services(app: Flask, server: Server) -> None:
    @app.post("/par")
    def push() -> Any:  # noqa: ANN401  (Authlib answers in Flask's many shapes)
        asked = server.create_oauth2_request(None)
        try:
            sent = server.take_pushed(asked)
        except OAuth2Error as error:
            error.redirect_uri = None  # it is the service that asks, so it is the service that is told
            return server.handle_error_response(asked, error)
        key = f"urn:idporten:{server.memory.pushed.put(sent, None)}"
        return {"request_uri": key, "expires_in": PUSHED_REQUEST_LIVES}, HTTPStatus.CREATED

    @app.post("/token")
    def token() -> Any:  # noqa: ANN401
        return server.create_token_response()

    @app.route("/userinfo", methods=["GET", "POST"])
    def userinfo() -> Any:  # noqa: ANN401
        return server.create_endpoint_response("userinfo")


def _serve_logins(app: Flask, server: Server, people: People) -> None:
    @app.get("/authorize")
    def authorize() -> Any:  # noqa: ANN401
        sent = server.memory.pushed.take(request.args.get("request_uri", "").removeprefix("urn:idporten:"))
        if sent is None or request.args.get("client_id") != sent["client_id"]:
            return message_page(
                app, "Innloggingen kan ikke brukes", "Den er for gammel, eller den er brukt før."
            )
        answer = _without_a_page(server, sent)
        return answer or login_page(app, server.memory.pages.put(sent), sent, people)

    @app.post("/login")
    def login() -> Any:  # noqa: ANN401
        page = request.form.get("page", "")
        sent = server.memory.pages.look(page)
        if sent is None:
            return message_page(app, "Siden er for gammel", "Gå tilbake til tjenesten og logg inn på nytt.")
        if "cancel" in request.form:
            server.memory.pages.take(page)
            return server.answer(sent, None)
        chosen = Login(request.form.get("pid", "").replace(" ", ""), request.form.get("level", HIGHEST))
        if not is_synthetic(chosen.pid) or chosen.level not in LEVELS:
            return login_page(app, page, sent, people, refused=True)
        server.memory.pages.take(page)
        return _sign_in(server, sent, chosen)


def _serve_logouts(app: Flask, server: Server, notices: Notices) -> None:
    @app.route("/logout", methods=["GET", "POST"])
    def logout() -> Any:  # noqa: ANN401
        try:
            asked = server.validate_endpoint_request("end_session")
        except OAuth2Error:
            return message_page(app, "Utloggingen kan ikke brukes", "Tjenesten sendte noe vi ikke forstår.")
        ended = server.memory.sign_out(request.cookies.get(COOKIE, ""))
        response = _after_logout(app, notices.tell(ended) if ended else [], asked.redirect_uri)
        response.delete_cookie(COOKIE)
        return response


def _without_a_page(server: Server, sent: dict[str, str]) -> Any:  # noqa: ANN401
    hinted = from_hint(sent.get("login_hint", ""))
    if hinted and is_synthetic(hinted.pid):
        return _sign_in(server, sent, hinted)
    session = server.memory.session(request.cookies.get(COOKIE, ""))
    if session and not _must_ask_anew(server, sent, session):
        return _send_back(server, sent, session)
    return server.login_required(sent) if sent.get("prompt") == "none" else None


def _must_ask_anew(server: Server, sent: dict[str, str], session: SignedIn) -> bool:
    too_old = "max_age" in sent and server.memory.clock() - session.auth_time >= int(sent["max_age"])
    return too_old or sent.get("prompt") == "login" or not reaches(session.level, sent.get("acr_values", ""))


def _sign_in(server: Server, sent: dict[str, str], login: Login) -> Any:  # noqa: ANN401
    key, session = server.memory.sign_in(login.pid, login.level, request.cookies.get(COOKIE, ""))
    response = _send_back(server, sent, session)
    response.set_cookie(COOKIE, key, httponly=True, samesite="Lax")
    return response


def _send_back(server: Server, sent: dict[str, str], session: SignedIn) -> Any:  # noqa: ANN401
    client = server.clients[sent["client_id"]]
    return server.answer(sent, User(client, session, locale_of(sent.get("ui_locales", ""))))


def _after_logout(app: Flask, frames: list[str], back: str | None) -> Response:
    if back and not _PRINTABLE.fullmatch(request.values.get("state", " ")):
        return message_page(app, "Utloggingen kan ikke brukes", "Tjenesten sendte noe vi ikke forstår.")
    if back and not frames:
        return app.make_response(redirect(back))
    return logged_out_page(app, frames, back)
