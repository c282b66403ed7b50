"""From a node to what is below it, as the model of R4 types it. The library's own is quadratic in what it walks."""

from functools import lru_cache
from typing import Any, Final, cast

from fhirpathpy.engine.nodes import FP_Quantity, ResourceNode, TypeInfo
from fhirpathpy.engine.util import get_data
from fhirpathpy.models import models

R4: Final[dict[str, Any]] = models["r4"]
# The library keeps the model of whoever asked last; here it is always the same.
cast("Any", TypeInfo).model = R4
_new = ResourceNode.__new__


def node(data: Any, path: str | None) -> ResourceNode:  # noqa: ANN401 - whatever JSON has
    """A node of a resource. A resource inside another begins a path of its own."""
    if type(data) is dict and "resourceType" in data:
        path = data["resourceType"]
    made = _new(ResourceNode)
    made.data, made.path, made._data, made.propName, made.index = data, path, None, None, None  # noqa: SLF001
    return made


def members(focus: list[Any], key: str) -> list[Any]:
    """What has this name right below. `value` finds value[x], with its type."""
    found: list[Any] = []
    hidden = "_" + key
    for each in focus:
        inside = isinstance(each, ResourceNode)
        data = each.data if inside else each
        if type(data) is not dict:
            if inside and each._data and key in {"extension", "id"}:  # noqa: SLF001 - the library's own name
                _collect(found, each._data.get(key), "Extension")  # noqa: SLF001
            _member_of_value(found, data, key)
            continue
        path = each.path if inside else data.get("resourceType")
        below, kinds = _below(path, key)
        value, beside = data.get(key), data.get(hidden)
        if kinds and value is None and beside is None:
            below, value, beside = _choice(data, path, key, kinds)
        _collect(found, value, below, beside)
    return found


def children(focus: list[Any], *, extensions: bool = False) -> list[Any]:
    """Everything right below, in the order of the JSON; with `extensions` also what stands beside a primitive."""
    found: list[Any] = []
    for each in focus:
        inside = isinstance(each, ResourceNode)
        data = each.data if inside else each
        if type(data) is not dict:
            continue
        path = each.path if inside else data.get("resourceType")
        for key, value in data.items():
            if extensions or not key.startswith("_"):
                _collect(found, value, _typed(path, key))
    return found


@lru_cache(maxsize=4096)
def _below(path: str | None, key: str) -> tuple[str, tuple[str, ...]]:
    if key == "extension":
        return "Extension", ()
    child = f"{path}.{key}" if path else f"_.{key}"
    child = R4["pathsDefinedElsewhere"].get(child, child)
    return R4["path2Type"].get(child, child), tuple(R4["choiceTypePaths"].get(child, ()))


@lru_cache(maxsize=4096)
def _typed(path: str | None, key: str) -> str:
    """The type of a child by its name in JSON: valueCoding is a Coding."""
    below, _ = _below(path, key)
    if below.endswith("." + key):
        for end in range(len(key) - 1, 0, -1):
            kind = key[end:]
            if kind in _below(path, key[:end])[1]:
                return _kind(kind)
    return below


def _choice(data: dict[str, Any], path: str | None, key: str, kinds: tuple[str, ...]) -> tuple[str, Any, Any]:
    for kind in kinds:
        name = key + kind
        value, beside = data.get(name), data.get("_" + name)
        if value is not None or beside is not None:
            return _chosen(path, key, kind), value, beside
    return "", None, None


@lru_cache(maxsize=4096)
def _chosen(path: str | None, key: str, kind: str) -> str:
    child = f"{path}.{key}"
    child = R4["pathsDefinedElsewhere"].get(child, child) + kind
    return str(R4["path2Type"].get(child) or _kind(kind))


def _kind(kind: str) -> str:
    primitive = kind[0].lower() + kind[1:]
    return primitive if primitive in R4["type2Parent"] else kind


def _member_of_value(found: list[Any], data: Any, key: str) -> None:  # noqa: ANN401 - whatever is no object
    # Norwegian forms ask `answer.value.value`, whatever the value is: of a plain one that is nothing.
    if isinstance(data, FP_Quantity) and key in {"value", "unit"}:
        found.append(data.value if key == "value" else data.unit)
    elif key == "length" and isinstance(data, str | list):
        found.append(len(data))


def _collect(found: list[Any], value: Any, path: str, beside: Any = None) -> None:  # noqa: ANN401 - JSON
    """`beside` is what stands in JSON under the name with `_`: the extensions of a primitive, or of each in a list."""
    if beside is None:
        if type(value) is list:
            found.extend(node(each, path) for each in value if each is not None)
        elif value is not None:
            found.append(node(value, path))
        return
    values, besides = (each if type(each) is list else [each] for each in (value, beside))
    for index in range(max(len(values), len(besides))):
        one = values[index] if index < len(values) else None
        extra = besides[index] if index < len(besides) else None
        if one is not None or extra is not None:
            made = node(extra if one is None else one, path)
            made._data = extra  # noqa: SLF001 - the library's own name
            found.append(made)


def data_of(value: Any) -> Any:  # noqa: ANN401 - a node or a value
    """The plain value of a node; numbers with decimals as Decimal."""
    return get_data(value)
