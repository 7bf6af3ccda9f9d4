"""Rules on the core: what it may import, and that it has no clock, chance, file or float."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from house.house import Finding, Rule, Source
from house.python_rules import imported, in_tests

# Deny by default: what is not here is not imported by the core or by flows.
_STANDARD = """
    __future__ abc base64 binascii bisect calendar collections contextlib copy dataclasses
    datetime decimal enum fractions functools hashlib heapq hmac itertools json math operator re
    string struct textwrap types typing unicodedata zoneinfo
"""
_ALLOWED = {*_STANDARD.split(), "sanshi", "pydantic", "numpy", "duckdb", "pyarrow"}
_ALLOWED_IN = {
    "src/sanshi/kernel/dates.py": {"chinese_calendar"},
    "src/sanshi/decision/": {"lightgbm"},
    "src/sanshi/insight/": {"lightgbm"},
}
_READS_FILES = {"pyarrow.csv", "pyarrow.dataset", "pyarrow.fs", "pyarrow.parquet", "pyarrow.json"}
_FILE_CALLS = {"read_text", "read_bytes", "write_text", "write_bytes", "read_csv", "read_parquet"}
_CLOCKS = {"now", "utcnow", "today"}
_CLOCK_OWNERS = {"date", "datetime", "dt"}
_REAL_CLOCK = re.compile(r"# real clock: \w+ \w+")
_EXACT_ROOMS = {"kernel", "ledger", "loan", "quote", "benefit"}
_SOLVERS = {
    "src/sanshi/kernel/columns.py",
    "src/sanshi/kernel/rate_columns.py",
    "src/sanshi/kernel/rates.py",
    "src/sanshi/kernel/schedules/block.py",
}


def pure(source: Source) -> bool:
    return source.is_pure


def pure_or_test(source: Source) -> bool:
    return source.path.endswith(".py") and (source.is_pure or in_tests(source))


def exact(source: Source) -> bool:
    return source.is_core and source.room in _EXACT_ROOMS and source.path not in _SOLVERS


def imports_only_what_is_pure(source: Source) -> Iterator[Finding]:
    allowed = set(_ALLOWED)
    for where, extra in _ALLOWED_IN.items():
        if source.path.startswith(where):
            allowed |= extra
    for line, module in imported(source.tree):
        if module.split(".")[0] not in allowed:
            yield line, f"core and flows do not import {module}"
        if any(f"{module}.".startswith(f"{reader}.") for reader in _READS_FILES):
            yield line, f"{module} reads files"


def reads_no_file(source: Source) -> Iterator[Finding]:
    for node in ast.walk(source.tree):
        match node:
            case ast.Call(func=ast.Name(id="open" | "input" | "print" | "exec" | "eval" as name)):
                yield node.lineno, f"{name}() in a pure room"
            case ast.Call(func=ast.Attribute(attr=name)) if name in _FILE_CALLS:
                yield node.lineno, f".{name}() in a pure room"


def owner(node: ast.expr) -> str:
    """Return the last name of what a method is called on: `datetime` in `dt.datetime.now()`."""
    return getattr(node, "attr", getattr(node, "id", ""))


def has_no_clock(source: Source) -> Iterator[Finding]:
    allowed = real_clock_lines(source) if in_tests(source) else set()
    for node in ast.walk(source.tree):
        if getattr(node, "lineno", 0) in allowed:
            continue
        match node:
            case ast.Attribute(value=value, attr=name) if name in _CLOCKS:
                if owner(value) in _CLOCK_OWNERS:
                    yield node.lineno, f"{owner(value)}.{name}: pass the day or the instant in"
            case ast.Attribute(value=ast.Name(id="time"), attr="time" | "time_ns"):
                yield node.lineno, "time.time: pass the instant in"


def real_clock_lines(source: Source) -> set[int]:
    """Return the lines of a test that say why they need the machine's clock."""
    return {line for line, comment in source.comments if _REAL_CLOCK.match(comment)}


def leaves_nothing_to_chance(source: Source) -> Iterator[Finding]:
    for node in ast.walk(source.tree):
        match node:
            case ast.Attribute(value=ast.Name(id="np" | "numpy"), attr="random"):
                yield node.lineno, "numpy's shared generator: pass a seeded Generator in"
            case ast.Call(func=ast.Name(id="default_rng"), args=[], keywords=[]):
                yield node.lineno, "an unseeded generator"
            case ast.Call(func=ast.Name(id="hash" | "id" as name)):
                yield node.lineno, f"{name}() differs from process to process"


def is_exact(source: Source) -> Iterator[Finding]:
    for node in ast.walk(source.tree):
        match node:
            case ast.Constant(value=float() as number):
                yield node.lineno, f"{number} is a float; money and rates are integers"
            case ast.Name(id="float") if not is_type_test(node, source.tree):
                yield node.lineno, "float in exact arithmetic"
            case ast.BinOp(op=ast.Div()):
                yield node.lineno, "`/` makes a float; use div_round or a Fraction"


def is_type_test(node: ast.Name, tree: ast.Module) -> bool:
    """Say whether a name stands in isinstance(...), where refusing floats is the point."""
    calls = (n for n in ast.walk(tree) if isinstance(n, ast.Call))
    tests = (call for call in calls if owner(call.func) == "isinstance")
    return any(node in set(ast.walk(call)) for call in tests)


_CORE = "src/sanshi/loan/any.py"
_FLOW = "src/sanshi/flows/any.py"
_SHELL = "src/sanshi/store/any.py"
_TEST = "tests/loan/test_any.py"
_TODAY = "from datetime import date\nx = date.to" + "day()\n"

RULES = (
    Rule(
        imports_only_what_is_pure,
        pure,
        bad=(
            (_CORE, "import os\n"),
            (_CORE, "from os import environ\n"),
            (_CORE, "import random\n"),
            (_CORE, "def f():\n    import secrets\n"),
            (_CORE, "import sqlalchemy\n"),
            (_CORE, "import pyarrow.parquet as pq\n"),
            (_CORE, "import chinese_calendar\n"),
            (_CORE, "import lightgbm\n"),
            (_FLOW, "import httpx\n"),
            ("src/sanshi/life.py", "import time\n"),
            ("src/sanshi/brand_new/a.py", "import uuid\n"),
        ),
        good=(
            (_CORE, "from datetime import date\nfrom sanshi.kernel.money import yuan\n"),
            ("src/sanshi/kernel/dates.py", "import chinese_calendar\n"),
            ("src/sanshi/decision/model.py", "def f():\n    import lightgbm\n"),
            (_SHELL, "import sqlalchemy, os\n"),
        ),
    ),
    Rule(
        reads_no_file,
        pure,
        bad=(
            (_CORE, "x = open('a')\n"),
            (_CORE, "def f(p):\n    return p.read_text()\n"),
            (_FLOW, "print(1)\n"),
        ),
        good=((_SHELL, "x = open('a')\n"), (_CORE, "x = opened(1)\n")),
    ),
    Rule(
        has_no_clock,
        pure_or_test,
        bad=(
            (_CORE, _TODAY),
            (_FLOW, "import datetime as dt\nx = dt.datetime.now(dt.UTC)\n"),
            (_TEST, _TODAY),
            (_TEST, "import time\nx = time.time()\n"),
            (_TEST, "x = datetime.now()  # real clock: yes\n"),
            (_FLOW, "x = datetime.now()  # real clock: a flow has a Clock\n"),
            (_TEST, "from datetime import datetime\nf(default=datetime.now)\n"),
        ),
        good=(
            (_FLOW, "def f(clock):\n    return clock.now()\n"),
            (_TEST, "import time\nx = time.monotonic()\n"),
            (_TEST, "x = datetime.now()  # real clock: the library compares with it\n"),
            (_SHELL, _TODAY),
        ),
    ),
    Rule(
        leaves_nothing_to_chance,
        pure,
        bad=(
            (_CORE, "import numpy as np\nx = np.random.rand()\n"),
            (_CORE, "from numpy.random import default_rng\nx = default_rng()\n"),
            (_CORE, "x = hash('a')\n"),
        ),
        good=(
            (_CORE, "from numpy.random import default_rng\nx = default_rng(1)\n"),
            (_SHELL, "import numpy as np\nx = np.random.rand()\n"),
        ),
    ),
    Rule(
        is_exact,
        exact,
        bad=(
            (_CORE, "x = 0.5\n"),
            ("src/sanshi/ledger/a.py", "x = float('1')\n"),
            ("src/sanshi/kernel/money.py", "x: float\n"),
            (_CORE, "x = 1 / 3\n"),
        ),
        good=(
            (_CORE, "x = 1 // 3\n"),
            (_CORE, "def f(x: object) -> bool:\n    return isinstance(x, (int, float))\n"),
            ("src/sanshi/kernel/rates.py", "x = 0.5\n"),
            (_SHELL, "x = 0.5\n"),
        ),
    ),
)
