"""`sanshi books export`: journal, daily summary and trial balance as files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from sanshi.cli.output import plain_errors, print_json, progress_bar
from sanshi.documents.tables import write_table
from sanshi.flows.exporting import EXPORT_BOOKS, Extract, Row, extract
from sanshi.flows.perform import perform
from sanshi.flows.world import Actor
from sanshi.kernel.errors import InputError
from sanshi.kernel.reasons import Language
from sanshi.ledger.exports import SCHEMAS, What
from sanshi.settings import read_settings
from sanshi.wiring import open_world

app = typer.Typer(help="Take the books of a lender along.", no_args_is_help=True)

ENTITY = typer.Option(help="The lender, by its id in the packs.")
DAY = typer.Option(formats=["%Y-%m-%d"], help="A booking date, YYYY-MM-DD; included.")
VALUE_DAY = typer.Option(formats=["%Y-%m-%d"], help="Leave out what is of a later value date.")
Form = Literal["csv", "parquet"]


@app.command("export")
def export_command(
    entity: Annotated[str, ENTITY],
    what: Annotated[What, typer.Option(help="Which of the books.")],
    out: Annotated[Path, typer.Option(help="The file to write; it must not be there yet.")],
    since: Annotated[datetime | None, DAY] = None,
    to: Annotated[datetime | None, DAY] = None,
    value_to: Annotated[datetime | None, VALUE_DAY] = None,
    form: Annotated[Form, typer.Option("--format", help="The kind of file.")] = "csv",
    language: Annotated[Language, typer.Option("--lang", help="Of titles and names.")] = "zh",
) -> None:
    """Write journal, daily general-ledger summary or trial balance 导出 to a file."""
    days = {"since": since, "to": to, "value_to": value_to}
    asked = {name: day.date().isoformat() for name, day in days.items() if day}
    request = {"entity": entity, "what": what, "form": form, **asked}
    with (
        plain_errors(),
        open_world(read_settings()) as world,
        progress_bar({"export": "Export 导出"}) as progress,
    ):
        _must_be_free(out)
        answer = perform(world, Actor("cli", "audit", entity), EXPORT_BOOKS, request)
        print_json(
            {**answer, "rows": _write(extract(world, answer, language), out, form, progress)}
        )


def _must_be_free(out: Path) -> None:
    if out.exists():
        raise InputError(
            "export.exists",
            f"{out} is there already, and nothing is written over it.",
            field="out",
            fix="Name another file, or move this one away.",
        )
    if not out.parent.is_dir():
        raise InputError(
            "export.no_folder",
            f"There is no folder {out.parent}.",
            field="out",
            fix="Make the folder first.",
        )


def _write(books: Extract, out: Path, form: Form, progress: Callable[[str, int, int], None]) -> int:
    """Write under a name of its own, which becomes the file's once it is whole; count the rows."""
    made = out.with_name(f".{out.name}.part")
    sizes: list[int] = []

    def watched(parts: Iterable[list[Row]]) -> Iterator[list[Row]]:
        first = books.first_day() or books.to
        for part in parts:
            sizes.append(len(part))
            last = part[-1][0]
            if isinstance(last, date):
                progress("export", (last - first).days + 1, (books.to - first).days + 1)
            yield part

    try:
        with made.open("wb") as file:
            parts = watched(books.parts())
            schema, about = SCHEMAS[books.what], books.about()
            write_table(file, form, schema, parts, language=books.language, about=about)
        _must_be_free(out)
        made.rename(out)
    finally:
        made.unlink(missing_ok=True)
    return sum(sizes)
