"""What is written a.b.c: each step on what the one before it gave, and what the first steps gave kept for the next.

Most of what forms ask begins in the same way: everything in the response, then the items with a linkId. That is the
same for all expressions until the response changes, so it is found once.
"""

from collections.abc import Callable
from typing import Any, Final

from innsyn.forms.engine.fhirpath.arguments import Scope
from innsyn.forms.engine.fhirpath.walking import data_of

# `scope` is also the `ctx` of the library's functions: $this, $index, $total, model, and our budget, vars, memo, root.
Run = Callable[[Scope, list[Any]], list[Any]]
Ast = dict[str, Any]

# Functions of collections that look at nothing but what they are given: after %resource they give the same each time.
_STEADY: Final = frozenset(
    {"repeat", "descendants", "children", "where", "select", "first", "last", "ofType", "not"}
)
_ROOTS: Final = frozenset({"%resource", "%questionnaire", "QuestionnaireResponse"})
# So few that they are looked through as quickly as an index of them is made.
_FEW: Final = 16


def chained(links: list[Ast], steps: list[Run]) -> Run:
    """The steps one after the other."""
    upto, texts = _steady(links), _texts(links)
    plain = [link["type"] == "MemberInvocation" for link in links]

    def run(scope: Scope, focus: list[Any]) -> list[Any]:
        memo = scope["memo"]
        at = upto
        while at and (found := memo.get(texts[at - 1])) is None:
            at -= 1
        if at:
            focus = found
        for index in range(at, len(steps)):
            # Nothing below nothing; but a function (exists, count, iif) may have something to say of it.
            focus = steps[index](scope, focus) if focus or not index or not plain[index] else []
            if index < upto:
                memo[texts[index]] = focus
        return focus

    return run


def links_of(ast: Ast) -> list[Ast]:
    """The steps of a chain, the first of them first."""
    links: list[Ast] = []
    while ast["type"] == "InvocationExpression":
        first, *rest = ast["children"]
        links[:0] = rest
        ast = first
    return [ast, *links]


def _texts(links: list[Ast]) -> list[str]:
    texts = [_told(links[0])]
    for link in links[1:]:
        texts.append(f"{texts[-1]}.{_told(link)}")
    return texts


def _told(ast: Ast) -> str:
    """The syntax tree of a step as a text: one text, one meaning."""
    below = ",".join(_told(child) for child in ast.get("children", ()))
    return f"{ast['type']}{ast.get('terminalNodeText', '')}({below})"


def _steady(links: list[Ast]) -> int:
    """How many steps from the beginning give the same for everybody who asks of the same response."""
    if links[0].get("text") not in _ROOTS:
        return 0
    count = 1
    for link in links[1:]:
        if link["type"] == "FunctionInvocation":
            called, *arguments = link["children"][0]["children"]
            if name_of(called) not in _STEADY or "%" in str(arguments) or "$" in str(arguments):
                break
        elif link["type"] != "MemberInvocation":
            break
        count += 1
    return count


def where_linked(link_id: Run) -> Run:
    """`where(linkId='x')`, which is most of what forms ask: no expression per item, and an index of large answers."""

    def run(scope: Scope, focus: list[Any]) -> list[Any]:
        scope["budget"].spend(1)
        wanted = [data_of(each) for each in link_id(scope, focus)] if focus else []
        if len(wanted) != 1:
            return []
        if len(focus) <= _FEW:
            return [each for each in focus if _has_link(data_of(each), wanted[0])]
        return list(_indexed(scope, focus).get(wanted[0], ()))

    return run


def _indexed(scope: Scope, focus: list[Any]) -> dict[Any, list[Any]]:
    index = scope["memo"].get(id(focus))
    if index is None or index[0] is not focus:
        scope["budget"].spend(1 + len(focus))
        by_link: dict[Any, list[Any]] = {}
        for each in focus:
            data = data_of(each)
            if type(data) is dict:
                by_link.setdefault(data.get("linkId"), []).append(each)
        # The list itself is kept beside its index: no other can get its id meanwhile.
        index = scope["memo"][id(focus)] = (focus, by_link)
    found: dict[Any, list[Any]] = index[1]
    return found


def _has_link(data: Any, link_id: Any) -> bool:  # noqa: ANN401 - a node's data
    return type(data) is dict and data.get("linkId") == link_id


def name_of(ast: Ast) -> str:
    """The name of an identifier, without its quotes."""
    return str(ast["text"]).strip('"').replace("`", "")
