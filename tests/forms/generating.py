"""Somebody who fills in any form, the same way for the same seed: what a page of it would send, round by round."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

import re2

from innsyn.forms.engine.filling import fill
from innsyn.forms.engine.model import Control, Form, Item, Type
from innsyn.forms.engine.options import OTHER, option_key, unit_key, units_of
from innsyn.forms.engine.parts import suffixes_of
from innsyn.forms.engine.places import is_asked
from innsyn.forms.engine.state import Context, Field, Filled
from innsyn.forms.engine.taking import add, attach, take
from innsyn.forms.engine.values import Answers, Attachment

_ROUNDS = 8
_MOST_ANSWERS = 3
_WORDS = "Kari vondt kne siden uke natt 37,5 nei æ ø å Æ – «sitat» 😀 <b> & ' \" Størdal".split()
_PATTERNED = (
    *(
        "12345678901",
        "1234",
        "0123",
        "12345678",
        "90000000",
        "+4790000000",
        "ola@example.no",
        "Ord",
        "ord",
        "ORD",
    ),
    *(
        "https://example.no",
        "A1",
        "1",
        "12",
        "123",
        "12.34",
        "12,3",
        "2026-05-17",
        "Kari Nordmann",
        "AB12345",
        "3,5",
    ),
)


class Sent(NamedTuple):
    """One page that is sent: its inputs, the names that stood on it, and instances to add after it."""

    posted: dict[str, list[str]]
    shown: tuple[str, ...]
    add: tuple[str, ...] = ()
    files: Mapping[str, Attachment] = {}


def filled_in(form: Form, seed: int, context: Context, answers: Answers) -> Iterator[tuple[Sent, Filled]]:
    """What is sent, and how the form stands after it, until nothing more is asked. `answers`: what it begins with.

    Each round answers what is asked now and was not before (an answer may open other questions), about nine of ten
    questions and all that must be; some groups get one more instance. Apply a round with `after`.
    """
    chance = Random(seed)  # noqa: S311 - the same for the same seed is the point
    seen: set[str] = set()
    for _ in range(_ROUNDS):
        now = fill(form, answers, context)
        new = [field for field in _asked(now) if field.name not in seen]
        more = tuple(
            field.name
            for field in now.all()
            if field.can_add and field.name not in seen and chance.random() < 0.3
        )
        if not new and not more:
            return
        seen.update(
            field.name for field in now.all() if field.enabled and (field in new or not field.item.asks)
        )
        posted: dict[str, list[str]] = {}
        files = {}
        for field in new:
            if field.required or chance.random() < 0.9:
                posted.update(_inputs(field, chance))
                if field.item.type is Type.ATTACHMENT:
                    files[field.name] = _file(field.item, chance)
        sent = Sent(posted, tuple(field.name for field in new), more, files)
        answers = after(form, answers, sent)
        yield sent, fill(form, answers, context)


def after(form: Form, answers: Answers, sent: Sent) -> Answers:
    """The answers once a page has been taken."""
    answers = take(form, answers, sent.posted, sent.shown)
    for name, file in sent.files.items():
        answers = attach(form, answers, name, file)
    for name in sent.add:
        answers = add(form, answers, name)
    return answers


def _asked(filled: Filled) -> Iterator[Field]:
    def look(fields: tuple[Field, ...]) -> Iterator[Field]:
        for field in fields:
            if field.enabled:
                if is_asked(field.item) and not (field.read_only or field.answers):
                    yield field
                yield from look(field.fields)

    yield from look(filled.fields)


def _inputs(field: Field, chance: Random) -> dict[str, list[str]]:
    item, name = field.item, field.name
    if item.type is Type.ATTACHMENT:
        return {}
    if item.type in {Type.CHOICE, Type.OPEN_CHOICE}:
        return _chosen(field, chance)
    texts: dict[str, list[str]] = {}
    for _ in range(_how_many(item, chance)):
        for suffix, text in _written(item, chance).items():
            texts.setdefault(f"{name}-{suffix}" if suffix else name, []).append(text)
    return (
        texts
        if set(texts) <= {f"{name}-{suffix}" if suffix else name for suffix in suffixes_of(item)}
        else {}
    )


def _how_many(item: Item, chance: Random) -> int:
    if not item.repeats:
        return 1
    least = max(item.min_occurs, 1)
    return chance.randint(least, max(least, min(item.max_occurs or _MOST_ANSWERS, _MOST_ANSWERS)))


def _chosen(field: Field, chance: Random) -> dict[str, list[str]]:
    keys = list(dict.fromkeys(option_key(field.item, option.value) for option in field.options))
    if field.item.value_set and not keys:
        keys = [f"urn:searched|{number}|Treff {number}" for number in range(_MOST_ANSWERS)]
    if field.item.type is Type.OPEN_CHOICE and (not keys or chance.random() < 0.2):
        return {field.name: [OTHER], f"{field.name}-o": [_words(field.item, chance)]}
    count = min(_how_many(field.item, chance), len(keys))
    return {field.name: chance.sample(keys, count)} if keys else {}


def _written(item: Item, chance: Random) -> dict[str, str]:
    match item.type:
        case Type.BOOLEAN:
            return {"": chance.choice(["true", "false"])}
        case Type.INTEGER:
            return {"": str(int(_number(item, chance, 0)))}
        case Type.DECIMAL:
            return {"": _comma(_number(item, chance, _places(item)))}
        case Type.QUANTITY:
            units = units_of(item)
            return {
                "": _comma(_number(item, chance, _places(item))),
                "u": unit_key(chance.choice(units)) if units else "",
            }
        case Type.DATE | Type.DATE_TIME:
            return _day(item, chance)
        case Type.TIME:
            least, most = (
                _minutes(limit) for limit in (item.min_value or "00:00", item.max_value or "23:59")
            )
            hour, minute = divmod(chance.randint(least, max(least, most)), 60)
            return {"": f"{hour:02}{chance.choice(['.', ':', ''])}{minute:02}"}
        case Type.URL:
            return {"": chance.choice(["https://example.no/a?b=c", "www.example.no"])}
        case _:
            return {"": _words(item, chance)}


def _places(item: Item) -> int:
    return 2 if item.decimals is None else min(item.decimals, 2)


def _comma(number: Decimal) -> str:
    return f"{number:f}".replace(".", ",")


def _number(item: Item, chance: Random, places: int) -> Decimal:
    least = item.min_value if isinstance(item.min_value, Decimal) else None
    most = item.max_value if isinstance(item.max_value, Decimal) else None
    low = least if least is not None else min(Decimal(0), (most or Decimal(0)) - 10)
    high = most if most is not None else low + 100
    step = Decimal(1).scaleb(-places)
    between = int((high - low) / step)
    return (low + step * chance.randint(0, max(between, 0))).quantize(step)


def _day(item: Item, chance: Random) -> dict[str, str]:
    least, most = (_date(limit) for limit in (item.min_value, item.max_value))
    first = least or (most - timedelta(days=400) if most else date(2020, 1, 1))
    last = most or first + timedelta(days=2000)
    day = first + timedelta(days=chance.randint(0, max((last - first).days, 0)))
    parts = {"d": str(day.day), "m": str(day.month), "y": f"{day.year:04}"}
    if item.type is Type.DATE_TIME:
        return {**parts, "t": "23.59" if most == day and least == day else "12.30"}
    asked = {Control.YEAR: "y", Control.YEAR_MONTH: "my"}.get(item.control, "dmy")
    return {part: parts[part] for part in asked}


def _minutes(limit: object) -> int:
    hour, minute = str(limit).split(":")[:2]
    return int(hour) * 60 + int(minute)


def _date(limit: object) -> date | None:
    if not isinstance(limit, str):
        return None
    whole = limit[:10] + "-01-01"[len(limit[:10]) - 4 :] if len(limit) < len("2026-01-01") else limit[:10]
    try:
        return datetime.fromisoformat(whole).date()
    except ValueError:
        return None


def _words(item: Item, chance: Random) -> str:
    if item.regex:
        fitting = [each for each in _PATTERNED if re2.fullmatch(item.regex, each)]
        return chance.choice(fitting) if fitting else ""
    most = item.max_length or 80
    words = " ".join(chance.choices(_WORDS, k=chance.randint(1, 8)))
    if item.type is Type.TEXT and chance.random() < 0.3:
        words += "\r\n" + words
    least = item.min_length or 1
    return (words + "x" * least)[:most].strip() if len(words) < least else words[:most].strip()


def _file(item: Item, chance: Random) -> Attachment:
    kind = (item.media_types or ("image/jpeg",))[0].replace("/*", "/jpeg")
    number = chance.randint(0, 10**12 - 1)
    return Attachment(
        content_type=kind, url=f"urn:uuid:00000000-0000-4000-8000-{number:012}", size=1_000, title="bilde.jpg"
    )
