"""What a browser sees here, and the headers it comes with."""

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, Response, render_template

from standins.idporten.clients import Client
from standins.idporten.levels import HIGHEST, LEVELS, from_hint
from standins.idporten.people import People

NOBODY = "'none'"
LEVEL_NAMES = dict(zip(LEVELS, ("Lavt", "Betydelig", "Høyt"), strict=True))


def headers(clients: Mapping[str, Client]) -> Callable[[Response], Response]:
    """Strict headers for every answer.

    A form may lead to a service, by the redirect after it; a logout is told of in a frame.
    """

    def add(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
            f"frame-src {_origins(each.frontchannel_logout_uri for each in clients.values()) or NOBODY}; "
            f"form-action 'self' {_origins(uri for each in clients.values() for uri in each.redirect_uris)}"
        )
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return add


def _origins(uris: Iterable[str]) -> str:
    return " ".join(sorted({f"{each.scheme}://{each.netloc}" for each in map(urlsplit, filter(None, uris))}))


def login_page(
    app: Flask, page: str, sent: dict[str, str], people: People, *, refused: bool = False
) -> Response:
    """The page to pick a person on. `refused`: the number just given may not log in."""
    hint = from_hint(sent.get("login_hint", ""))
    html = render_template(
        "login.html",
        page=page,
        people=people.listed(),
        levels=LEVEL_NAMES,
        chosen_level=hint.level if hint else HIGHEST,
        refused=refused,
    )
    return app.make_response((html, HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK))


def message_page(
    app: Flask, heading: str, text: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST
) -> Response:
    """A page that ends the visit: there is no service to send the browser back to that may be trusted."""
    return app.make_response((render_template("message.html", heading=heading, text=text), status))


def logged_out_page(app: Flask, frames: list[str], back: str | None) -> Response:
    """The page that tells the services, in frames, and goes back to the one that asked when they have all answered."""
    return app.make_response(render_template("logged-out.html", frames=frames, back=back))
