"""All commands in one place."""

from __future__ import annotations

import json
import signal
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from sanshi.cli import books, city, packs, pure, serving
from sanshi.cli.output import (
    AS_JSON,
    FILE,
    console,
    plain_errors,
    print_json,
    progress_bar,
    read_json,
)
from sanshi.connectors.clock import HandTime
from sanshi.connectors.process import SandboxPlan, running_sandbox
from sanshi.connectors.sandbox.control import SandboxControl
from sanshi.demo.run import StoryRun
from sanshi.demo.story import Story, read_story
from sanshi.flows.perform import perform
from sanshi.flows.registry import FLOWS
from sanshi.flows.world import Actor
from sanshi.jobs.close import close_day, collect_due
from sanshi.jobs.outbox import deliver, enquire_open
from sanshi.kernel.errors import InputError
from sanshi.settings import DEFAULT_FOLDER, Settings, read_settings
from sanshi.wiring import open_world, read_content, set_up

app = typer.Typer(
    help="Sanshi 三适: scenario-based consumer credit.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
database = typer.Typer(help="Set up and upgrade the database.", no_args_is_help=True)
stories = typer.Typer(help="Run stories on a scratch database.", no_args_is_help=True)
app.add_typer(packs.app, name="packs")
app.add_typer(books.app, name="books")
app.add_typer(database, name="db")
app.add_typer(stories, name="story")
app.add_typer(serving.keys, name="keys")
app.add_typer(serving.staff, name="staff")
app.command("demo")(city.demo_command)
app.command("serve")(serving.serve_command)
app.command("schedule")(pure.schedule_command)
app.command("apr")(pure.apr_command)
app.command("quote")(pure.quote_command)
app.command("verify")(pure.verify_command)

DAY = typer.Option(formats=["%Y-%m-%d"], help="A date, YYYY-MM-DD.")
OUTSIDE_FOLDER = Path(DEFAULT_FOLDER) / "outside"
ENTITY = typer.Option(help="The lender, by its id in the packs.")


@database.command("upgrade")
def upgrade_command(business_date: Annotated[datetime, DAY]) -> None:
    """Create or upgrade the tables and open the first business date."""
    with plain_errors():
        settings = read_settings()
        set_up(settings.database, business_date.date())
        console.print(f"ready: {settings.database}", markup=False)


@app.command("outside")
def outside_command(
    business_date: Annotated[datetime, DAY],
    folder: Annotated[Path, typer.Option(help="Where it keeps its own data.")] = OUTSIDE_FOLDER,
    port: Annotated[int, typer.Option(help="0: any free port.")] = 0,
) -> None:
    """Run the sandbox of the outside world until interrupted: rail, identity check, bureau."""
    plan = SandboxPlan(data=folder, value_date=business_date.date(), port=port)
    with plain_errors(), running_sandbox(plan) as outside:
        console.print("In another terminal:", markup=False)
        console.print(f"export SANSHI_OUTSIDE_URL={outside.base_url}", markup=False)
        console.print(f"export SANSHI_OUTSIDE_SECRET={outside.secret}", markup=False)
        with suppress(KeyboardInterrupt):
            signal.pause()


@app.command("do")
def do_command(
    flow: Annotated[str, typer.Argument(help="Name of a use case; see `sanshi schema`.")],
    file: Annotated[str, FILE] = "-",
    role: Annotated[str, typer.Option("--as", help="The role that acts.")] = "system",
    entity: Annotated[str, ENTITY] = "",
    person: Annotated[str, typer.Option(help="The person who acts, for consumers.")] = "",
    key: Annotated[str | None, typer.Option(help="Idempotency key.")] = None,
) -> None:
    """Run one use case: JSON in, JSON out."""
    with plain_errors():
        if flow not in FLOWS:
            raise InputError(
                "flow.unknown", f"There is no use case {flow!r}.", field="flow", fix=_names()
            )
        actor = Actor("cli", role, entity, person)  # type: ignore[arg-type] # perform refuses a wrong role
        with open_world(read_settings()) as world:
            print_json(perform(world, actor, FLOWS[flow], read_json(file), key))


@app.command("deliver")
def deliver_command(entity: Annotated[str, ENTITY]) -> None:
    """Send what waits in the outbox and enquire what the rail has not answered."""
    with plain_errors(), open_world(read_settings()) as world:
        done = deliver(world)
        asked = enquire_open(world, entity)
        print_json({"sent": done.sent, "unanswered": done.unanswered, "enquired": asked})


@app.command("close")
def close_command(
    day: Annotated[
        datetime, typer.Option("--date", formats=["%Y-%m-%d"], help="The day to close.")
    ],
) -> None:
    """Collect what is due, switch the date, close the books of a day and reconcile it."""
    with (
        plain_errors(),
        open_world(read_settings()) as world,
        progress_bar({"collect": "Direct debits 代扣", "close": "Day close 日终"}) as progress,
    ):
        if world.clock.business_date() == day.date():
            for entity in sorted(world.catalogue.lenders):
                collect_due(world, entity, progress)
            deliver(world)
        print_json(close_day(world, day.date(), progress))


@app.command("trial-balance")
def trial_balance_command(
    entity: Annotated[str, ENTITY],
    since: Annotated[datetime | None, DAY] = None,
    to: Annotated[datetime | None, DAY] = None,
    value_to: Annotated[datetime | None, DAY] = None,
) -> None:
    """Print a lender's trial balance 试算平衡: of booking dates, and up to a value date."""
    days = {"since": since, "to": to, "value_to": value_to}
    asked = {name: day.date().isoformat() for name, day in days.items() if day}
    _as_staff("trial_balance", {"entity": entity, **asked}, entity)


@app.command("rebuild")
def rebuild_command(
    entity: Annotated[str, ENTITY],
    check: Annotated[
        bool, typer.Option("--check", help="Compare and report; repair nothing.")
    ] = True,
) -> None:
    """Replay every loan's events and compare with the books."""
    answer = _as_staff("check_books", {"entity": entity}, entity)
    if check and answer["differences"]:
        raise typer.Exit(1)


@app.command("replay")
def replay_command(decision_id: str, entity: Annotated[str, ENTITY]) -> None:
    """Work a stored decision out again and compare it bit for bit."""
    answer = _as_staff("replay_decision", {"decision_id": decision_id}, entity)
    if not answer["same"]:
        raise typer.Exit(1)


@app.command("schema")
def schema_command(
    name: Annotated[str, typer.Argument(help="A use case or command; none lists all.")] = "",
) -> None:
    """Print the JSON Schema of a request."""
    with plain_errors():
        if not name:
            print_json(sorted([*FLOWS, *pure.INPUTS]))
        elif name in FLOWS:
            print_json(FLOWS[name].schema())
        elif name in pure.INPUTS:
            print_json(pure.INPUTS[name].model_json_schema())
        else:
            raise InputError("schema.unknown", f"No schema {name!r}.", field="name", fix=_names())


@stories.command("run")
def story_command(
    files: Annotated[list[Path], typer.Argument(help="Story files.")],
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """Run stories on a scratch database with a sandbox of the outside world."""
    failed = 0
    with plain_errors():
        content = read_content()
        for path in files:
            with TemporaryDirectory(prefix="sanshi-story-") as folder:
                run = _run_story(read_story(path), Path(folder), content)
            failed += bool(run.mismatches)
            if as_json:
                print_json({"story": run.story.id, "answers": run.answers})
            for miss in run.mismatches:
                console.print(
                    f"step {miss.step}, {miss.at}: expected {miss.expected}, came {miss.came}",
                    markup=False,
                )
            console.print(f"{'failed' if run.mismatches else 'ok':7} {run.story.en}", markup=False)
    if failed:
        raise typer.Exit(1)


def _run_story(story: Story, folder: Path, content: Any) -> StoryRun:  # noqa: ANN401 - wiring.Content
    url = f"sqlite:///{folder / 'story.db'}"
    set_up(url, story.business_date)
    time = HandTime(datetime.combine(story.business_date, datetime.min.time(), UTC))
    time.move(seconds=int(timedelta(hours=2).total_seconds()))  # ten in the morning in Shanghai
    with running_sandbox(SandboxPlan(data=folder / "outside")) as outside:
        settings = Settings(url, folder / "keys.json", (), outside.base_url, outside.secret)
        control = SandboxControl(outside.base_url, outside.secret)
        with open_world(settings, content, time) as world:
            run = StoryRun(world, time, control, story)
            run.run()
        control.close()
    return run


def _as_staff(flow: str, request: dict[str, Any], entity: str) -> dict[str, Any]:
    with plain_errors(), open_world(read_settings()) as world:
        answer = dict(perform(world, Actor("cli", "audit", entity), FLOWS[flow], request))
        print_json(answer)
        return json.loads(json.dumps(answer, default=str))  # type: ignore[no-any-return] # JSON of an object


def _names() -> str:
    return f"Use one of: {', '.join(sorted(FLOWS))}."


def main() -> None:
    """Run the command line."""
    app()
