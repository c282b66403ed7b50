"""From the library's syntax tree to functions that are called: once per expression, then as often as it is asked.

The library's own evaluator looks every function up anew at every node, asks each condition twice (so that conditions in
conditions take time without end) and has no place where it can be stopped. Here each step spends of a budget.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from fhirpathpy.engine import type_specifier
from fhirpathpy.engine.evaluators import string_literal
from fhirpathpy.engine.nodes import FP_DateTime, FP_Quantity, FP_Time

from innsyn.forms.engine.fhirpath.arguments import CHECKS, Made, Scope
from innsyn.forms.engine.fhirpath.budget import ExpressionFailed, bounded
from innsyn.forms.engine.fhirpath.chaining import Ast, Run, chained, links_of, name_of, where_linked
from innsyn.forms.engine.fhirpath.functions import BY_NAME
from innsyn.forms.engine.fhirpath.literals import constant, dated, number, quantity
from innsyn.forms.engine.fhirpath.operators import OPERATORS
from innsyn.forms.engine.fhirpath.walking import data_of, members

# With which left side the right is not asked (`linkId = 'age' and answer.value > 17`), and what it is then.
_ENOUGH: Final = {"and": (False, False), "or": (True, True), "implies": (False, True)}


def compiled(ast: Ast) -> Run:
    """The expression as a function of scope and focus."""
    maker = _MAKERS.get(ast["type"])
    if maker is None:
        raise ExpressionFailed("unknown")
    return maker(ast)


def _inner(ast: Ast) -> Run:
    return compiled(ast["children"][0])


def _variable(ast: Ast) -> Run:
    name = ast["children"][0]["children"][0]["text"].strip("`'\"")

    def run(scope: Scope, _focus: list[Any]) -> list[Any]:
        try:
            value = scope["vars"][name]
        except KeyError:
            raise ExpressionFailed("unknown") from None
        if value is None:
            return []
        return list(value) if isinstance(value, list) else [value]

    return run


def _implied(name: str) -> Callable[[Ast], Run]:
    def run(scope: Scope, _focus: list[Any]) -> list[Any]:
        value = scope.get(name)
        if value is None:
            return []
        return value if isinstance(value, list) else [value]

    return lambda _ast: run


def _member(ast: Ast) -> Run:
    key = name_of(ast["children"][0])
    capital = key[:1].isupper()

    def run(scope: Scope, focus: list[Any]) -> list[Any]:
        scope["budget"].spend(1 + len(focus))
        if capital:
            typed = [each for each in focus if _is_resource(data_of(each), key)]
            if typed:
                return typed
            if focus and focus == scope["root"]:
                # `QuestionnaireResponse` in an expression that stands on an item means the whole response.
                return [each for each in scope["resource"] if _is_resource(data_of(each), key)]
        return bounded(scope["budget"], members(focus, key))

    return run


def _is_resource(data: Any, key: str) -> bool:  # noqa: ANN401 - a node's data
    return type(data) is dict and data.get("resourceType") == key


def _chain(ast: Ast) -> Run:
    links = links_of(ast)
    return chained(links, [compiled(link) for link in links])


def _indexed(ast: Ast) -> Run:
    collection, index = map(compiled, ast["children"])

    def run(scope: Scope, focus: list[Any]) -> list[Any]:
        values = collection(scope, focus)
        wanted = index(scope, scope["$this"])
        if not wanted:
            return []
        at = data_of(wanted[0])
        return [values[at]] if type(at) is int and 0 <= at < len(values) else []

    return run


def _signed(ast: Ast) -> Run:
    value, minus = _inner(ast), ast["terminalNodeText"][0] == "-"

    def run(scope: Scope, focus: list[Any]) -> list[Any]:
        numbers = [data_of(each) for each in value(scope, focus)]
        if not numbers:
            return []
        (number,) = numbers
        if isinstance(number, FP_Quantity):
            return [FP_Quantity(-number.value, number.unit) if minus else number]
        if isinstance(number, bool) or not isinstance(number, int | Decimal):
            raise ExpressionFailed("wrong")
        return [-number if minus else number]

    return run


def _function(ast: Ast) -> Run:
    called, *lists = ast["children"][0]["children"]
    arguments: list[Ast] = lists[0]["children"] if lists and "children" in lists[0] else []
    name = name_of(called)
    link_id = _linked(arguments[0]) if name == "where" and len(arguments) == 1 else None
    if link_id is not None:
        return where_linked(link_id)
    made = BY_NAME.get(name)
    if made is None:
        raise ExpressionFailed("unknown")
    return _call(made, _kinds(made, len(arguments)), arguments)


def _linked(condition: Ast) -> Run | None:
    """What gives the linkId, where the condition is `linkId = …` and the same for each item; else None."""
    if condition["type"] != "EqualityExpression" or condition["terminalNodeText"] != ["="]:
        return None
    left, right = condition["children"]
    if left.get("text") != "linkId" or "Invocation" in _kinds_in(right):
        return None
    return compiled(right)


def _kinds_in(ast: Ast) -> str:
    below = " ".join(_kinds_in(child) for child in ast.get("children", ()))
    return f"{'' if ast['type'] == 'InvocationTerm' else ast['type']} {below}"


def _kinds(made: Made, count: int) -> list[Any]:
    if "variadic" in made:
        return [made["variadic"]] * count
    kinds = made.get("arity", {0: []}).get(count)
    if kinds is None:
        raise ExpressionFailed("wrong")
    return list(kinds[:count])


def _call(made: Made, kinds: list[Any], arguments: list[Ast]) -> Run:
    function = made["fn"]
    makers = [_argument(kind, argument) for kind, argument in zip(kinds, arguments, strict=True)]
    nullable, needs_input = "nullable" in made, "nullable_input" in made

    def run(scope: Scope, focus: list[Any]) -> list[Any]:
        scope["budget"].spend(1 + len(focus))
        if needs_input and not focus:
            return []
        given = [make(scope, scope["$this"]) for make in makers]
        if nullable and (not focus or any(each is None or each == [] for each in given)):
            return []
        return _listed(scope, function(scope, focus, *given))

    return run


def _listed(scope: Scope, result: Any) -> list[Any]:  # noqa: ANN401 - whatever a function gives
    if result is None:
        return []
    return bounded(scope["budget"], result if isinstance(result, list) else [result])


def _infix(named: Callable[[str], str]) -> Callable[[Ast], Run]:
    def make(ast: Ast) -> Run:
        name = named(ast["terminalNodeText"][0])
        made, enough = OPERATORS[name], _ENOUGH.get(name)
        function, nullable = made["fn"], "nullable" in made
        left, right = (
            _argument(kind, child) for kind, child in zip(made["arity"][2], ast["children"], strict=True)
        )

        def run(scope: Scope, focus: list[Any]) -> list[Any]:
            scope["budget"].spend(2)
            first = left(scope, focus)
            if enough is not None and first is enough[0]:
                return [enough[1]]
            second = right(scope, focus)
            if nullable and (first is None or second is None or first == [] or second == []):
                return []
            return _listed(scope, function(scope, first, second))

        return run

    return make


def _argument(kind: Any, ast: Ast) -> Callable[[Scope, list[Any]], Any]:  # noqa: ANN401 - as the library names kinds
    if kind == "TypeSpecifier":
        wanted = type_specifier(None, None, {"text": _written(ast)})
        return lambda _scope, _focus: wanted
    run = compiled(ast)
    if kind == "Expr":
        return lambda scope, _focus: _asked(scope, run)
    check = CHECKS.get(kind[0] if isinstance(kind, list) else kind)
    if check is None:
        return run
    return lambda scope, focus: check(run(scope, focus))


def _asked(scope: Scope, run: Run) -> Callable[[Any], list[Any]]:
    """The expression as a function of one item: `$this` is the item while it runs, and what it was afterwards."""

    def ask(each: Any) -> list[Any]:  # noqa: ANN401 - an item of a collection
        before = scope["$this"]
        scope["$this"] = focus = each if isinstance(each, list) else [each]
        result = run(scope, focus)
        scope["$this"] = before
        return result

    return ask


def _written(ast: Ast) -> str:
    return str(
        ast.get("text") or "".join(map(_written, ast.get("children", ()))) or ast["terminalNodeText"][0]
    )


_plain = _infix(lambda op: op)
_MAKERS: Final[dict[str, Callable[[Ast], Run]]] = {
    **dict.fromkeys(("TermExpression", "LiteralTerm", "InvocationTerm", "ParenthesizedTerm"), _inner),
    "NullLiteral": lambda _ast: constant([]),
    "BooleanLiteral": lambda ast: constant([ast["text"] == "true"]),
    "StringLiteral": lambda ast: constant(string_literal(None, None, ast)),
    "NumberLiteral": number,
    "QuantityLiteral": quantity,
    "DateTimeLiteral": dated(FP_DateTime, 1),
    "TimeLiteral": dated(FP_Time, 2),
    "ExternalConstantTerm": _variable,
    "ThisInvocation": _implied("$this"),
    "IndexInvocation": _implied("$index"),
    "TotalInvocation": _implied("$total"),
    "MemberInvocation": _member,
    "FunctionInvocation": _function,
    "InvocationExpression": _chain,
    "IndexerExpression": _indexed,
    "PolarityExpression": _signed,
    **dict.fromkeys(
        (
            *("UnionExpression", "InequalityExpression", "AdditiveExpression", "MultiplicativeExpression"),
            *("EqualityExpression", "OrExpression", "ImpliesExpression", "AndExpression", "XorExpression"),
        ),
        _plain,
    ),
    "MembershipExpression": _infix(lambda op: {"contains": "containsOp", "in": "inOp"}[op]),
    "TypeExpression": _infix(lambda op: {"is": "isOp", "as": "asOp"}[op]),
}
