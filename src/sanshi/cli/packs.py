"""`sanshi packs check | diff | lapsing`."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from sanshi.catalogue.catalogue import ALL_KINDS
from sanshi.catalogue.report import diff, lapsed, lapsing
from sanshi.cli.output import AS_JSON, console, plain_errors, print_json, problems
from sanshi.decision.policy import FILE_KINDS
from sanshi.store.packs import check, load_packs, packs_root
from sanshi.wiring import PACKS

app = typer.Typer(
    help="Check, compare and watch packs: law, city and demo data.", no_args_is_help=True
)

KINDS = (*ALL_KINDS, *FILE_KINDS)
FOLDERS = typer.Argument(help="Pack folders; default: the packs that come with Sanshi.")


@app.command("check")
def check_command(
    folders: Annotated[list[Path] | None, FOLDERS] = None,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Read packs and say what is in them and everything that is wrong."""
    report = check(_folders(folders), KINDS)
    if as_json:
        print_json(report.as_json())
    else:
        for error in report.errors:
            problems.print(str(error), style="red", markup=False, soft_wrap=True)
        for name, value in report.as_json().items():
            if name != "errors":
                console.print(f"{name.replace('_', ' ')}: {value}", markup=False)
    if report.errors:
        raise typer.Exit(1)


@app.command("diff")
def diff_command(
    old: Annotated[Path, typer.Argument(help="Folder that holds the old packs.")],
    new: Annotated[Path, typer.Argument(help="Folder that holds the new packs.")],
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Say which values changed between two states of the packs, and only those."""
    with plain_errors():
        changes = diff(load_packs(_inside(old), KINDS), load_packs(_inside(new), KINDS))
        if as_json:
            print_json([change.as_json() for change in changes])
        else:
            for change in changes:
                console.print(str(change), markup=False)


@app.command("lapsing")
def lapsing_command(
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day to look from.")],
    within_days: Annotated[int, typer.Option(help="How far to look ahead and back.")] = 90,
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """List the policies that end soon, and those that have ended with nothing after them."""
    with plain_errors():
        library, day = load_packs(_folders(None), KINDS), on.date()
        found = [*lapsed(library, day), *lapsing(library, day, within_days)]
        if as_json:
            print_json([lapse.as_json() for lapse in found])
            return
        table = Table("ends", "days left", "policy", "instrument", "known to lapse")
        for lapse in found:
            expected = "yes" if lapse.expected else ""
            table.add_row(
                lapse.ends.isoformat(), str(lapse.days_left), lapse.key, lapse.instrument, expected
            )
        console.print(table)


def _folders(given: list[Path] | None) -> list[Path]:
    return given or [packs_root() / name for name in PACKS]


def _inside(folder: Path) -> list[Path]:
    return sorted(path.parent for path in folder.glob("*/pack.yaml"))
