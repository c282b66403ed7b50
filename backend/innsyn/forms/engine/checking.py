"""What has to be mended before a form can be sent, in the order of the form.

Each problem has a text that says what to do (forms.problem.<key>). Where the form brings its own words for what is
wrong with an answer (validationtext), they are said instead; not of an answer that is missing, for they describe one.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Final

from innsyn.forms.engine.limits import Wrong, wrong_with
from innsyn.forms.engine.model import Type
from innsyn.forms.engine.options import OTHER
from innsyn.forms.engine.parts import parts_of, value_in
from innsyn.forms.engine.places import is_asked, is_repeating_group
from innsyn.forms.engine.state import Field, Filled, Problem
from innsyn.forms.engine.typed import MOST_LETTERS, Unread
from innsyn.forms.engine.values import VALUE_FIELDS, Answer

# What is missing from something that has been begun: only told when somebody wants to go on.
_MISSING: Final = {"date_part", "time_part", "other", "unit"}


def problems_of(filled: Filled, only: Collection[str] | None = None, *, complete: bool) -> list[Problem]:
    """The problems of the fields in `only` (None: all, and those of the form as a whole, last).

    Without `complete` nothing is said of what is missing: neither whole answers nor parts of one. What is not asked
    (disabled, or below something that is) has no problems; what is worked out here has only those of its constraints.
    """
    broken: dict[str, list[str]] = {}
    for each in filled.broken:
        if each.constraint.is_error:
            broken.setdefault(each.field, []).append(each.constraint.human)
    found = [
        problem
        for field, siblings in _asked(filled.fields)
        if only is None or field.name in only
        for problem in _problems(field, siblings, broken.get(field.name, []), complete=complete)
    ]
    if complete and only is None:
        found += [_constraint("", words) for words in broken.get("", [])]
    return found


def is_answered(answer: Answer) -> bool:
    """Is there a value that can be sent? Not what could not be read, and not what only carries items below."""
    return not answer.typed and any(getattr(answer, name) is not None for name in VALUE_FIELDS)


def _asked(fields: Iterable[Field]) -> Iterator[tuple[Field, list[Field]]]:
    """Each field that is enabled, with all instances of it."""
    siblings: dict[int, list[Field]] = {}
    enabled = [field for field in fields if field.enabled]
    for field in enabled:
        siblings.setdefault(field.item.number, []).append(field)
    for field in enabled:
        yield field, siblings[field.item.number]
        yield from _asked(field.fields)


def _problems(field: Field, siblings: list[Field], broken: list[str], *, complete: bool) -> Iterator[Problem]:
    if not field.item.asks:
        yield from _of_group(field, siblings, complete=complete)
    elif is_asked(field.item):
        yield from _of_question(field, complete=complete)
    if complete or any(map(is_answered, field.answers)):
        yield from (_constraint(field.name, words) for words in broken)


def _constraint(name: str, words: str) -> Problem:
    return Problem(field=name, text_key="forms.problem.constraint", words=words)


def _of_group(field: Field, siblings: list[Field], *, complete: bool) -> Iterator[Problem]:
    item = field.item
    if item.type is Type.DISPLAY or item.hidden or siblings[0] is not field:
        return
    answered = sum(_has_answers(each) for each in siblings)
    if is_repeating_group(item) and item.max_occurs is not None and len(siblings) > item.max_occurs:
        yield Problem(field=field.name, text_key="forms.problem.group_most", values=_number(item.max_occurs))
    if not complete:
        return
    # http://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.required: of a group, that something in
    # it is answered. minOccurs without required counts from the first one on (questionnaire-minOccurs).
    if not answered and field.required and _can_be_answered(siblings):
        yield Problem(field=field.name, text_key="forms.problem.group_required")
    elif answered < item.min_occurs and (answered or field.required):
        yield Problem(
            field=field.name, text_key="forms.problem.group_fewest", values=_number(item.min_occurs)
        )


def _can_be_answered(fields: Iterable[Field]) -> bool:
    return any(is_asked(each.item) for field in fields for each in field.all() if each.enabled)


def _has_answers(field: Field) -> bool:
    return any(is_answered(answer) for each in field.all() if each.enabled for answer in each.answers)


def _of_question(field: Field, *, complete: bool) -> Iterator[Problem]:
    item = field.item
    given = [answer for answer in field.answers if answer.typed or is_answered(answer)]
    if complete and not given and field.required:
        yield Problem(field=field.name, text_key=_REQUIRED.get(item.type, "forms.problem.required"))
    if complete and given and len(given) < item.min_occurs:
        yield Problem(field=field.name, text_key="forms.problem.fewest", values=_number(item.min_occurs))
    if item.max_occurs is not None and item.repeats and len(given) > item.max_occurs:
        yield Problem(field=field.name, text_key="forms.problem.most", values=_number(item.max_occurs))
    for answer in given:
        key, values = _unread(field, answer) if answer.typed else wrong_with(field, answer)
        if key and (complete or key not in _MISSING):
            words = "" if key in _MISSING else item.message
            yield Problem(field=field.name, text_key=f"forms.problem.{key}", values=values, words=words)


_REQUIRED: Final = {
    Type.CHOICE: "forms.problem.required_choice",
    Type.OPEN_CHOICE: "forms.problem.required_choice",
    Type.BOOLEAN: "forms.problem.required_choice",
    Type.ATTACHMENT: "forms.problem.required_file",
}


def _unread(field: Field, answer: Answer) -> Wrong:
    if answer.typed == OTHER and field.item.type is Type.OPEN_CHOICE:
        return "other", ()
    parts = parts_of(field.item, answer)
    if field.item.type is Type.OPEN_CHOICE:
        parts = {"": parts.get("o", "")}
    try:
        value_in(field.item, parts)
    except Unread as no:
        return no.key, (("most", str(MOST_LETTERS)),) if no.key == "letters" else ()
    except KeyError:
        return "not_offered", ()
    # It can be read by now: what was typed stands there all the same, and is not yet the answer.
    return "again", ()


def _number(count: int) -> tuple[tuple[str, str], ...]:
    return (("n", str(count)),)
