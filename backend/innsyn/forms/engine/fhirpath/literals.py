"""What is written out in an expression: numbers, quantities, dates."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from fhirpathpy.engine.nodes import FP_Quantity

from innsyn.forms.engine.fhirpath.budget import ExpressionFailed
from innsyn.forms.engine.fhirpath.chaining import Ast, Run


def constant(values: list[Any]) -> Run:
    return lambda _scope, _focus: list(values)


def number(ast: Ast) -> Run:
    number = Decimal(ast["text"])
    return constant([number if "." in ast["text"] else int(number)])


def quantity(ast: Ast) -> Run:
    value = ast["children"][0]
    unit = value["children"][0]
    words = unit["terminalNodeText"] or unit["children"][0]["terminalNodeText"]
    return constant([FP_Quantity(Decimal(value["terminalNodeText"][0]), words[0])])


def dated(kind: Callable[[str], Any], start: int) -> Callable[[Ast], Run]:
    def make(ast: Ast) -> Run:
        value = kind(ast["text"][start:])
        if value is None:
            raise ExpressionFailed("syntax")
        return constant([value])

    return make
