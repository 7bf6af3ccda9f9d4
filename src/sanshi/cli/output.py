"""What commands read and print: JSON in, JSON or words out, errors that name field and fix."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.progress import Progress

from sanshi.kernel.errors import InputError, SanshiError

console = Console()
problems = Console(stderr=True)

AS_JSON = typer.Option("--json", help="Print JSON instead of words.")
FILE = typer.Argument(help="JSON file, or - for standard input.", metavar="FILE|-")


def read_json(source: str) -> dict[str, Any]:
    """Read a JSON object from a file or standard input."""
    try:
        text = sys.stdin.read() if source == "-" else Path(source).read_text("utf-8")
        value = json.loads(text)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise InputError(
            "input.not_json",
            f"{source} is not readable JSON: {error}",
            field="file",
            fix="Give a file that holds one JSON object.",
        ) from error
    if not isinstance(value, dict):
        raise InputError(
            "input.not_object", "The input must be one JSON object.", field="file", fix="Use {…}."
        )
    return value


def print_json(value: object) -> None:
    """Print JSON for programs."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn our errors into one clear line each and exit code 1; anything else is a bug and loud."""
    try:
        yield
    except* SanshiError as group:
        for error in flat(group):
            problems.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from None


def flat(error: BaseException) -> Iterator[BaseException]:
    """Return the errors in a group, however deep."""
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from flat(inner)
    else:
        yield error


@contextmanager
def progress_bar(words: Mapping[str, str]) -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar for each kind of long work; silent when nobody looks at a terminal."""
    with Progress(console=problems, disable=not problems.is_terminal) as bar:
        tasks = {
            name: bar.add_task(text, total=None, visible=False) for name, text in words.items()
        }

        def report(what: str, done: int, total: int) -> None:
            bar.update(tasks[what], completed=done, total=total, visible=True)

        yield report
