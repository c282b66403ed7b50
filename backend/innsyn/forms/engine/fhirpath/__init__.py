"""FHIRPath for forms (http://hl7.org/fhirpath/N1, model R4): one function, `ask`, that always ends.

The grammar, the types and most functions are fhirpathpy's; how they are run is ours (compiling.py), because only so can
each step be counted. What an expression sees is given to it: there is no clock and no network.
"""

from decimal import DecimalException
from functools import lru_cache
from typing import Any, Final, Protocol

from antlr4 import CommonTokenStream, InputStream, ParseTreeWalker
from fhirpathpy.engine.nodes import FP_Quantity, FP_Type, ResourceNode
from fhirpathpy.parser.ASTPathListener import ASTPathListener
from fhirpathpy.parser.generated.FHIRPathLexer import FHIRPathLexer
from fhirpathpy.parser.generated.FHIRPathParser import FHIRPathParser

from innsyn.forms.engine.fhirpath.budget import Budget, ExpressionFailed
from innsyn.forms.engine.fhirpath.chaining import Run
from innsyn.forms.engine.fhirpath.compiling import compiled
from innsyn.forms.engine.fhirpath.walking import R4, data_of, node

__all__ = ("Budget", "ExpressionFailed", "Scope", "ask", "ask_nodes", "plain_of", "readable")

# The longest expression in the forms we have seen is 7,900 characters; the deepest has 9 parentheses in each other.
_LONGEST: Final = 10_000
_DEEPEST: Final = 40
_PARSED: Final = 4096
# What a library for friendly input raises at other input; the last is what too deep a tree gives.
_WRONG: Final = (
    *(ArithmeticError, AttributeError, DecimalException, LookupError, NameError, TypeError, ValueError),
    *(AssertionError, NotImplementedError, MemoryError, RecursionError),
)


class Names(Protocol):
    """Variables by name: a dict, or what works them out when they are asked for."""

    def __getitem__(self, name: str, /) -> Any: ...  # noqa: ANN401 - a value or nodes
    def get(self, name: str, otherwise: Any = None, /) -> Any: ...  # noqa: ANN401 - a value or nodes


def ask(
    expression: str,
    on: Any,  # noqa: ANN401 - a resource or a part of one, as JSON with Decimal
    variables: Names,
    *,
    budget: Budget,
) -> list[Any]:
    """What the expression gives of `on`: JSON values, Decimal for numbers with decimals, texts for dates.

    `variables` are %names without the percent; `resource` is also what `QuestionnaireResponse` means when `on` is an
    item of it, and `now` (an aware datetime) is when now() and today() are. Raises ExpressionFailed, never anything
    else, and always within the budget.
    """
    return [plain_of(value) for value in ask_nodes(expression, on, variables, budget=budget)]


def ask_nodes(
    expression: str,
    on: Any,  # noqa: ANN401 - as for ask, or a node of an earlier answer
    variables: Names,
    *,
    budget: Budget,
    memo: dict[Any, Any] | None = None,
) -> list[Any]:
    """As `ask`, but the values know where they stand, so that they can be variables of other expressions.

    `memo` holds what has been worked out of the same %resource; it must be a new one when that changes.
    """
    run = _compiled(expression)
    root = [_rooted(each) for each in _listed(on)]
    scope = {"budget": budget, "vars": variables, "memo": {} if memo is None else memo, "model": R4}
    scope |= {"root": root, "dataRoot": root, "$this": root, "now": variables.get("now")}
    scope["resource"] = _listed(variables.get("resource", root))
    try:
        budget.spend(1)
        return run(scope, root)
    except ExpressionFailed:
        raise
    except _WRONG:
        # Its words may quote an answer: they go no further than this.
        raise ExpressionFailed("wrong") from None
    except Exception as fault:
        # The library raises bare Exceptions for expressions that are wrong.
        if type(fault) is not Exception:
            raise
        raise ExpressionFailed("wrong") from None


def _rooted(value: Any) -> Any:  # noqa: ANN401 - JSON or a node
    if type(value) is not dict:
        return value
    return node(value, "QuestionnaireResponse.item" if "linkId" in value else None)


def readable(expression: str) -> bool:
    """Can this be asked at all: does it parse, and do we know its functions?"""
    try:
        _compiled(expression)
    except ExpressionFailed:
        return False
    return True


def plain_of(value: Any) -> Any:  # noqa: ANN401 - a node or a value
    """A value as JSON has it. A quantity becomes {value, code, unit}; dates and times their text."""
    data = value.data if isinstance(value, ResourceNode) else value
    if isinstance(data, FP_Quantity):
        code = str(data.unit).strip("'")
        return {
            "value": data_of(data.value),
            "unit": code,
            "system": "http://unitsofmeasure.org",
            "code": code,
        }
    return str(data) if isinstance(data, FP_Type) else data_of(data)


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - a value or several
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


class _Unreadable:
    def __init__(self, reason: str) -> None:
        self.reason = reason


def _compiled(expression: str) -> Run:
    made = _made(expression)
    if isinstance(made, _Unreadable):
        raise ExpressionFailed(made.reason)
    return made


@lru_cache(maxsize=_PARSED)
def _made(expression: str) -> Run | _Unreadable:
    if len(expression) > _LONGEST or _depth(expression) > _DEEPEST:
        return _Unreadable("limit")
    try:
        return compiled(_parsed(expression)["children"][0])
    except ExpressionFailed as failed:
        return _Unreadable(failed.reason)
    except Exception:  # noqa: BLE001 - whatever a parser of friendly input does with other input
        return _Unreadable("syntax")


def _depth(expression: str) -> int:
    depth = deepest = 0
    for character in expression:
        if character in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif character in ")]}":
            depth -= 1
    return deepest


class _Watch:
    """Listens while an expression is read: no error is written on the terminal, and none is passed over."""

    def syntaxError(self, *_told: object) -> None:  # noqa: N802 - the parser calls it so
        raise ExpressionFailed("syntax")

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - reports of how hard it was to read
        if name.startswith("report"):
            return lambda *_told: None
        raise AttributeError(name)


def _parsed(expression: str) -> dict[str, Any]:
    lexer = FHIRPathLexer(InputStream(expression))
    parser = FHIRPathParser(CommonTokenStream(lexer))
    for each in (lexer, parser):
        each.removeErrorListeners()
        each.addErrorListener(_Watch())
    parser.buildParseTrees = True
    listener = ASTPathListener()
    # The whole of it: the library's own parser reads `a b` as `a`.
    ParseTreeWalker().walk(listener, parser.entireExpression())
    tree: dict[str, Any] = listener.parentStack[0]
    whole = tree["children"][0]
    return whole if whole["type"] == "EntireExpression" else tree
