"""What a page that is sent does to a draft: pure, so that two tabs and a new version can be tried by the thousand."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from innsyn.forms.engine.carrying import carry
from innsyn.forms.engine.merging import Conflict, merge
from innsyn.forms.engine.model import Form
from innsyn.forms.engine.taking import add, remove, take
from innsyn.forms.engine.values import Answers
from innsyn.forms.filling.steps import Step, step_after, step_before

# More revisions are not kept: a page that is older meets every difference as a conflict, and loses nothing either.
KEPT: Final = 50
# A step of the largest form has some thousands of inputs.
_MOST_FIELDS: Final = 30_000
# In a page of conflicts, beside a field: `theirs` leaves it as the draft has it.
_CHOICE: Final = "c-"


class Posted(msgspec.Struct, frozen=True):
    """A step as it was sent: the values of its inputs, which fields stood on the page, and which button it was."""

    fields: Mapping[str, list[str]]
    shown: tuple[str, ...]
    revision: int
    step: int
    do: str

    @property
    def target(self) -> str:
        """The field or step that the button is about: `12.0` of `add:12.0`."""
        return self.do.partition(":")[2]

    @property
    def verb(self) -> str:
        """The button without what it is about; `update` without one (Enter in a field sends none that we know)."""
        return self.do.partition(":")[0] or "update"


class Based(NamedTuple):
    """What a page was made from: the form as it was then, and the answers."""

    form: Form
    answers: Answers


class Saved(NamedTuple):
    """The answers to keep; at a conflict they are as the draft has them, and the citizen chooses.

    `mine` is what the page that was sent holds; `has_typed`: it is not what the page was made from.
    """

    answers: Answers
    conflicts: list[Conflict]
    mine: Answers
    has_typed: bool


def read_posted(body: bytes) -> Posted:
    """A body of application/x-www-form-urlencoded. Raises ValueError for what no page of ours sends."""
    pairs = parse_qsl(
        body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, encoding="utf-8", errors="strict"
    )
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        # PostgreSQL and JSON keep it, XML and the journal do not.
        fields.setdefault(name, []).append(value.replace("\x00", ""))
    shown = " ".join(fields.pop("on", [])).split()
    left = (name for name in shown if fields.get(f"{_CHOICE}{name}") != ["theirs"])
    revision, step = (int(fields.pop(name, ["0"])[-1]) for name in ("revision", "step"))
    return Posted(fields, tuple(left), revision, max(step, 0), fields.pop("do", [""])[-1])


def save(form: Form, answers: Answers, base: Based | None, posted: Posted) -> Saved:
    """The answers of a draft (of `form`) after a page that was made from `base` was sent.

    None: the page is older than all that is kept. What the page does not show, it does not touch; what was changed
    elsewhere since, stays; what was changed in both places is for the citizen to choose.
    """
    was = base or Based(form, answers)
    mine = _done(was.form, take(was.form, was.answers, posted.fields, posted.shown), posted)
    if base is not None and base.form is form and base.answers == answers:
        return Saved(mine, [], mine, mine != answers)
    if was.form is not form:
        was, mine = Based(form, carry(was.form, was.answers, form)[0]), carry(was.form, mine, form)[0]
    merged, conflicts = merge(form, was.answers if base else [], mine, answers)
    return Saved(merged, conflicts, mine, mine != was.answers)


def _done(form: Form, answers: Answers, posted: Posted) -> Answers:
    if posted.verb == "add":
        return add(form, answers, posted.target)
    return remove(form, answers, posted.target) if posted.verb == "remove" else answers


def step_to(posted: Posted, steps: list[Step], *, has_problems: bool) -> int:
    """The index of the step to show. Whoever goes on with problems stays with them, and so do those at either end."""
    here = min(posted.step, len(steps) - 1)
    if posted.verb == "next" and not has_problems:
        return here if (after := step_after(steps, here)) is None else after
    if posted.verb == "back":
        return here if (before := step_before(steps, here)) is None else before
    if posted.verb == "step" and posted.target.isdecimal():
        return min(int(posted.target[:6]), len(steps) - 1)
    return here


def to_choose(posted: Posted, conflicts: Iterable[str]) -> list[tuple[str, str]]:
    """What a page of conflicts sends again: the fields that are in conflict, and nothing that is kept by now.

    The rest of the page was kept with what came from elsewhere: sent once more, it would undo that.
    """
    names = list(conflicts)
    inputs = [
        (name, value)
        for name, values in posted.fields.items()
        if name.partition("-")[0] in names
        for value in values
    ]
    # An instance that was added or removed is so by now.
    do = "update" if posted.verb in {"add", "remove", "search"} else posted.do
    return [("on", " ".join(names)), *inputs, ("step", str(posted.step)), ("do", do)]


def occasion_of(task_id: UUID | None, url: str, session_id: UUID | None = None) -> UUID:
    """What a draft is begun for: there is one for each task, and one for each form that is begun unasked.

    `session_id` of a form that keeps no drafts: another login begins another.
    """
    occasion = task_id or uuid5(NAMESPACE_URL, url)
    return uuid5(occasion, str(session_id)) if session_id else occasion


def keeps_drafts(form: Form) -> bool:
    """Does a draft stay when the person logs out? (sdf-save-capabilities)"""
    return form.keeps == "1"


def launch_of(name: str, given: str, birth_date: str) -> Mapping[str, Any]:
    """What a form may know of whom it is about: name and birth date, and never the national number."""
    family = name.removeprefix(given).strip() if given and name.startswith(given) else ""
    told = {
        "text": name,
        **({"given": given.split()} if given else {}),
        **({"family": family} if family else {}),
    }
    patient = {"resourceType": "Patient", "name": [told] if name else [], "birthDate": birth_date}
    return {"patient": {key: value for key, value in patient.items() if value}}
