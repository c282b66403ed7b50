"""Questionnaire and ValueSet from the feed: what is usable is published here, what is not is told to the operator."""

from collections.abc import Callable, Iterable
from typing import Any, Final

import msgspec

from innsyn.access.filling import SYSTEM
from innsyn.forms.engine.model import Finding, Form, Option
from innsyn.forms.engine.reading import read
from innsyn.forms.engine.values import Coding as ChosenCoding
from innsyn.forms.engine.values import Value
from innsyn.forms.published_views import RETIRED, Offered, Published, names_of
from innsyn.journal.fhir.forms import BY_CHOICE, NUMBER, START, Questionnaire, ValueSet
from innsyn.journal.fhir.reading import clipped
from innsyn.journal.projected import About, Common, NotShown, Unfit

REFUSED: Final = "form_refused"
_EXPLANATION: Final = 2_000
_TITLE: Final = 200
# More than anybody reads through: such a set is searched at a terminology server instead.
_MOST_OPTIONS: Final = 2_000


def form(resource: Questionnaire, about: About) -> Common | NotShown | Unfit | None:
    """A form as the engine reads it; Unfit with its findings where it would be wrong for somebody."""
    if resource.subject_type and "Patient" not in resource.subject_type:
        return NotShown("about_something_else")
    verdict = read(about.body)
    if verdict.form is None:
        return Unfit(REFUSED, clipped("; ".join(map(_said, verdict.refusals)), _EXPLANATION))
    return Common(_published(resource, verdict.form, verdict.warnings, about.body))


def value_set(resource: ValueSet, about: About) -> Common | NotShown | Unfit | None:
    """A value set that says itself what is in it (compose.include.concept, or an expansion)."""
    if not resource.url or resource.status == RETIRED:
        return NotShown("value_set_retired")
    content = msgspec.json.decode(about.body, type=_Content)
    options = tuple(content.options())
    if not options or len(options) > _MOST_OPTIONS:
        return NotShown("value_set_not_whole")
    offered = Offered(url=resource.url, version=resource.version, status=resource.status, options=options)
    return Common(offered)


PROJECTIONS: dict[str, Callable[[Any, About], Common | NotShown | Unfit | None]] = {
    "Questionnaire": form,
    "ValueSet": value_set,
}


def _published(resource: Questionnaire, read_: Form, warnings: tuple[Finding, ...], body: bytes) -> Published:
    security = resource.meta.security if resource.meta else ()
    asked = [item for item in read_.by_number if item.asks and not item.hidden and not item.read_only]
    return Published(
        url=resource.url,
        version=resource.version,
        number=next((each.value for each in resource.identifier if each.system == NUMBER), ""),
        title=clipped(read_.title or resource.title or resource.name, _TITLE),
        status=resource.status,
        names=names_of(resource.identifier, resource.url),
        may_fill=tuple(sorted({each.code for each in security if each.system == SYSTEM})),
        questions=len(asked),
        wants=tuple(sorted({item.value_set for item in asked if item.value_set})),
        warnings=warnings,
        by_choice=resource.status == "active" and _by_choice(resource),
        body=body,
    )


def _by_choice(resource: Questionnaire) -> bool:
    return any(
        coding.system == START and coding.code == BY_CHOICE
        for each in resource.use_context
        if each.value_codeable_concept is not None
        for coding in each.value_codeable_concept.coding
    )


def _said(finding: Finding) -> str:
    place = f" ({finding.where})" if finding.where else ""
    return f"{finding.key}{place}: {finding.words}"


class _Concept(msgspec.Struct, frozen=True, rename="camel"):
    system: str = ""
    version: str = ""
    code: str = ""
    display: str = ""
    abstract: bool = False
    contains: "tuple[_Concept, ...]" = ()


class _Include(msgspec.Struct, frozen=True, rename="camel"):
    system: str = ""
    version: str = ""
    concept: tuple[_Concept, ...] = ()
    filter: tuple[msgspec.Raw, ...] = ()
    value_set: tuple[str, ...] = ()


class _Compose(msgspec.Struct, frozen=True):
    include: tuple[_Include, ...] = ()
    exclude: tuple[msgspec.Raw, ...] = ()


class _Expansion(msgspec.Struct, frozen=True):
    contains: tuple[_Concept, ...] = ()


class _Content(msgspec.Struct, frozen=True):
    compose: _Compose = _Compose()
    expansion: _Expansion = _Expansion()

    def options(self) -> Iterable[Option]:
        """What can be chosen, in order; nothing where the whole of it is somewhere else."""
        if self.expansion.contains:
            yield from _expanded(self.expansion.contains)
            return
        parts = self.compose.include
        if self.compose.exclude or any(each.filter or each.value_set or not each.concept for each in parts):
            return
        for part in parts:
            for concept in part.concept:
                yield _option(part.system, part.version, concept)


def _expanded(concepts: Iterable[_Concept]) -> Iterable[Option]:
    for each in concepts:
        if each.code and not each.abstract:
            yield _option(each.system, each.version, each)
        yield from _expanded(each.contains)


def _option(system: str, version: str, concept: _Concept) -> Option:
    text = concept.display or concept.code
    coding = ChosenCoding(system=system, version=version, code=concept.code, display=text)
    return Option(value=Value(value_coding=coding), text=text)
