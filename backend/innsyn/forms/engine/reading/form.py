"""What the Questionnaire says of the form as a whole."""

from collections.abc import Sequence
from typing import Final

from innsyn.access.filling import ONLY_CITIZEN, SYSTEM
from innsyn.forms.engine.model import Form, Item, Text
from innsyn.forms.engine.reading.context import Reading
from innsyn.forms.engine.reading.said import (
    EHELSE,
    HELSENORGE,
    SDC,
    code_of,
    codes_in,
    codings_of,
    every,
    one,
    text_of,
)
from innsyn.forms.engine.reading.source import SourceItem
from innsyn.forms.engine.reading.tree import SIDEBAR, controls, everything
from innsyn.forms.engine.reading.worded import of_item, text
from innsyn.forms.engine.reading.worked_out import constraints_of, variables_of
from innsyn.forms.engine.texts import of_markdown, plain_text

_NUMBER: Final = "http://helsenorge.no/fhir/blankett-nummer"
_CAN_FILL: Final = frozenset("1234567")
_ONLY_SELF: Final = "2"
# More than this in several groups is more than one page can hold.
_MOST_ON_A_PAGE: Final = 25
_STEPS: Final = frozenset({"step", "page", "tab-container"})


def form_of(items: tuple[Item, ...], reading: Reading) -> Form:
    """The form around its items."""
    source = reading.source
    _tell(reading)
    title = text(source.title or source.name, source.beside_title, "", reading)
    return Form(
        url=plain_text(source.url),
        version=plain_text(source.version),
        title=title.plain,
        name=next((each.value for each in source.identifier if each.system == _NUMBER), ""),
        language=plain_text(source.language),
        description=of_markdown(source.description) if source.description else Text(),
        may_fill=_may_fill(reading),
        keeps=_keeps(reading),
        steps=_in_steps(items, reading),
        sidebar=_sidebar(reading),
        variables=variables_of(source.extension, "", reading),
        constraints=tuple(constraints_of(source.extension, "", reading)),
        launch=_launch(reading),
        items=items,
    )


def _tell(reading: Reading) -> None:
    source, findings = reading.source, reading.findings
    if source.status != "active":
        findings.warn("not_active", status=source.status)
    if not source.url:
        findings.warn("no_url")
    if not (source.title or source.name):
        findings.warn("no_title")
    if source.implicit_rules:
        findings.refuse("implicit_rules", rules=source.implicit_rules)


def _may_fill(reading: Reading) -> tuple[str, ...]:
    said = codes_in(reading.source.meta.security, SYSTEM)
    for coding in said:
        if coding.code not in _CAN_FILL:
            reading.findings.warn("unknown_security", code=coding.code)
    codes = [coding.code for coding in said if coding.code in _CAN_FILL]
    # An unknown code must not open what no code would: then only the citizen.
    if said and not codes:
        codes = [ONLY_CITIZEN]
    if code_of(one(reading.source.extension, f"{EHELSE}sdf-canbeperformedby")) == _ONLY_SELF:
        codes.append(ONLY_CITIZEN)
    return tuple(sorted(set(codes)))


def _keeps(reading: Reading) -> str:
    code = code_of(one(reading.source.extension, f"{HELSENORGE}sdf-save-capabilities"))
    return code if code in {"1", "2", "3"} else "1"


def _launch(reading: Reading) -> tuple[str, ...]:
    found = []
    for each in every(reading.source.extension, f"{SDC}launchContext"):
        name = one(each.extension, "name")
        code = code_of(name) or text_of(name)
        if code:
            found.append(code)
            if code != "patient":
                reading.findings.warn("unknown_launch", name=code)
    return tuple(dict.fromkeys(found))


def _sidebar(reading: Reading) -> tuple[Text, ...]:
    found = []
    for top in reading.source.item:
        for item in everything(top):
            if SIDEBAR in controls(item):
                found += [of_item(each, reading) for each in everything(item)]
    return tuple(each for each in found if each.plain or each.html)


def _in_steps(items: Sequence[Item], reading: Reading) -> bool:
    source = reading.source
    if any(set(controls(each)) & _STEPS for each in _near_the_top(source.item)):
        return True
    states = every(source.extension, f"{HELSENORGE}sdf-questionnaire-navgiator-state")
    if any(coding.code == "navigator" for each in states for coding in codings_of(each)):
        return len(items) > 1
    asked = sum(below.asks and not below.hidden for item in items for below in item.all())
    groups = sum(bool(item.items) for item in items)
    return asked > _MOST_ON_A_PAGE and groups > 1


def _near_the_top(items: Sequence[SourceItem]) -> Sequence[SourceItem]:
    return [*items, *(child for item in items for child in item.item)]
