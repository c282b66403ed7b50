"""Every extension of a form against the catalogue: what changes its meaning and is not done is refused by name."""

from collections.abc import Iterator, Sequence
from typing import Final

from innsyn.forms.engine.extensions import CATALOGUE, Use
from innsyn.forms.engine.reading.findings import Findings
from innsyn.forms.engine.reading.said import SDC, code_of, codings_of, every, one, text_of
from innsyn.forms.engine.reading.source import Extension, Primitive, Source, SourceItem
from innsyn.forms.engine.reading.tree import everything

_CRITICAL: Final = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-rendering-criticalExtension"
_ANONYMOUS: Final = "1"


def check_extensions(source: Source, findings: Findings) -> None:
    """Refuses unknown modifiers and what is not done here, warns of what is unknown."""
    _modifiers(source.modifier_extension, "", findings)
    _look(source.extension, "", findings)
    _of_the_form(source, findings)
    for top in source.item:
        for item in everything(top):
            _modifiers(item.modifier_extension, item.link_id, findings)
            for extensions in _on(item):
                _look(extensions, item.link_id, findings)


def _on(item: SourceItem) -> Iterator[Sequence[Extension]]:
    yield item.extension
    if item.beside_text:
        yield item.beside_text.extension
    for option in item.answer_option:
        yield option.extension
        if option.value_coding:
            yield option.value_coding.extension
        besides: tuple[Primitive | None, ...] = (
            option.beside_string,
            option.value_coding.beside_display if option.value_coding else None,
        )
        for beside in besides:
            if beside:
                yield beside.extension


def _modifiers(extensions: Sequence[Extension], where: str, findings: Findings) -> None:
    for each in extensions:
        if each.url == _CRITICAL:
            _critical(text_of(each), where, findings)
        elif each.url not in CATALOGUE or CATALOGUE[each.url].use in {Use.REFUSED, Use.NOT_DONE}:
            findings.refuse("unknown_modifier", where, url=each.url)


def _critical(url: str, where: str, findings: Findings) -> None:
    known = CATALOGUE.get(url)
    if known is None or known.use is not Use.USED:
        findings.refuse("critical_extension", where, url=url)


def _look(extensions: Sequence[Extension], where: str, findings: Findings) -> None:
    for each in extensions:
        known = CATALOGUE.get(each.url)
        if known is None:
            findings.warn("unknown_extension", where, url=each.url)
        elif known.use is Use.NOT_DONE:
            findings.warn("not_done", where, url=each.url, words=known.en)
        elif known.use is Use.REFUSED and each.value_boolean is not False:
            findings.refuse("changes_meaning", where, url=each.url, words=known.en)


def _of_the_form(source: Source, findings: Findings) -> None:
    expectation = text_of(one(source.extension, f"{SDC}assemble-expectation"))
    if expectation.startswith("assemble-"):
        findings.refuse("not_assembled", what=expectation)
    for each in every(
        source.extension, "http://ehelse.no/fhir/StructureDefinition/sdf-authenticationrequirement"
    ):
        if code_of(each) == _ANONYMOUS:
            findings.refuse("anonymous")


def is_norwegian(source: Source) -> bool:
    """Has it any extension of Helsenorge's?"""
    if _has(source.extension):
        return True
    return any(
        _has(extensions) for top in source.item for item in everything(top) for extensions in _on(item)
    )


def _has(extensions: Sequence[Extension]) -> bool:
    for each in extensions:
        if "ehelse.no/" in each.url or "helsenorge.no/" in each.url:
            return True
        if any("ValueSet/questionnaire-item-control" in coding.system for coding in codings_of(each)):
            return True
    return False
