"""The pages, and what their forms do."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from jinja2 import Environment, PackageLoader, StrictUndefined
from litestar import Response, Router, get, post
from litestar.datastructures import State
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.params import FromPath
from litestar.response import Redirect

from standins.journal.desk import Desk, Thread
from standins.journal.messages import files_of
from standins.journal.play import acts, views
from standins.journal.play.acts import Said
from standins.journal.play.asked import MOST_BYTES, Asked, Fields, Wrong, fields, thread_of, unit_of
from standins.journal.play.files import download
from standins.journal.play.guarding import only_here, refused, with_headers
from standins.journal.taken import written

# The file, and the rest of the form.
_LARGEST = MOST_BYTES + 256 * 1024
_NO_PERSON, _NO_UNIT = "Velg en innbygger.", "Velg en enhet."
_LISTED = 200
Act = Callable[[Desk, Thread, Fields, datetime], Awaitable[Sequence[Said]]]


@get("/", sync_to_thread=False)
def inbox(request: Asked, state: State) -> Response[str]:
    """Threads that wait first, of one unit if one is chosen."""
    desk: Desk = state.desk
    chosen = request.query_params.get("unit", "")
    threads = [each for each in desk.threads() if chosen in {"", each.unit}]
    lines = [views.line(desk, each) for each in threads[:_LISTED]]
    return _page("inbox.html", request, lines=lines, units=views.units(desk), chosen=chosen)


@get("/threads/{id_:str}", sync_to_thread=False)
def thread(request: Asked, state: State, id_: FromPath[str]) -> Response[str]:
    """One thread, with all that can be done about it."""
    return _thread_page(request, state.desk, thread_of(state.desk, id_))


@post("/threads/{id_:str}/{act:str}", request_max_body_size=_LARGEST)
async def act_on_thread(
    request: Asked, state: State, id_: FromPath[str], act: FromPath[str]
) -> Response[Any]:
    """Read, answer, hand on, close, or tell the outcome."""
    about = thread_of(state.desk, id_)
    if act not in _ACTS:
        raise NotFoundException
    told = await fields(request)
    try:
        said = await _ACTS[act](state.desk, about, told, state.clock())
    except Wrong as wrong:
        return _thread_page(request, state.desk, about, act, wrong, told)
    return _done(state, said, act, f"/play/threads/{id_}")


@post("/messages/{message:str}/{act:str}")
async def act_on_message(
    request: Asked, state: State, message: FromPath[str], act: FromPath[str]
) -> Response[Any]:
    """Correct or recall what the care team has written."""
    desk: Desk = state.desk
    held = desk.find("Communication", desk.knows(message))
    if held is None or act not in {"correct", "recall"}:
        raise NotFoundException
    told = await fields(request)
    about = thread_of(desk, told.text("thread"))
    try:
        text = told.needed("text", "Skriv hva meldingen skal si.") if act == "correct" else ""
    except Wrong as wrong:
        return _thread_page(request, desk, about, f"correct-{message}", wrong, told)
    said = acts.correct(held, text) if act == "correct" else acts.recall(held)
    return _done(state, said, act, f"/play/threads/{about.id}")


@get("/messages/{message:str}/files/{number:int}", sync_to_thread=False)
def file(state: State, message: FromPath[str], number: FromPath[int]) -> Response[Any]:
    """A file of a message, to be kept and not shown."""
    held = state.desk.find("Communication", state.desk.knows(message))
    told = files_of(held.resource) if held else []
    if not 0 <= number < len(told) or not (found := download(state.door.files, told[number])):
        raise NotFoundException
    return found


@get("/new", sync_to_thread=False)
def new(request: Asked, state: State) -> Response[str]:
    """To write to a citizen: first as which unit."""
    return _new_page(request, state.desk)


@post("/new", request_max_body_size=_LARGEST)
async def begin(request: Asked, state: State) -> Response[Any]:
    """A thread that a unit begins."""
    desk, told = state.desk, await fields(request)
    try:
        unit = told.chosen("HealthcareService", "unit", _NO_UNIT)
        patient = told.chosen("Patient", "patient", _NO_PERSON)
        topic = told.needed("topic", "Skriv et emne.")
        sent = await told.writing(unit)
    except Wrong as wrong:
        return _new_page(request, desk, wrong, told)
    said = (
        []
        if desk.knows(sent.key)
        else acts.begin(unit, patient.resource, topic, "other", sent, state.clock())
    )
    return _done(state, said, "answer", f"/play/threads/{sent.key}")


@get("/forms", sync_to_thread=False)
def forms(request: Asked, state: State) -> Response[str]:
    """To send a form to a citizen."""
    return _forms_page(request, state.desk)


@post("/forms")
async def send_form(request: Asked, state: State) -> Response[Any]:
    """Ask a citizen to answer it."""
    desk, told = state.desk, await fields(request)
    try:
        form = told.chosen("Questionnaire", "form", "Velg et skjema.")
        patient = told.chosen("Patient", "patient", _NO_PERSON)
        days = told.number("days", 365, "Skriv antall dager, fra 1 til 365.")
    except Wrong as wrong:
        return _forms_page(request, desk, wrong, told)
    key = told.key()
    is_there = desk.find("Task", UUID(key).hex)
    said = [] if is_there else acts.ask_form(form, patient.resource, days, key, state.clock())
    return _done(state, said, "form", "/play/forms")


@get("/results", sync_to_thread=False)
def results(request: Asked, state: State) -> Response[str]:
    """What waits for somebody to show it."""
    desk: Desk = state.desk
    return _page(
        "results.html", request, waiting=[views.held_back(desk, each) for each in acts.held_back(desk)]
    )


@post("/results")
async def release(request: Asked, state: State) -> Response[Any]:
    """Show it, with its parts."""
    told = await fields(request)
    kind, _, id_ = told.text("name").partition("/")
    held = state.desk.find(kind, id_)
    if held is None:
        raise NotFoundException
    return _done(state, acts.release(state.desk, held), "release", "/play/results")


@get("/style.css", sync_to_thread=False)
def style() -> Response[str]:
    """How it looks."""
    return Response(_templates().get_template("style.css").render(), media_type="text/css")


async def _read(_desk: Desk, about: Thread, _told: Fields, now: datetime) -> Sequence[Said]:
    return acts.read(about, now)


async def _answer(desk: Desk, about: Thread, told: Fields, now: datetime) -> Sequence[Said]:
    unit = unit_of(desk, about)
    sent = await told.writing(unit)
    return [] if desk.knows(sent.key) else acts.answer(about, unit, sent, now)


async def _hand_on(desk: Desk, about: Thread, told: Fields, now: datetime) -> Sequence[Said]:
    unit, to = unit_of(desk, about), told.chosen("HealthcareService", "unit", _NO_UNIT)
    sent = await told.writing(unit, needs=False)
    return [] if desk.knows(sent.key) else acts.hand_on(about, unit, to, sent, now)


async def _close(_desk: Desk, about: Thread, _told: Fields, now: datetime) -> Sequence[Said]:
    return acts.close(about, now)


async def _outcome(_desk: Desk, about: Thread, told: Fields, now: datetime) -> Sequence[Said]:
    became = told.needed("became", "Velg hva som er gjort.")
    text = told.needed("text", "Skriv hva som er gjort, eller hvorfor ikke.")
    return acts.decide(about, text, now, is_corrected=became == "done")


_ACTS: dict[str, Act] = {
    "read": _read,
    "answer": _answer,
    "hand-on": _hand_on,
    "close": _close,
    "outcome": _outcome,
}


def _done(state: State, said: Sequence[Said], act: str, back: str) -> Redirect:
    for source, resource in said:
        state.publish(written(source, state.clock(), resource))
    return Redirect(f"{back}?{urlencode({'done': act})}", status_code=303)


def _thread_page(
    request: Asked,
    desk: Desk,
    about: Thread,
    act: str = "",
    wrong: Wrong | None = None,
    told: Fields | None = None,
) -> Response[str]:
    unit = desk.find("HealthcareService", about.unit)
    return _page(
        "thread.html",
        request,
        (act, wrong, told),
        line=views.line(desk, about),
        is_closed=about.standing == "closed",
        can_read=about.standing in {"", "handed_on"},
        parts=[views.part(desk, each) for each in about.messages],
        others=[each for each in views.units(desk) if each[0] != about.unit],
        senders=views.senders(unit) if unit else [],
        with_outcome=about.kind in views.WITH_OUTCOME,
        outcome=views.outcome(about),
        about=views.about(about),
    )


def _new_page(
    request: Asked, desk: Desk, wrong: Wrong | None = None, told: Fields | None = None
) -> Response[str]:
    lists = {"units": views.units(desk), "patients": views.patients(desk)}
    return _page("new.html", request, ("new", wrong, told), **lists)


def _forms_page(
    request: Asked, desk: Desk, wrong: Wrong | None = None, told: Fields | None = None
) -> Response[str]:
    lists = {"forms": views.forms(desk), "patients": views.patients(desk)}
    return _page("forms.html", request, ("form", wrong, told), **lists)


def _page(
    name: str,
    request: Asked,
    refusal: tuple[str, Wrong | None, Fields | None] = ("", None, None),
    **context: Any,  # noqa: ANN401 - what the template names
) -> Response[str]:
    act, wrong, told = refusal

    def kept(form: str, field: str, otherwise: str = "") -> str:
        return told.text(field) if told and form == act else otherwise

    shown: Mapping[str, Any] = {
        "key": str(uuid4()),
        "said": views.DONE.get(request.query_params.get("done", ""), ""),
        "wrong": (f"{act}-{wrong.field}", wrong.words) if wrong else ("", ""),
        "kept": kept,
    }
    html = _templates().get_template(name).render(**shown, **context)
    return Response(html, media_type="text/html", status_code=422 if wrong else 200)


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("standins.journal.play", "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


router = Router(
    path="/play",
    route_handlers=[
        *(inbox, thread, act_on_thread, act_on_message, file, new, begin, forms, send_form, results),
        *(release, style),
    ],
    guards=[only_here],
    after_request=with_headers,
    exception_handlers={PermissionDeniedException: refused},
)
