"""What the extensions of an element say, by their addresses."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from innsyn.forms.engine.catalogue import hl7, norwegian, sdc
from innsyn.forms.engine.reading.source import Expression, Extension
from innsyn.forms.engine.values import Coding

CORE: Final = hl7.BASE
QUESTIONNAIRE: Final = f"{CORE}questionnaire-"
SDC: Final = sdc.BASE
EHELSE: Final = norwegian.EHELSE
HELSENORGE: Final = norwegian.HELSENORGE
FHIRPATH: Final = "text/fhirpath"
_LARGEST: Final = 1_000_000_000


def every(extensions: Iterable[Extension], *urls: str) -> Iterator[Extension]:
    """Those with one of the addresses, in the order of the addresses."""
    kept = list(extensions)
    for url in urls:
        yield from (each for each in kept if each.url == url)


def one(extensions: Iterable[Extension], *urls: str) -> Extension | None:
    """The first of the first address that is there."""
    return next(every(extensions, *urls), None)


def text_of(extension: Extension | None) -> str:
    """Its text, whatever kind of text it is."""
    if extension is None:
        return ""
    return (
        extension.value_string
        or extension.value_markdown
        or extension.value_code
        or extension.value_id
        or extension.value_uri
        or extension.value_url
        or extension.value_canonical
        or ""
    )


def number_of(extension: Extension | None) -> Decimal | None:
    """Its number, of whatever kind."""
    if extension is None:
        return None
    said = (
        extension.value_decimal,
        extension.value_integer,
        extension.value_positive_int,
        extension.value_unsigned_int,
    )
    return next((value for value in said if value is not None), None)


def count_of(extension: Extension | None) -> int | None:
    """Its number as a count from 0 to a billion; None for anything else."""
    number = number_of(extension)
    if number is None or not number.is_finite() or not 0 <= number <= _LARGEST:
        return None
    return int(number)


def codings_of(extension: Extension | None) -> list[Coding]:
    """Its codes: of a CodeableConcept, a Coding or a code."""
    if extension is None:
        return []
    if extension.value_codeable_concept is not None:
        return extension.value_codeable_concept.coding
    if extension.value_coding is not None:
        return [extension.value_coding]
    return [Coding(code=extension.value_code)] if extension.value_code else []


def code_of(extension: Extension | None) -> str:
    """Its first code."""
    return next((coding.code for coding in codings_of(extension) if coding.code), "")


def expression_of(extension: Extension | None) -> Expression | None:
    """Its expression; the Norwegian ones are plain text."""
    if extension is None:
        return None
    if extension.value_expression is not None:
        return extension.value_expression
    return (
        Expression(language=FHIRPATH, expression=extension.value_string) if extension.value_string else None
    )


def codes_in(codings: Iterable[Coding], system: str) -> list[Coding]:
    """Those of a code system."""
    return [coding for coding in codings if coding.system == system]
