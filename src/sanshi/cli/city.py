"""`sanshi demo`: a city of invented residents（虚构）, made by running the flows day by day."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import structlog
import typer
from rich.table import Table

from sanshi.cli.output import console, plain_errors, problems, progress_bar
from sanshi.cli.places import Place
from sanshi.cli.sandboxing import SANDBOX_MARK
from sanshi.cli.serving import serve_city
from sanshi.demo.city import Passed, seed_city
from sanshi.demo.city_keep import Folder, Made
from sanshi.demo.city_plan import CONSUMERS, DAYS, SEED, Plan
from sanshi.demo.city_tour import people, tour
from sanshi.settings import DEFAULT_FOLDER
from sanshi.web.consumer.town import Resident
from sanshi.wiring import read_content

FOLDER = Path(DEFAULT_FOLDER) / "demo"
_WORDS = {"days": "Days 日", "residents": "Residents 居民"}
_LINE_DAYS = 21
"""How often a line is written where nobody looks at a terminal."""


def demo_command(
    folder: Annotated[Path, typer.Option(help="Where the city lives.")] = FOLDER,
    seed: Annotated[int, typer.Option(help="The same seed gives the same city.", min=0)] = SEED,
    consumers: Annotated[int, typer.Option(help="How many residents.", min=1)] = CONSUMERS,
    days: Annotated[int, typer.Option(help="How many days it has behind it.", min=1)] = DAYS,
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Open its pages when it is there.")
    ] = True,
    port: Annotated[
        int, typer.Option(help="The port of the API; pages and workbench take the next two.")
    ] = 8700,
) -> None:
    """Seed a demo city, or go on with one, and say who to be and what to look at."""
    plan = Plan(seed, consumers, days)
    with plain_errors():
        made = Folder(folder).made(plan) or _seeded(Folder(folder), plan)
        _print(made, plan)
        place = Place.from_ports("127.0.0.1", port)
        _print_tour(plan, place if serve else None)
        if serve:
            residents = [Resident(*words) for words in people(plan)]
            serve_city(place, Folder(folder), residents)


def _seeded(folder: Folder, plan: Plan) -> Made:
    with _progress() as passed:
        # What goes wrong on purpose in the city is no news to whoever waits for it.
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger("critical"))
        try:
            return seed_city(folder, read_content(), plan, marks={SANDBOX_MARK: 1}, passed=passed)
        finally:
            structlog.reset_defaults()


@contextlib.contextmanager
def _progress() -> Iterator[Passed]:
    with progress_bar(_WORDS) as report:

        def passed(days: int, of: int, came: int, all_of_them: int) -> None:
            report("days", days, of)
            report("residents", came, all_of_them)
            if not problems.is_terminal and days % _LINE_DAYS == 0:
                problems.print(f"{days} of {of} days, {came} of {all_of_them} residents")

        yield passed


def _print(made: Made, plan: Plan) -> None:
    console.print(f"Demo city 示范城（虚构） on business date {made.business_date}", markup=False)
    console.print(f"seed {plan.seed}, hash {made.city_hash}", markup=False, soft_wrap=True)
    table = Table("what", "how many at each stage", box=None)
    for kind, stages in made.stages.items():
        table.add_row(kind, ", ".join(f"{stage} {count}" for stage, count in stages.items()))
    overdue = ", ".join(f"{bucket} {count}" for bucket, count in made.overdue.items())
    table.add_row("days past due", overdue)
    console.print(table)


def _print_tour(plan: Plan, place: Place | None) -> None:
    table = Table("name", "mobile", "identity number", "who", box=None)
    for name, mobile, id_number, zh, en in people(plan):
        table.add_row(name, mobile, id_number, f"{zh} ({en})")
    console.print("\nPeople to be（虚构）:", markup=False)
    console.print(table)
    console.print("\nThree minutes:", markup=False)
    for line in tour(place.pages_url, place.desk_url) if place else tour():
        console.print(line, markup=False)
