"""The steps of a form: one for each of its outermost groups, and what stands loose between them together."""

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

import msgspec

from innsyn.forms.engine.model import Control, Type
from innsyn.forms.engine.places import value_of
from innsyn.forms.engine.state import Field, Filled
from innsyn.forms.engine.values import Value

PAPER = "pdf"
# A group around everything says nothing: its groups are the steps. Deeper than this nobody puts them.
_DEEPEST = 3
_LONGEST_TITLE = 90


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """Fields that are shown together. Its place in the list never changes; `is_open`: is there anything to see now?

    `name` is that of its first field, `title` '' where the form gives none.
    """

    name: str
    title: str
    fields: tuple[Field, ...]
    is_open: bool

    def all(self) -> Iterator[Field]:
        """Every field of the step, in document order."""
        for top in self.fields:
            yield from top.all()


class StepShown(msgspec.Struct, frozen=True, kw_only=True):
    """A step in the list of steps. `state`: here | wrong | done | left; `number` counts those that are open."""

    index: int
    number: int
    title: str
    state: str


def steps_of(filled: Filled) -> list[Step]:
    """At least one step; a form that is not shown in steps has exactly one, with everything."""
    if not filled.form.steps:
        return [_step(filled.fields)]
    return [_step(fields) for fields in _parts(filled.fields, 0)] or [_step(())]


def shown_steps(steps: list[Step], here: int, wrong: Collection[str] = ()) -> list[StepShown]:
    """The open steps, for a reader who is at the index `here`; `wrong` are names of fields that have to be mended."""
    opened = [(index, step) for index, step in enumerate(steps) if step.is_open or index == here]
    return [
        StepShown(index=index, number=number, title=step.title, state=_state(step, index == here, wrong))
        for number, (index, step) in enumerate(opened, 1)
    ]


def step_after(steps: list[Step], here: int) -> int | None:
    """The index of the next open step; None at the last one."""
    return next((index for index in range(here + 1, len(steps)) if steps[index].is_open), None)


def step_before(steps: list[Step], here: int) -> int | None:
    """The index of the open step before this one; None at the first."""
    return next((index for index in range(here - 1, -1, -1) if steps[index].is_open), None)


def open_step(steps: list[Step], wanted: int) -> int:
    """The index of the step to show for a wish: it, if there is anything to see in it, else the nearest one after."""
    here = min(max(wanted, 0), len(steps) - 1)
    if steps[here].is_open:
        return here
    after = step_after(steps, here)
    before = step_before(steps, here)
    return after if after is not None else before if before is not None else here


def step_of(steps: list[Step], name: str) -> int:
    """The index of the step that a field stands on; 0 where no step has it."""
    places = (index for index, step in enumerate(steps) for field in step.all() if field.name == name)
    return next(places, 0)


def is_seen(field: Field) -> bool:
    """Is it on the screen, as the answers are now? A group is where something in it is, or says something itself."""
    if not field.enabled or field.item.hidden or field.item.shown_in == PAPER:
        return False
    if field.item.type is not Type.GROUP:
        return field.item.control is not Control.SIDEBAR
    return field.can_add or any(is_seen(below) for below in field.fields)


def is_answered(field: Field) -> bool:
    """Has it got an answer that can be sent?"""
    return any(not answer.typed and value_of(answer) != Value() for answer in field.answers)


def _parts(fields: tuple[Field, ...], depth: int) -> list[tuple[Field, ...]]:
    groups = [field for field in fields if field.item.type is Type.GROUP]
    if len(groups) == 1 and depth < _DEEPEST and _is_a_frame(groups[0]):
        at = fields.index(groups[0])
        inside = _parts(groups[0].fields, depth + 1)
        return [*_apart(fields[:at]), *inside, *_apart(fields[at + 1 :])]
    return _apart(fields)


def _is_a_frame(group: Field) -> bool:
    below = [field for field in group.fields if field.item.type is Type.GROUP and not field.item.hidden]
    numbers = {field.item.number for field in below}
    return len(numbers) > 1 and not group.item.repeats


def _apart(fields: Iterable[Field]) -> list[tuple[Field, ...]]:
    parts = [tuple(part) for _, part in groupby(fields, key=_part)]
    return [part for part in parts if not all(field.item.hidden for field in part)]


def _part(field: Field) -> int:
    return field.item.number if field.item.type is Type.GROUP else -1


def _step(fields: tuple[Field, ...]) -> Step:
    first = fields[0] if fields else None
    title = _title(first.text.plain) if first and first.item.type is Type.GROUP else ""
    return Step(
        name=first.name if first else "",
        title=title,
        fields=fields,
        is_open=any(is_seen(field) for field in fields),
    )


def _title(text: str) -> str:
    line = text.strip().partition("\n")[0]
    return line if len(line) <= _LONGEST_TITLE else f"{line[: _LONGEST_TITLE - 1].rstrip()}…"


def _state(step: Step, is_here: bool, wrong: Collection[str]) -> str:
    if is_here:
        return "here"
    asked = [field for field in step.all() if field.item.asks and is_seen(field)]
    if any(field.name in wrong for field in step.all()):
        return "wrong"
    if any(field.required and not is_answered(field) for field in asked):
        return "left"
    return "done" if any(is_answered(field) for field in asked) else "left"
