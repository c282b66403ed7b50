"""The tree is the map: names, sizes and places that a newcomer can predict."""

import ast

from architecture.tree import files, functions, parsed, public_functions, shown, told

_SOURCES = (".py", ".js", ".mjs", ".css")
LONGEST_FILE = 300
# Handed out as it is: an auditor or a citizen runs this one file, without anything else of ours.
STANDS_ALONE = {"backend/innsyn/access/audit/verify.py": 450}
LONGEST_FUNCTION = 40
SAYS_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "service",
    "services",
    "manager",
    "managers",
    "common",
    "misc",
}


def test_every_file_says_what_is_in_it() -> None:
    sources = files("backend", "pwa", "tests", "e2e", ending=_SOURCES)
    faults = [shown(path) for path in sources if SAYS_NOTHING & {path.stem, path.parent.name}]
    assert not faults, told(faults, "Name a file after what it holds; `utils` becomes everybody's drawer:")


def test_no_file_is_longer_than_one_can_keep_in_mind() -> None:
    faults = []
    for path in files("backend", "pwa", "tests", "e2e", ending=_SOURCES):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > STANDS_ALONE.get(shown(path), LONGEST_FILE):
            faults.append(f"{shown(path)} has {lines} lines")
    assert not faults, told(
        faults, f"Split what is longer than {LONGEST_FILE} lines by what changes together:"
    )


def test_a_function_fits_on_a_screen() -> None:
    faults = []
    for path in files("backend", ending=(".py",)):
        # A migration and a demo citizen's years are lists told in their order: cut up they would say less.
        if "migrations" in path.parts or {"standins", "demo"} <= set(path.parts):
            continue
        for function in functions(path):
            lines = (function.end_lineno or 0) - function.lineno + 1
            if lines > LONGEST_FUNCTION:
                faults.append(f"{shown(path, function.lineno)} {function.name} has {lines} lines")
    assert not faults, told(
        faults, f"A function of more than {LONGEST_FUNCTION} lines tells two stories; give each a name:"
    )


def test_only_the_edge_commits() -> None:
    faults = []
    for path in files("backend/innsyn", ending=(".py",)):
        if {"db", "migrations"} & set(path.parts):
            continue
        faults += [
            shown(path, node.lineno)
            for node in ast.walk(parsed(path))
            if isinstance(node, ast.Attribute) and node.attr == "commit"
        ]
    assert not faults, told(
        faults, "One request, one transaction: innsyn.db commits when the handler has returned:"
    )


def test_every_query_asks_who_reads() -> None:
    faults = []
    for path in files("backend/innsyn/records", ending=("queries.py",)):
        for function in public_functions(path):
            arguments = function.args.posonlyargs + function.args.args
            first = arguments[0].annotation if arguments else None
            if first is None or ast.unparse(first) != "ReadSession":
                faults.append(f"{shown(path, function.lineno)} {function.name}")
    assert not faults, told(
        faults, "Loading is permission: a query's first argument is the ReadSession that opens a record:"
    )


def test_bounds_on_query_and_path_parameters_are_litestars_own() -> None:
    faults = []
    for path in files("backend/innsyn", ending=("pages.py", "api.py", "app.py")):
        for function in functions(path):
            arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
            annotations = [ast.unparse(one.annotation) for one in arguments if one.annotation]
            if any("Meta(" in annotation for annotation in annotations):
                faults.append(f"{shown(path, function.lineno)} {function.name}")
    lesson = "Litestar ignores msgspec.Meta on query and path parameters: use litestar.params.Parameter:"
    assert not faults, told(faults, lesson)
