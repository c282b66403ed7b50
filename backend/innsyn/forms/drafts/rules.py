"""What a page that is sent does to a draft: pure, so that two tabs and a new version can be tried by the thousand."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from innsyn.forms.engine.carrying import Lost, carry
from innsyn.forms.engine.merging import Conflict, merge
from innsyn.forms.engine.model import Form, Item
from innsyn.forms.engine.parts import parts_of
from innsyn.forms.engine.taking import add, placeless, remove, take
from innsyn.forms.engine.values import Answer, Answers
from innsyn.forms.filling.steps import Step, step_after, step_before

# More revisions are not kept: a page that is older meets every difference as a conflict, and loses nothing either.
KEPT: Final = 50
# A step of the largest form has some thousands of inputs.
_MOST_FIELDS: Final = 30_000
# In a page of conflicts, beside a field: `theirs` leaves it as the draft has it.
_CHOICE: Final = "c-"
# A revision is an integer of PostgreSQL.
_LAST_REVISION: Final = 2**31 - 1


class Posted(msgspec.Struct, frozen=True):
    """A step as it was sent: the values of its inputs, which fields stood on the page, and which button it was.

    `form`: the version of the form that the names of the fields are of; None where the page does not say.
    """

    fields: Mapping[str, list[str]]
    shown: tuple[str, ...]
    revision: int
    step: int
    do: str
    form: UUID | None = None

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

    `mine` is what the page that was sent holds; `has_typed`: it is not what the page was made from. `lost` is what was
    typed on it and has no place: a question that is no more, or an instance that has been removed.
    """

    answers: Answers
    conflicts: list[Conflict]
    mine: Answers
    has_typed: bool
    lost: list[Lost]


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
    if not 0 <= revision <= _LAST_REVISION:
        raise ValueError
    form = fields.pop("form", [""])[-1]
    do = fields.pop("do", [""])[-1]
    return Posted(fields, tuple(left), revision, max(step, 0), do, UUID(form) if form else None)


def save(form: Form, answers: Answers, base: Based | None, posted: Posted, page: Form) -> Saved:
    """The answers of a draft (of `form`) after a page of the version `page`, made from `base`, was sent.

    `base` None: the page is older than all that is kept. What the page does not show, it does not touch; what was
    changed elsewhere since, stays; what was changed in both places is for the citizen to choose.
    """
    was = _as_of(base or Based(form, answers), page)
    mine = _done(page, take(page, was.answers, posted.fields, posted.shown), posted)
    lost = [
        Lost(item=item, answers=held)
        for item, held in placeless(page, was.answers, posted.fields, posted.shown)
    ]
    if base is not None and base.form is page is form and base.answers == answers:
        return Saved(mine, [], mine, mine != answers, lost)
    if page is not form:
        before, lost_before = carry(page, was.answers, form)
        mine, lost_mine = carry(page, mine, form)
        was = Based(form, before)
        lost += [each for each in lost_mine if each not in lost_before]
    merged, conflicts = merge(form, was.answers if base else [], mine, answers)
    return Saved(merged, conflicts, mine, mine != was.answers, lost)


def _as_of(based: Based, form: Form) -> Based:
    return based if based.form is form else Based(form, carry(based.form, based.answers, form)[0])


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


def to_choose(posted: Posted, clashes: Iterable[tuple[str, Item, Iterable[Answer]]]) -> list[tuple[str, str]]:
    """What a page of conflicts sends again: each field (name, question, the citizen's own answers), and nothing else.

    The rest of the page was kept with what came from elsewhere: sent once more, it would undo that. The names are those
    of the draft as it is now, and not of the page that was sent.
    """
    names, inputs = [], []
    for name, item, mine in clashes:
        names.append(name)
        for answer in mine:
            parts = parts_of(item, answer)
            inputs += [(f"{name}-{suffix}" if suffix else name, text) for suffix, text in parts.items()]
    # An instance that was added or removed is so by now.
    do = "update" if posted.verb in {"add", "remove", "search"} else posted.do
    return [("on", " ".join(names)), *inputs, ("step", str(posted.step)), ("do", do)]


def occasion_of(feed: str, form_id: str) -> UUID:
    """What a form that nobody has asked for is begun for: its place, for it may have no address of its own."""
    return uuid5(NAMESPACE_URL, f"{feed} {form_id}")


def within(occasion: UUID, session_id: UUID | None) -> UUID:
    """The same for one login alone, for a form that keeps no drafts: another login begins another."""
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
