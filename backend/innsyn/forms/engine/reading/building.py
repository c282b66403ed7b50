"""An item of the Questionnaire as an Item of ours."""

from typing import Any, Final

from innsyn.forms.engine.model import Control, Item, Text, Type
from innsyn.forms.engine.reading.conditions import conditions_of
from innsyn.forms.engine.reading.context import Reading
from innsyn.forms.engine.reading.facts import facts_of
from innsyn.forms.engine.reading.initial import initial_of
from innsyn.forms.engine.reading.said import HELSENORGE, QUESTIONNAIRE, one
from innsyn.forms.engine.reading.source import SourceItem
from innsyn.forms.engine.reading.suiting import typed_options
from innsyn.forms.engine.reading.tree import HELP, LABELS, controls, is_folded
from innsyn.forms.engine.reading.worded import help_of, of_item, sublabel_of
from innsyn.forms.engine.reading.worked_out import worked_out
from innsyn.forms.engine.texts import plain_text

_CONTROLS: Final = {
    **{str(control): control for control in Control if control},
    "page": Control.STEP,
    "tab": Control.STEP,
    "visual-radio-group": Control.RADIO,
    "visual-radio-cloud": Control.RADIO,
    "visual-checkbox-group": Control.CHECK_BOX,
    "visual-checkbox-cloud": Control.CHECK_BOX,
    "editableDropdown": Control.DROP_DOWN,
    "lookup": Control.AUTOCOMPLETE,
    "pill-choice": Control.RADIO,
    "matrix": Control.TABLE,
}
# Known, and nothing to do for them here: the type says it all.
_AS_THE_TYPE: Final = frozenset(
    "prompt legal text-box spinner header footer tab-container push-button security inline-choice".split()
)
_SHOWN_ONLY: Final = frozenset({Control.INLINE, Control.HIGHLIGHT, Control.SIDEBAR})
_CHOICES: Final = frozenset({Type.CHOICE, Type.OPEN_CHOICE})
_WITH_OPTIONS: Final = frozenset({Type.STRING, Type.TEXT, Type.INTEGER, Type.DATE, Type.TIME, Type.REFERENCE})


def item_of(item: SourceItem, reading: Reading) -> Item:
    """The item and all below it."""
    control = _control(item, reading)
    kind = _type(item, control)
    items = tuple(item_of(child, reading) for child in item.item if not is_folded(child))
    fields: dict[str, Any] = {
        "number": reading.numbers[item.link_id],
        "link_id": item.link_id,
        "type": kind,
        "control": control,
        "text": of_item(item, reading),
        "prefix": plain_text(item.prefix),
        "read_only": item.read_only,
        "hidden": _says(item, f"{QUESTIONNAIRE}hidden"),
        "repeats": _repeats(item, kind, control, reading),
        "help": help_of(item, reading),
        "sublabel": sublabel_of(item, reading),
        **conditions_of(item, reading),
        **facts_of(item, kind, reading),
        **worked_out(item, reading),
        "items": items,
    }
    fields |= _answered(item, kind, fields, reading)
    _tell(item, kind, fields, reading)
    return Item(**fields)


def _answered(item: SourceItem, kind: Type, fields: dict[str, Any], reading: Reading) -> dict[str, Any]:
    if kind in {Type.GROUP, Type.DISPLAY}:
        return {"required": item.required and kind is Type.GROUP and not fields["hidden"]}
    options, searched = typed_options(item, reading)
    calculated = fields["calculated"] or fields["copied"] or fields["score"] in {"section", "total"}
    asked = not fields["hidden"] and (not item.read_only or _says(item, f"{HELSENORGE}validate-readonly"))
    if item.required and item.read_only and fields["initial_expression"] and not calculated:
        reading.findings.warn("read_only_required", item.link_id)
    if (
        kind in _CHOICES
        and not options
        and not searched
        and not fields["options_expression"]
        and not calculated
    ):
        _no_options(item, fields, reading)
    return {
        "required": item.required and asked,
        "owed": item.required and (fields["hidden"] or item.read_only),
        "options": options,
        "value_set": searched,
        "initial": initial_of(item, kind, options, reading, repeats=fields["repeats"]),
    }


def _no_options(item: SourceItem, fields: dict[str, Any], reading: Reading) -> None:
    # An open choice without choices is a text; one that is filled in for the citizen needs none.
    if item.type == Type.OPEN_CHOICE or item.initial or fields["initial_expression"] or item.read_only:
        return
    if not any(finding.where == item.link_id for finding in reading.findings.refusals):
        reading.findings.refuse("no_options", item.link_id)


def _type(item: SourceItem, control: Control) -> Type:
    kind = Type(item.type)
    if control in _SHOWN_ONLY and kind in {Type.TEXT, Type.STRING, Type.DISPLAY}:
        # Helsenorge writes what is only to be read as a question of text.
        return Type.GROUP if any(not is_folded(child) for child in item.item) else Type.DISPLAY
    # A reference to something of a list stays one: what is chosen is no code.
    listed = item.answer_option or (item.answer_value_set and kind is not Type.REFERENCE)
    if kind in _WITH_OPTIONS and listed:
        return Type.CHOICE
    return kind


def _control(item: SourceItem, reading: Reading) -> Control:
    found = Control.NONE
    for code in controls(item):
        if code in _CONTROLS:
            found = _CONTROLS[code] if found is Control.NONE else found
        elif code not in _AS_THE_TYPE and code not in HELP and code not in LABELS:
            reading.findings.warn("unknown_control", item.link_id, code=code)
    return found


def _repeats(item: SourceItem, kind: Type, control: Control, reading: Reading) -> bool:
    if item.repeats or kind not in _CHOICES or control is not Control.CHECK_BOX:
        return bool(item.repeats) and kind is not Type.DISPLAY
    if reading.is_norwegian and len(item.answer_option) != 1:
        reading.findings.warn("several_answers", item.link_id)
        return True
    return False


def _says(item: SourceItem, url: str) -> bool:
    said = one(item.extension, url)
    return said is not None and said.value_boolean is True


def _tell(item: SourceItem, kind: Type, fields: dict[str, Any], reading: Reading) -> None:
    text: Text = fields["text"]
    if not (text.plain or text.html or fields["hidden"] or kind in {Type.GROUP, Type.DISPLAY}):
        reading.findings.warn("no_text", item.link_id)
    if kind is Type.GROUP and not fields["items"] and not (text.plain or text.html):
        reading.findings.warn("empty_group", item.link_id)
    if kind is Type.REFERENCE and not item.read_only and not fields["hidden"]:
        reading.findings.warn("reference", item.link_id)
    if fields["control"] is Control.RECEIVER:
        reading.findings.warn("receiver", item.link_id)
