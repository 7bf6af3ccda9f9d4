"""`sanshi serve`: the API in one process, with the jobs that belong to it."""

from __future__ import annotations

import base64
import secrets
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
import uvicorn

from sanshi.api.app import api_app
from sanshi.api.callbacks import hear_rail
from sanshi.cli.output import console, plain_errors
from sanshi.cli.places import ByPort, Place, listening
from sanshi.connectors.clock import SandboxTime
from sanshi.connectors.payments import read_callback
from sanshi.connectors.process import SandboxPlan, running_sandbox
from sanshi.connectors.sandbox.control import SandboxControl
from sanshi.demo.personas import PERSONAS, Stage
from sanshi.flows.api_keys import ISSUE_KEY, key_text
from sanshi.flows.perform import perform
from sanshi.flows.world import Actor, World
from sanshi.jobs.rounds import Rounds
from sanshi.kernel.effects import Effects, Insert
from sanshi.kernel.errors import InputError
from sanshi.settings import DEFAULT_FOLDER, Settings, read_settings
from sanshi.web.consumer.addresses import PHONE
from sanshi.web.consumer.app import consumer_site
from sanshi.wiring import open_webhooks, open_world, opened_date, set_up

CALLBACKS = "/rail/callbacks"
SANDBOX_KEYS = "sandbox"
"""Label of the keys that a sandbox makes for its shops by itself."""
SANDBOX_MARK = "installation:sandbox"
"""Row of a database in which everything outside is pretended."""
CLI = Actor("cli", "system")


def serve_command(
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port of the API.")] = 8700,
    pages_port: Annotated[
        int | None, typer.Option(help="The port of the buyers' pages; else the API's and one.")
    ] = None,
    sandbox: Annotated[
        bool, typer.Option(help="Everything outside is a sandbox; no real money moves.")
    ] = False,
    business_date: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The first business date of a new database."),
    ] = None,
) -> None:
    """Serve API and pages, hear the rail, and send what waits, until interrupted."""
    place = Place(host, port, pages_port or port + 1)
    with plain_errors():
        if sandbox:
            _serve_sandbox(place, business_date.date() if business_date else None)
        else:
            _serve(place, read_settings())


def _serve(place: Place, settings: Settings) -> None:
    if not (settings.outside_url and settings.rail_secret):
        raise InputError(
            "serve.outside",
            "Serving needs a payment rail, and the secret that signs its callbacks.",
            field="SANSHI_OUTSIDE_URL",
            fix="Set SANSHI_OUTSIDE_URL, SANSHI_OUTSIDE_SECRET and SANSHI_RAIL_SECRET, "
            "or try `sanshi serve --sandbox`.",
        )
    with open_world(settings) as world:
        if _is_sandbox(world):
            raise _mixed("This database is a sandbox's; what it says was paid was never paid.")
        _run(place.known_as(settings), world, settings.rail_secret, None)


def _serve_sandbox(place: Place, business_date: date | None) -> None:
    settings = read_settings()
    set_up(settings.database, business_date or datetime.now().astimezone().date())
    today = opened_date(settings.database)
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
    plan = SandboxPlan(
        data=Path(DEFAULT_FOLDER) / "outside",
        value_date=today,
        callback_url=place.api_url + CALLBACKS,
        callback_secret=secret,
    )
    with _sandbox(plan, settings, today) as stage:
        _mark_as_sandbox(stage.world)
        _print_keys(stage.world, place)
        _run(place, stage.world, secret, stage)


@contextmanager
def _sandbox(plan: SandboxPlan, settings: Settings, today: date) -> Iterator[Stage]:
    time = SandboxTime(today)
    with ExitStack() as open_things:
        outside = open_things.enter_context(running_sandbox(plan))
        control = SandboxControl(outside.base_url, outside.secret)
        open_things.callback(control.close)
        to_sandbox = replace(settings, outside_url=outside.base_url, outside_secret=outside.secret)
        world = open_things.enter_context(open_world(to_sandbox, time=time))
        yield Stage(world, time, control)


def _is_sandbox(world: World) -> bool:
    return world.store.row("counter", counter=SANDBOX_MARK) is not None


def _mark_as_sandbox(world: World) -> None:
    """Mark a new database for good: a pretended rail must never answer for real payments."""
    if _is_sandbox(world):
        return
    if world.store.rows("stream", limit=1):
        raise _mixed("This database is not a sandbox's, and real money may be under way in it.")
    mark = Insert("counter", {"counter": SANDBOX_MARK, "remaining": 1})
    world.store.apply(Effects(rows=(mark,)))


def _mixed(message: str) -> InputError:
    return InputError(
        "serve.sandbox_data",
        message,
        field="SANSHI_DATABASE",
        fix="Name another database, or start in another folder.",
    )


def _print_keys(world: World, place: Place) -> None:
    console.print(f"Sandbox 沙箱 on business date {world.clock.business_date()}.", markup=False)
    console.print(f"API: {place.api_url}/v1   description: {place.api_url}/openapi.json")
    console.print(f"Pages: {place.pages_url}   text messages: {place.pages_url}{PHONE}")
    for shop in sorted(world.catalogue.merchants):
        row = world.store.row("api_key", entity=shop, label=SANDBOX_KEYS, revoked_on=None)
        key_id = row["key_id"] if row else _issued(world, shop)["key_id"]
        console.print(f"{shop}: {key_text(world, key_id, 'test')}", markup=False, soft_wrap=True)
    console.print(f"Personas: {', '.join(PERSONAS)}", markup=False)


def _issued(world: World, shop: str) -> Any:  # noqa: ANN401 - a flow's answer
    request = {"entity": shop, "role": "merchant", "label": SANDBOX_KEYS}
    return perform(world, CLI, ISSUE_KEY, request)


def _run(place: Place, world: World, rail_secret: str, stage: Stage | None) -> None:
    app = api_app(world, base_url=place.api_url, pages_url=place.pages_url, stage=stage)
    hear_rail(app, world, partial(read_callback, rail_secret))
    rounds = Rounds(world, open_webhooks(sandbox=stage is not None).send)
    phone = stage.outside.text_messages if stage else None
    pages = consumer_site(world, secure=place.secure, phone=phone)
    served = ByPort({place.port: app, place.pages_port: pages})
    config = uvicorn.Config(
        served,
        log_level="warning",
        access_log=False,
        ws="none",
        lifespan="off",
        server_header=False,
    )
    # uvicorn raises the signal again when it has stopped; by itself that would end the process
    # before the rounds and the store have.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    ports = {"--port": place.port, "--pages-port": place.pages_port}
    with listening(place.host, ports) as sockets:
        rounds.start()
        try:
            uvicorn.Server(config).run(sockets)
        finally:
            rounds.stop()


keys = typer.Typer(help="Issue and revoke API keys.", no_args_is_help=True)


@keys.command("issue")
def issue_command(
    entity: Annotated[str, typer.Option(help="The shop or lender, by its id in the packs.")],
    label: Annotated[str, typer.Option(help="What it is for.")],
    role: Annotated[str, typer.Option(help="merchant for shops, else a role of lenders.")] = (
        "merchant"
    ),
    sandbox: Annotated[bool, typer.Option(help="A key for a sandbox.")] = False,
) -> None:
    """Issue an API key and print it: keep it as safe as a password."""
    with plain_errors(), open_world(read_settings()) as world:
        request = {"entity": entity, "role": role, "label": label}
        key_id = perform(world, CLI, ISSUE_KEY, request)["key_id"]
        kind = "test" if sandbox else "live"
        console.print(key_text(world, key_id, kind), markup=False, soft_wrap=True)
