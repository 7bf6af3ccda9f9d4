"""`sanshi serve`: API, pages and workbench in one process, with the jobs that belong to them."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from sanshi.api.app import api_app
from sanshi.api.callbacks import hear_rail
from sanshi.cli.output import console, plain_errors
from sanshi.cli.places import ByPort, Place, listening
from sanshi.cli.sandboxing import CLI, Pretence, is_sandbox, mixed, pretended, print_keys
from sanshi.connectors.payments import read_callback
from sanshi.demo.city_keep import Folder
from sanshi.flows.api_keys import ISSUE_KEY, key_text
from sanshi.flows.perform import perform
from sanshi.flows.staff import ADD_ACCOUNT
from sanshi.flows.world import World
from sanshi.jobs.rounds import Rounds
from sanshi.kernel.errors import InputError
from sanshi.settings import DEFAULT_FOLDER, Settings, read_settings
from sanshi.web.consumer.app import consumer_site
from sanshi.web.consumer.town import Resident
from sanshi.web.workbench.app import desk_app
from sanshi.wiring import open_webhooks, open_world, opened_date


def serve_command(
    *,
    host: Annotated[str, typer.Option(help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port of the API.")] = 8700,
    pages_port: Annotated[
        int | None, typer.Option(help="The port of the buyers' pages; else the API's and one.")
    ] = None,
    desk_port: Annotated[
        int | None, typer.Option(help="The port of the workbench; else the API's and two.")
    ] = None,
    sandbox: Annotated[
        bool, typer.Option(help="Everything outside is a sandbox; no real money moves.")
    ] = False,
    business_date: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The first business date of a new database."),
    ] = None,
) -> None:
    """Serve API, pages and workbench, hear the rail, and send what waits, until interrupted."""
    place = Place.from_ports(host, port, pages_port, desk_port)
    with plain_errors():
        if not sandbox:
            _serve(place, read_settings())
            return
        first = (business_date or datetime.now().astimezone()).date()
        outside = Path(DEFAULT_FOLDER) / "outside"
        with pretended(place, read_settings(), outside, first) as pretence:
            print_keys(pretence.stage.world, place)
            _run(place, pretence.stage.world, pretence.rail_secret, pretence)


def serve_city(place: Place, folder: Folder, residents: Sequence[Resident]) -> None:
    """Serve a demo city that has been seeded, until interrupted."""
    settings = Settings(folder.url, folder.keys, (), "", "")
    today = opened_date(folder.url)
    with pretended(place, settings, folder.outside, today, residents) as pretence:
        print_keys(pretence.stage.world, place)
        _run(place, pretence.stage.world, pretence.rail_secret, pretence)


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
        if is_sandbox(world):
            raise mixed("This database is a sandbox's; what it says was paid was never paid.")
        _run(place.known_as(settings), world, settings.rail_secret, None)


def _run(place: Place, world: World, rail_secret: str, pretence: Pretence | None) -> None:
    rounds = Rounds(world, open_webhooks(sandbox=pretence is not None).send)
    config = uvicorn.Config(
        _served(place, world, rail_secret, pretence),
        log_level="warning",
        access_log=False,
        ws="none",
        lifespan="off",
        server_header=False,
    )
    # uvicorn raises the signal again when it has stopped; by itself that would end the process
    # before the rounds and the store have.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with listening(place) as sockets:
        rounds.start()
        try:
            uvicorn.Server(config).run(sockets)
        finally:
            rounds.stop()


def _served(place: Place, world: World, rail_secret: str, pretence: Pretence | None) -> ByPort:
    """Put what is served at its ports; a proxy in front is believed only about https."""
    stage = pretence.stage if pretence else None
    api = api_app(world, base_url=place.api_url, pages_url=place.pages_url, stage=stage)
    hear_rail(api, world, partial(read_callback, rail_secret))
    pages = consumer_site(
        world,
        secure=place.pages_url.startswith("https://"),
        sandbox=pretence.sandbox if pretence else None,
    )
    desk = desk_app(
        world,
        base_url=place.desk_url,
        secure=place.desk_url.startswith("https://"),
        sandbox=pretence is not None,
    )
    return ByPort({place.port: api, place.pages_port: pages, place.desk_port: desk})


keys = typer.Typer(help="Issue and revoke API keys.", no_args_is_help=True)
staff = typer.Typer(help="Open accounts of the workbench.", no_args_is_help=True)


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
        console.print(key_text(world, str(key_id), kind), markup=False, soft_wrap=True)


@staff.command("add")
def add_command(
    entity: Annotated[str, typer.Option(help="The lender, by its id in the packs.")],
    user_name: Annotated[str, typer.Option(help="What they sign in with.")],
    name: Annotated[str, typer.Option(help="Their name, as colleagues see it.")],
    role: Annotated[list[str], typer.Option(help="A role; repeat it for several.")],
) -> None:
    """Open an account and print its first password, which opens the way to a new one alone."""
    with plain_errors(), open_world(read_settings()) as world:
        request = {
            "entity": entity,
            "user_name": user_name,
            "display_name": name,
            "roles": role,
        }
        answer = perform(world, CLI, ADD_ACCOUNT, request)
        console.print(str(answer["first_password"]), markup=False, soft_wrap=True)
