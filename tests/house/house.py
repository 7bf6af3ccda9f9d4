"""What house rules are made of: a source file, a rule that must catch its own bad example."""

from __future__ import annotations

import ast
import io
import subprocess
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PACKAGE = "src/sanshi/"

SHELL = {
    "__init__",
    "access",
    "api",
    "cli",
    "connectors",
    "demo",
    "documents",
    "engine",
    "jobs",
    "node",
    "settings",
    "store",
    "web",
    "wiring",
}
MIDDLE = {"flows", "ports"}


@dataclass(frozen=True)
class Source:
    """One file: its path from the repository's root, with slashes, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of a Python file."""
        return ast.parse(self.text)

    @cached_property
    def comments(self) -> list[tuple[int, str]]:
        """The comments of a Python file with their lines."""
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        return [(t.start[0], t.string) for t in tokens if t.type == tokenize.COMMENT]

    @property
    def room(self) -> str:
        """The folder or module right under src/sanshi, or '' elsewhere."""
        first = self.path.removeprefix(PACKAGE).split("/")[0]
        return first.removesuffix(".py") if self.in_package else ""

    @property
    def in_package(self) -> bool:
        return self.path.startswith(PACKAGE) and self.path.endswith(".py")

    @property
    def is_core(self) -> bool:
        """Whatever is not named as shell or as flows: a new room is core until said otherwise."""
        return self.in_package and self.room not in SHELL | MIDDLE

    @property
    def is_pure(self) -> bool:
        """Core and flows: no input, no output, no clock, no chance."""
        return self.in_package and self.room not in SHELL


Finding = tuple[int, str]
Applies = Callable[[Source], bool]
Check = Callable[[Source], Iterator[Finding]]


@dataclass(frozen=True)
class Rule:
    """A rule of the house, with what it must catch and what it must let pass.

    Each example is a path and a text; the path decides whether the rule applies at all.
    """

    check: Check
    applies: Applies
    bad: tuple[tuple[str, str], ...]
    good: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return self.check.__name__

    def findings(self, source: Source) -> list[str]:
        """Say where a file breaks the rule."""
        if not self.applies(source):
            return []
        return [f"{source.path}:{line}: {what}" for line, what in self.check(source)]


def python_files(source: Source) -> bool:
    return source.path.endswith(".py")


def everywhere(source: Source) -> bool:
    return bool(source.path)


def tracked_paths(root: Path = ROOT) -> list[str]:
    """Return every file that git has or would add, in order."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "-c", "-o", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    return sorted({path for path in listed.split("\0") if path and (root / path).is_file()})


def tracked_sources(root: Path = ROOT) -> list[Source]:
    """Return every text file of the repository."""
    found = []
    for path in tracked_paths(root):
        content = (root / path).read_bytes()
        if b"\0" not in content:
            found.append(Source(path, content.decode("utf-8")))
    return found
