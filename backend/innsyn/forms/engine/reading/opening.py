"""From bytes to what is used of a Questionnaire: JSON, the right resource, the right types."""

import re
from collections.abc import Mapping
from typing import Final

import msgspec

from innsyn.forms.engine.canonical import newest
from innsyn.forms.engine.reading import limits
from innsyn.forms.engine.reading.elements import loosely
from innsyn.forms.engine.reading.findings import Findings
from innsyn.forms.engine.reading.source import Source, ValueSet, read_source, read_value_set

_STEP: Final = re.compile(r"\.(\w+)|\[(\d+)\]")


class _Kind(msgspec.Struct, rename="camel"):
    resource_type: str = ""


_kind_of = msgspec.json.Decoder(_Kind).decode


def opened(body: bytes, findings: Findings) -> Source:
    """The Questionnaire. Raises Refused for anything else."""
    if len(body) > limits.BYTES:
        raise findings.stop("too_many_bytes", size=len(body), most=limits.BYTES)
    try:
        kind = _kind_of(body).resource_type
    except (msgspec.MsgspecError, RecursionError, ValueError) as fault:
        raise findings.stop("not_json", why=_why(fault)) from None
    if kind != "Questionnaire":
        raise findings.stop("not_a_questionnaire", what=kind or "something without a resourceType")
    try:
        return read_source(body)
    except RecursionError:
        raise findings.stop("too_deep", most=limits.DEPTH) from None
    except msgspec.ValidationError as fault:
        raise findings.stop("wrong_type", _link_id(body, str(fault)), why=fault) from None
    except (msgspec.DecodeError, ValueError) as fault:
        raise findings.stop("not_json", why=_why(fault)) from None


def _why(fault: Exception) -> str:
    return "it is nested too deep" if isinstance(fault, RecursionError) else str(fault)


def _link_id(body: bytes, fault: str) -> str:
    """The linkId of the innermost item on the way to the fault, which msgspec tells as `$.item[0].item[2].text`."""
    way = fault.rpartition("`$")[2].rstrip("`")
    found = ""
    node: object = loosely(body)
    for name, index in _STEP.findall(way):
        node = _below(node, name, index)
        if isinstance(node, dict) and isinstance(node.get("linkId"), str):
            found = node["linkId"]
    return found


def _below(node: object, name: str, index: str) -> object:
    if name:
        return node.get(name) if isinstance(node, dict) else None
    return node[int(index)] if isinstance(node, list) and int(index) < len(node) else None


def contained_in(source: Source, findings: Findings) -> Mapping[str, ValueSet]:
    """The contained value sets: by `#id`, by address and version, and by address the newest."""
    found: dict[str, ValueSet] = {}
    by_url: dict[str, list[ValueSet]] = {}
    for raw in source.contained:
        try:
            if _kind_of(raw).resource_type != "ValueSet":
                continue
            value_set = read_value_set(raw)
        except (msgspec.MsgspecError, RecursionError) as fault:
            findings.refuse("wrong_type", why=fault)
            continue
        if value_set.id:
            found.setdefault(f"#{value_set.id}", value_set)
        if value_set.url:
            found.setdefault(f"{value_set.url}|{value_set.version}", value_set)
            by_url.setdefault(value_set.url, []).append(value_set)
    return found | {url: each for url, said in by_url.items() if (each := newest(said)) is not None}
