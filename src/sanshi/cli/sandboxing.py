"""A sandbox being served: everything outside is pretended, and a visitor is told what to try."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sanshi.cli.output import console
from sanshi.cli.places import Place
from sanshi.connectors.clock import SandboxTime
from sanshi.connectors.process import SandboxPlan, running_sandbox
from sanshi.connectors.sandbox.control import SandboxControl
from sanshi.connectors.sandbox.persons import PERSONS
from sanshi.demo import officers
from sanshi.demo.city import pass_day
from sanshi.demo.days import logins_kept
from sanshi.demo.personas import PERSONAS, Stage
from sanshi.flows.api_keys import ISSUE_KEY, key_text
from sanshi.flows.perform import perform
from sanshi.flows.world import Actor, World
from sanshi.kernel.effects import Effects, Insert
from sanshi.kernel.errors import InputError
from sanshi.settings import Settings
from sanshi.web.consumer.addresses import PHONE, TOWN
from sanshi.web.consumer.town import Officer, Resident, Sandbox
from sanshi.wiring import open_world, opened_date, set_up

CALLBACKS = "/rail/callbacks"
SANDBOX_KEYS = "sandbox"
"""Label of the keys that a sandbox makes for its shops by itself."""
SANDBOX_MARK = "installation:sandbox"
"""Row of a database in which everything outside is pretended."""
CLI = Actor("cli", "system")


@dataclass(frozen=True, slots=True)
class Pretence:
    """A sandbox that runs: its stage, what signs its rail's callbacks, what visitors may do."""

    stage: Stage
    rail_secret: str
    sandbox: Sandbox


@contextmanager
def pretended(
    place: Place,
    settings: Settings,
    outside_folder: Path,
    first_date: date,
    residents: Sequence[Resident] = (),
) -> Iterator[Pretence]:
    """Open a sandbox's database and everything outside it; new ones begin on a date."""
    set_up(settings.database, first_date)
    today = opened_date(settings.database)
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
    plan = SandboxPlan(
        data=outside_folder,
        value_date=today,
        callback_url=place.api_url + CALLBACKS,
        callback_secret=secret,
    )
    with _staged(plan, settings, today) as stage:
        _mark_as_sandbox(stage.world)
        officers.engage(stage.world)
        yield Pretence(stage, secret, _sandbox(place, stage, residents or _known()))


@contextmanager
def _staged(plan: SandboxPlan, settings: Settings, today: date) -> Iterator[Stage]:
    time = SandboxTime(today)
    with ExitStack() as open_things:
        outside = open_things.enter_context(running_sandbox(plan))
        control = SandboxControl(outside.base_url, outside.secret)
        open_things.callback(control.close)
        to_sandbox = replace(settings, outside_url=outside.base_url, outside_secret=outside.secret)
        world = open_things.enter_context(open_world(to_sandbox, time=time))
        yield Stage(world, time, control)


def _sandbox(place: Place, stage: Stage, residents: Sequence[Resident]) -> Sandbox:
    def next_day() -> None:
        with logins_kept(stage.world):
            pass_day(stage)

    accounts = [
        Officer(one.user_name, officers.password_of(stage.world, one), one.zh, one.en)
        for one in officers.OFFICERS
    ]
    return Sandbox(stage.outside.text_messages, next_day, residents, accounts, place.desk_url)


def _known() -> Sequence[Resident]:
    """Return those whom the sandbox's sources know, with what will come of it."""
    words = {
        "林小满": ("收入稳定，一般会获批", "steady income, usually approved"),
        "周立夏": ("每月还款已经太多，会被婉拒", "owes too much already, declined"),
        "沈谷雨": ("需要人工看一看", "needs a person to look"),
        "陈白露": ("在校学生", "a student"),
    }
    return [
        Resident(one.full_name, one.mobile, one.id_number, *words[one.full_name])
        for one in PERSONS
        if one.full_name in words
    ]


def is_sandbox(world: World) -> bool:
    """Say whether a database is a sandbox's."""
    return world.store.row("counter", counter=SANDBOX_MARK) is not None


def _mark_as_sandbox(world: World) -> None:
    """Mark a new database for good: a pretended rail must never answer for real payments."""
    if is_sandbox(world):
        return
    if world.store.rows("stream", limit=1):
        raise mixed("This database is not a sandbox's, and real money may be under way in it.")
    mark = Insert("counter", {"counter": SANDBOX_MARK, "remaining": 1})
    world.store.apply(Effects(rows=(mark,)))


def mixed(message: str) -> InputError:
    """Return the refusal to let a sandbox and real money meet in one database."""
    return InputError(
        "serve.sandbox_data",
        message,
        field="SANSHI_DATABASE",
        fix="Name another database, or start in another folder.",
    )


def print_keys(world: World, place: Place) -> None:
    """Say where everything is, and with which keys a shop's program comes in."""
    console.print(f"Sandbox 沙箱 on business date {world.clock.business_date()}.", markup=False)
    for what, where in (
        ("Begin here", f"{place.pages_url}{TOWN}"),
        ("Text messages", f"{place.pages_url}{PHONE}"),
        ("Workbench", place.desk_url),
        ("API", f"{place.api_url}/v1   description: {place.api_url}/openapi.json"),
    ):
        console.print(f"{what}: {where}", markup=False, soft_wrap=True)
    for shop in sorted(world.catalogue.merchants):
        row = world.store.row("api_key", entity=shop, label=SANDBOX_KEYS, revoked_on=None)
        key_id = row["key_id"] if row else _issued(world, shop)["key_id"]
        console.print(f"{shop}: {key_text(world, key_id, 'test')}", markup=False, soft_wrap=True)
    console.print(f"Personas: {', '.join(PERSONAS)}", markup=False, soft_wrap=True)


def _issued(world: World, shop: str) -> Any:  # noqa: ANN401 - a flow's answer
    request = {"entity": shop, "role": "merchant", "label": SANDBOX_KEYS}
    return perform(world, CLI, ISSUE_KEY, request)
