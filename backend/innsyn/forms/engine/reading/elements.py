"""Elements that R4 does not have: a misspelt one does nothing, and nobody would see it."""

from collections.abc import Iterator
from typing import Final

import msgspec

from innsyn.forms.engine.reading.findings import Findings

_ANYWHERE: Final = frozenset({"id", "extension", "modifierExtension"})
_OF_THE_FORM: Final = _ANYWHERE | frozenset(
    "resourceType meta implicitRules language text contained url identifier version name title derivedFrom status "
    "experimental subjectType date publisher contact description useContext jurisdiction purpose copyright "
    "approvalDate lastReviewDate effectivePeriod code item".split()
)
_OF_AN_ITEM: Final = _ANYWHERE | frozenset(
    "linkId definition code prefix text type enableWhen enableBehavior required repeats readOnly maxLength "
    "answerValueSet answerOption initial item".split()
)


# A number that is too large for a float is no matter here.
loosely = msgspec.json.Decoder(float_hook=str).decode


def check_elements(body: bytes, findings: Findings) -> None:
    """Warns of what R4 does not have in a Questionnaire or its items. The body has been read before: it is one."""
    whole = loosely(body)
    for name in _unknown(whole, _OF_THE_FORM):
        findings.warn("unknown_element", name=name)
    waiting = [*whole.get("item", ())]
    while waiting:
        item = waiting.pop()
        for name in _unknown(item, _OF_AN_ITEM):
            findings.warn("unknown_element", item["linkId"], name=name)
        waiting += item.get("item", ())


def _unknown(element: dict[str, object], known: frozenset[str]) -> Iterator[str]:
    return (name for name in element if name.removeprefix("_") not in known)
