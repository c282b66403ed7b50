"""What a browser sees here, and the headers it comes with."""

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from flask import Flask, Response, render_template

from standins.idporten.levels import HIGHEST, LEVELS, from_hint
from standins.idporten.people import People

LEVEL_NAMES = dict(zip(LEVELS, ("Lavt", "Betydelig", "Høyt"), strict=True))


def headers(redirect_uris: tuple[str, ...]) -> Callable[[Response], Response]:
    """Strict headers for every answer. A form may lead to the service, by the redirect after it."""
    places = {f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, redirect_uris)}
    policy = (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {' '.join(sorted(places))}"
    )

    def add(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return add


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
