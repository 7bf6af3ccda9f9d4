"""Rules on the shape of Python files: short, documented, finished, honest about waivers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from house.house import Finding, Rule, Source, everywhere, python_files

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 50

_WAIVER = re.compile(r"#\s*(?:noqa|type:\s*ignore)\b")
_CODES = re.compile(r"#\s*noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|#\s*type:\s*ignore\[[\w, -]+\]")
_UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|WIP|TBD)\b")
_UNIT_FIRST = re.compile(r"_*(fen|ppm|yuan|cny)_\w+")
_OTHER_SQLITE = {"adbc_driver_sqlite", "apsw", "connectorx", "pysqlite3", "sqlcipher3"}
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def code_or_pack(source: Source) -> bool:
    return source.path.endswith((".py", ".yaml"))


def short_functions(source: Source) -> bool:
    # A migration states one change of the schema from top to bottom and is never edited again.
    return python_files(source) and "/migrations/versions/" not in source.path


def documented(source: Source) -> bool:
    return python_files(source) and not source.path.startswith("tests/")


def in_package(source: Source) -> bool:
    return source.in_package


def file_is_short(source: Source) -> Iterator[Finding]:
    lines = source.text.count("\n")
    if lines > MAX_FILE_LINES:
        yield 1, f"{lines} lines; split it by idea (at most {MAX_FILE_LINES})"


def functions_are_short(source: Source) -> Iterator[Finding]:
    for node in ast.walk(source.tree):
        if isinstance(node, _FUNCTIONS):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > MAX_FUNCTION_LINES:
                yield node.lineno, f"{node.name} has {lines} lines (at most {MAX_FUNCTION_LINES})"


def modules_say_what_they_are(source: Source) -> Iterator[Finding]:
    if not ast.get_docstring(source.tree):
        yield 1, "no module docstring"


def waivers_give_reasons(source: Source) -> Iterator[Finding]:
    for line, comment in source.comments:
        if not _WAIVER.search(comment):
            continue
        rest = _CODES.sub("", comment)
        if _WAIVER.search(rest):
            yield line, "name the codes that are waived"
        elif len(re.findall(r"\w+", rest)) < 2:
            yield line, "say beside the waiver why"


def nothing_is_unfinished(source: Source) -> Iterator[Finding]:
    for line, comment in source.comments:
        if _UNFINISHED.search(comment):
            yield line, "unfinished mark: finish it or write an issue"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Raise) and "NotImplementedError" in ast.dump(node):
            yield node.lineno, "a function that is not there yet"


def units_stand_last(source: Source) -> Iterator[Finding]:
    for node in ast.walk(source.tree):
        match node:
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                if _UNIT_FIRST.fullmatch(name):
                    yield node.lineno, f"{name}: the unit stands last, as in amount_fen"


def imported(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Give every imported module with its line; `from a import b` counts as a.b too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.lineno, node.module


def one_sqlite_library(source: Source) -> Iterator[Finding]:
    for line, module in imported(source.tree):
        if module.split(".")[0] in _OTHER_SQLITE:
            yield line, f"{module} beside sqlite3 corrupts files: locks are per process"


def tests_are_no_package(source: Source) -> Iterator[Finding]:
    if source.path.endswith("__init__.py"):
        yield 1, "tests hold no __init__.py"


def in_tests(source: Source) -> bool:
    return source.path.startswith("tests/")


def line_ends_are_unix(source: Source) -> Iterator[Finding]:
    if "\r" in source.text:
        yield source.text[: source.text.index("\r")].count("\n") + 1, "a carriage return"


_ANY = "src/sanshi/kernel/any.py"
_LONG_FUNCTION = "def f():\n" + "    x = 1\n" * MAX_FUNCTION_LINES
_FULL_FUNCTION = "def f():\n" + "    x = 1\n" * (MAX_FUNCTION_LINES - 1)
_NOQA = "# no" + "qa"
_IGNORE = "# type: " + "ignore"
_MARK = "TO" + "DO"

RULES = (
    Rule(
        file_is_short,
        code_or_pack,
        bad=((_ANY, "x = 1\n" * 401), ("packs/china/a.yaml", "- 1\n" * 401)),
        good=((_ANY, "x = 1\n" * 400), ("docs/long.md", "word\n" * 900)),
    ),
    Rule(
        functions_are_short,
        short_functions,
        bad=((_ANY, _LONG_FUNCTION), (_ANY, "async " + _LONG_FUNCTION)),
        good=(
            (_ANY, _FULL_FUNCTION),
            ("src/sanshi/store/migrations/versions/0001_a.py", _LONG_FUNCTION),
        ),
    ),
    Rule(
        modules_say_what_they_are,
        documented,
        bad=((_ANY, "x = 1\n"), (_ANY, "# comment\n")),
        good=((_ANY, '"""Text."""\n'), ("tests/test_a.py", "x = 1\n")),
    ),
    Rule(
        waivers_give_reasons,
        python_files,
        bad=(
            (_ANY, f"x = 1  {_NOQA}\n"),
            (_ANY, f"x = 1  {_NOQA}: S101\n"),
            (_ANY, f"x = 1  {_NOQA}: S101, D103 - why\n"),
            (_ANY, f"x = 1  {_NOQA} because it reads better\n"),
            (_ANY, f"x = 1  {_IGNORE}\n"),
            (_ANY, f"x = 1  {_IGNORE}[arg-type]\n"),
            (_ANY, f"x = 1  {_NOQA}: S101 {_IGNORE}[arg-type]\n"),
        ),
        good=(
            (_ANY, f"x = 1  {_NOQA}: S101, D103 - the reason why\n"),
            (_ANY, f"x = 1  {_IGNORE}[arg-type] # the driver's own type\n"),
            (_ANY, f"x = '{_NOQA}'\n"),
        ),
    ),
    Rule(
        nothing_is_unfinished,
        in_package,
        bad=(
            (_ANY, f"x = 1  # {_MARK}: later\n"),
            (_ANY, "def f():\n    raise NotImplementedError\n"),
            (_ANY, "def f():\n    raise NotImplementedError('later')\n"),
        ),
        good=((_ANY, "try:\n    f()\nexcept NotImplementedError:\n    pass\n"),),
    ),
    Rule(
        units_stand_last,
        in_package,
        bad=(
            (_ANY, "fen_total = 1\n"),
            (_ANY, "def f(ppm_rate: int) -> None: ...\n"),
            (_ANY, "class A:\n    yuan_price: int\n"),
        ),
        good=((_ANY, "total_fen = 1\n"), (_ANY, "def f(rate_ppm: int) -> None: ...\n")),
    ),
    Rule(
        one_sqlite_library,
        python_files,
        bad=(
            ("tests/test_a.py", "import ap" + "sw\n"),
            (_ANY, "from adbc_driver_sqlite import dbapi\n"),
            (_ANY, "import connectorx as cx\n"),
        ),
        good=((_ANY, "import sqlite3\n"),),
    ),
    Rule(
        tests_are_no_package,
        in_tests,
        bad=(("tests/kernel/__init__.py", ""),),
        good=(("tests/kernel/test_a.py", ""), ("src/sanshi/kernel/__init__.py", "")),
    ),
    Rule(
        line_ends_are_unix,
        everywhere,
        bad=(("docs/a.md", "a\r\nb\n"),),
        good=(("docs/a.md", "a\nb\n"),),
    ),
)
