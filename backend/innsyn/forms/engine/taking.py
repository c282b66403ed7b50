"""What a page sent, into the answers. Nobody has to have sent what a page of ours can send: anything may come.

Only fields that the page says it showed are touched, and of them only those that a person may write. Names of nothing,
instances that do not exist and options that are not offered are left alone; what cannot be read is kept as typed.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import ClassVar, Final

import msgspec

from innsyn.forms.engine.instances import Place, Tree
from innsyn.forms.engine.model import Form, Item, Type
from innsyn.forms.engine.options import OTHER, chosen, option_key
from innsyn.forms.engine.parts import answer_of, parts_of, suffixes_of
from innsyn.forms.engine.places import (
    MOST_ANSWERS,
    answer_with,
    is_asked,
    is_name,
    is_repeating_group,
    most_instances,
    place_of,
    places_of,
)
from innsyn.forms.engine.typed import cleaned
from innsyn.forms.engine.values import Answer, Answers, Attachment, Node, write_answers
from innsyn.refusal import Refusal

# Bytes of a whole draft: fifty times the largest that the largest form we know of makes.
MOST_IN_ALL: Final = 2 * 2**20

Posted = Mapping[str, Sequence[str]]


class TooMuch(Refusal):
    """More than a draft may hold in all. Nothing of what was there is touched."""

    status_code: ClassVar[int] = 413
    text_key: ClassVar[str] = "forms.problem.too_much"


class TooManyFields(TooMuch):
    """More instances than a draft may hold: no text of it is too long."""

    text_key: ClassVar[str] = "forms.problem.too_many_fields"


def take(form: Form, answers: Answers, posted: Posted, shown: Collection[str]) -> Answers:
    """The answers with what was posted, for the names in `shown` alone. Raises TooMuch, and nothing else."""
    tree = Tree(form, answers)
    for place in places_of(tree, shown):
        if is_asked(place.item):
            place.answers = _keeping_below(place, _taken(place, posted))
    taken = tree.answers()
    if len(write_answers(taken)) > MOST_IN_ALL:
        raise TooMuch
    return taken


def placeless(
    form: Form, answers: Answers, posted: Posted, shown: Collection[str]
) -> list[tuple[Item, tuple[Answer, ...]]]:
    """What was posted for instances that are not there: `take` leaves it alone, and somebody has written it."""
    there = {place.name for place in Tree(form, answers)}
    found = []
    for name in dict.fromkeys(shown):
        if name in there or not is_name(name):
            continue
        number, *instances = map(int, name.split("."))
        if number >= len(form.by_number) or not is_asked(form.by_number[number]):
            continue
        place = Place(form.by_number[number], None, None, 0, 1)
        place.path = tuple((number, index) for index in instances)
        if written := [answer for answer in _taken(place, posted) if _is_content(answer)]:
            found.append((place.item, tuple(written)))
    return found


def _keeping_below(place: Place, taken: list[Answer]) -> list[Answer]:
    # What stands below is in the tree on its own; an old answer that is kept must not bring its items along twice.
    return [_bare(answer) for answer in taken[: _most_answers(place.item)]]


def _bare(answer: Answer) -> Answer:
    return msgspec.structs.replace(answer, item=[]) if answer.item else answer


def _most_answers(item: Item) -> int:
    return max(MOST_ANSWERS, len(item.options)) if item.repeats else 1


def _taken(place: Place, posted: Posted) -> list[Answer]:
    item = place.item
    if item.type is Type.ATTACHMENT:
        kept = set(posted.get(place.name, ()))
        return [each for each in place.answers if each.value_attachment and each.value_attachment.url in kept]
    if item.type in {Type.CHOICE, Type.OPEN_CHOICE} or (item.type is Type.REFERENCE and item.options):
        return _chosen(place, posted)
    return _written(place, posted)


def _written(place: Place, posted: Posted) -> list[Answer]:
    item, suffixes = place.item, suffixes_of(place.item)
    inputs = {
        suffix: posted.get(f"{place.name}-{suffix}" if suffix else place.name, ()) for suffix in suffixes
    }
    count = min(max(map(len, inputs.values())), _most_answers(item))
    made = []
    for index in range(count):
        parts = {suffix: texts[index] if index < len(texts) else "" for suffix, texts in inputs.items()}
        answer = _as_before(place, parts) or answer_of(item, parts)
        if answer is not None:
            made.append(answer)
    return made


def _as_before(place: Place, parts: dict[str, str]) -> Answer | None:
    # An answer that nobody has changed stays what it is to the letter, also where a page says less than all of it.
    content = [each for each in place.answers if _is_content(each)]
    return next((each for each in content if parts in _as_shown(place.item, each)), None)


def _as_shown(item: Item, answer: Answer) -> Iterator[dict[str, str]]:
    yield parts_of(item, answer)
    number = answer.value_quantity.value if answer.value_quantity else answer.value_decimal
    # An English page shows 12.345, which nobody may write. 1.000 where 1,000 stood may be a thousand by now.
    if number is not None and number % 1:
        yield parts_of(item, answer, "en")


def _is_content(answer: Answer) -> bool:
    return bool(answer.typed) or answer_with(answer) != Answer()


def _chosen(place: Place, posted: Posted) -> list[Answer]:
    item = place.item
    # An empty one is what a list says of which nothing is chosen, and the button that takes an answer back.
    keys = [key for key in dict.fromkeys(posted.get(place.name, ())) if key]
    before = {option_key(item, each): each for each in place.answers if _is_content(each) and not each.typed}
    made = []
    for key in keys[: _most_answers(item)]:
        value = chosen(item, place.options, key)
        if key in before:
            made.append(before[key])
        elif value is not None:
            made.append(answer_with(value))
    if item.type is Type.OPEN_CHOICE and (item.repeats or not made):
        made += _own_words(place, posted, said=OTHER in keys)
    # A key that is nobody's (an old page, or no page of ours) takes no answer away.
    return place.answers if keys and not made else made


def _own_words(place: Place, posted: Posted, *, said: bool) -> list[Answer]:
    words = [_own(place, text) for text in posted.get(f"{place.name}-o", ()) if cleaned(text)]
    return words or ([Answer(typed=OTHER)] if said else [])


def _own(place: Place, text: str) -> Answer:
    return answer_of(place.item, {"": text}) or Answer()


def attach(form: Form, answers: Answers, name: str, file: Attachment) -> Answers:
    """The answers with this file at a question of files: beside the others if it repeats, else instead of the one."""
    tree = Tree(form, answers)
    place = place_of(tree, name)
    if place is None or place.item.type is not Type.ATTACHMENT or not is_asked(place.item):
        return answers
    kept = [_bare(each) for each in place.answers if place.item.repeats and each.value_attachment]
    place.answers = [*kept, Answer(value_attachment=file)][: _most_answers(place.item)]
    return tree.answers()


def add(form: Form, answers: Answers, name: str) -> Answers:
    """One more instance after those of the repeating group at `name` (any instance of it); no more than there may be.

    Of a question that repeats: one more input, an Answer with nothing in it, which `take` leaves out if it stays so.
    """
    tree = Tree(form, answers)
    place = place_of(tree, name)
    if place is None or not place.item.repeats:
        return answers
    if is_repeating_group(place.item):
        return _with_instances(tree, place, 1) if _has_room(tree, place) else answers
    if is_asked(place.item) and len(place.answers) < min(place.item.max_occurs or MOST_ANSWERS, MOST_ANSWERS):
        place.answers = [*place.answers, Answer()]
    return tree.answers()


def _has_room(tree: Tree, place: Place) -> bool:
    return place.siblings < most_instances(place.item) and tree.has_room(place.item)


def remove(form: Form, answers: Answers, name: str) -> Answers:
    """The answers without the instance at `name`, and everything in it; as few as the form wants are left alone."""
    tree = Tree(form, answers)
    place = place_of(tree, name)
    if place is None or not is_repeating_group(place.item):
        return answers
    if place.siblings <= max(place.item.min_occurs, 1):
        return answers
    return _with_instances(tree, place, -1)


def _with_instances(tree: Tree, place: Place, change: int) -> Answers:
    among = place.parent.below if place.parent else tree.top
    if change < 0:
        among.remove(place)
        return tree.answers()
    last = max(at for at, each in enumerate(among) if each.item is place.item)
    # An instance that nothing is written in yet exists all the same once there are two of them.
    for each in among:
        if each.item is place.item and each.node is None:
            each.node = Node(each.item.link_id)
    among.insert(
        last + 1,
        Place(place.item, place.parent, Node(place.item.link_id), place.siblings, place.siblings + 1),
    )
    return tree.answers()
