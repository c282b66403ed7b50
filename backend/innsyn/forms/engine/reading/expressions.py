"""FHIRPath of a form, before it is ever worked out: can it be read, and is everything that it names defined?

Whoever works it out says whether it can; why not is asked of the grammar, for a form's author to find the place.
"""

import re
from functools import lru_cache
from typing import Any, Final

from antlr4 import CommonTokenStream, InputStream, Token
from antlr4.error.ErrorListener import ErrorListener
from antlr4.error.Errors import ParseCancellationException
from antlr4.error.ErrorStrategy import BailErrorStrategy
from fhirpathpy.parser.generated.FHIRPathLexer import FHIRPathLexer
from fhirpathpy.parser.generated.FHIRPathParser import FHIRPathParser

from innsyn.forms.engine.fhirpath import readable

_NAME: Final = re.compile(r"%(?:([A-Za-z_][\w-]*)|`([^`]+)`|'([^']+)'|\"([^\"]+)\")")
_LITERAL: Final = re.compile(r"'(?:[^'\\]|\\.)*'")
_TOKEN: Final = re.compile(r"\w+|'(?:[^'\\]|\\.)*'|[^\w\s]")
_LINK_ID: Final = re.compile(r"linkId\s*(?:=|~)\s*'((?:[^'\\]|\\.)*)'")
_COMMENT: Final = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
# Known without being defined: http://hl7.org/fhir/R4/fhirpath.html#variables and SDC's.
ALWAYS: Final = frozenset(
    "resource rootResource context questionnaire qitem ucum sct loinc factory terminologies server".split()
)

# What is contained in a form is not kept once it has been read, so an expression finds nothing there.
CONTAINED: Final = "questionnaire.contained"
_READS_CONTAINED: Final = re.compile(r"%questionnaire\s*\.\s*contained\b")


class _Fault(Exception):
    pass


class _Loud(ErrorListener):  # type: ignore[misc] # antlr has no types
    def syntaxError(self, *said: Any) -> None:  # noqa: N802, ANN401 - recognizer, symbol, line, column, words, error
        raise _Fault(f"at character {said[3] + 1}: {said[4]}")


@lru_cache(maxsize=4_096)
def fault_of(expression: str) -> str:
    """'' where it can be worked out, from its first sign to its last; else what is wrong with it."""
    if readable(expression):
        return ""
    if not expression.strip():
        return "it is empty"
    try:
        return _parsed(expression) or "it uses a function that is not known here, or is nested too deep"
    except _Fault as fault:
        return str(fault)
    except ParseCancellationException as fault:
        return _where(fault)
    except RecursionError:
        return "it is nested too deep"


def _parsed(expression: str) -> str:
    lexer = FHIRPathLexer(InputStream(expression))
    lexer.removeErrorListeners()
    lexer.addErrorListener(_Loud())
    parser = FHIRPathParser(CommonTokenStream(lexer))
    parser.removeErrorListeners()
    parser.addErrorListener(_Loud())
    parser._errHandler = BailErrorStrategy()  # noqa: SLF001 - antlr's own way to set it
    parser.buildParseTrees = False
    parser.expression()
    left = parser.getCurrentToken()
    return "" if left.type == Token.EOF else f"at character {left.column + 1}: «{left.text}» is not expected"


def _where(fault: ParseCancellationException) -> str:
    token = getattr(fault.args[0] if fault.args else None, "offendingToken", None)
    if token is None or token.type == Token.EOF:
        return "it ends too early"
    return f"at character {token.column + 1}: «{token.text}» is not expected"


def tokens_in(expression: str) -> int:
    """About how many tokens it has: what parsing costs."""
    return sum(1 for _ in _TOKEN.finditer(expression))


@lru_cache(maxsize=4_096)
def names_in(expression: str) -> frozenset[str]:
    """The names of variables (%name) in it, without those that are always known."""
    bare = _LITERAL.sub("''", _COMMENT.sub(" ", expression))
    found = {next(part for part in match.groups() if part is not None) for match in _NAME.finditer(bare)}
    names = {name for name in found if name not in ALWAYS and not name.startswith(("vs-", "ext-"))}
    return frozenset(names | {CONTAINED} if _READS_CONTAINED.search(bare) else names)


@lru_cache(maxsize=4_096)
def link_ids_in(expression: str) -> frozenset[str]:
    """The linkIds that it asks for by name."""
    return frozenset(match[1] for match in _LINK_ID.finditer(_COMMENT.sub(" ", expression)))
