"""Wiring: the one place where ports meet what implements them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sanshi.catalogue.catalogue import ALL_KINDS, Catalogue, catalogue_of
from sanshi.connectors.bureau import HttpBureau
from sanshi.connectors.clock import BusinessClock, RealTime, Time
from sanshi.connectors.identity import HttpIdentity
from sanshi.connectors.ids import RandomIds
from sanshi.connectors.keyfile import read_key_file
from sanshi.connectors.keys import LocalKeys
from sanshi.connectors.messages import HttpMessages
from sanshi.connectors.payments import HttpPayments
from sanshi.connectors.webhooks import HttpWebhooks
from sanshi.decision.policy import FILE_KINDS, CompiledPolicy, DecisionPolicy, compile_policy
from sanshi.documents.render import HtmlDocuments
from sanshi.flows.world import World
from sanshi.kernel.effects import Applied, Effects, Insert
from sanshi.kernel.errors import InputError, NotFoundError
from sanshi.ledger.accounts import Chart
from sanshi.ports import Store, Webhooks
from sanshi.settings import Settings
from sanshi.store.migrate import upgrade
from sanshi.store.packs import chart_parts, load_packs, packs_root
from sanshi.store.postgres import PostgresStore
from sanshi.store.sqlite import SqliteStore

PACKS = ("china", "shanghai", "demo")
_TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Content:
    """What the packs hold, ready to use."""

    catalogue: Catalogue
    policies: dict[str, CompiledPolicy]
    chart: Chart


def read_content(folders: Iterable[Path] = ()) -> Content:
    """Read the packs (those that come with Sanshi by default) and compile what needs it."""
    chosen = tuple(folders) or tuple(packs_root() / name for name in PACKS)
    library = load_packs(chosen, (*ALL_KINDS, *FILE_KINDS))
    catalogue = catalogue_of(library)
    compiled = {
        policy.id: compile_policy(policy)
        for policy in library.listed("decision_policies")
        if isinstance(policy, DecisionPolicy)
    }
    policies = {}
    for lender in catalogue.lenders.values():
        if lender.decision_policy not in compiled:
            raise InputError(
                "pack.unknown_name",
                f"{lender.id} names the decision policy {lender.decision_policy!r}, "
                "which no pack in use defines.",
                field=f"lenders.{lender.id}.decision_policy",
                fix=f"Use one of: {', '.join(sorted(compiled)) or 'none'}, or add it.",
            )
        policies[lender.id] = compiled[lender.decision_policy]
    return Content(catalogue, policies, Chart(*chart_parts(library)))


def open_store(url: str, now: Callable[[], datetime]) -> SqliteStore | PostgresStore:
    """Open the store of a database that has been set up."""
    if url.startswith("sqlite"):
        return SqliteStore(url, now)
    return PostgresStore(url, now)


def open_date(store: Store) -> date:
    """Return the open business date of a database."""
    row = store.row("business_day", name="open")
    if row is None:
        raise NotFoundError(
            "business_day.not_set",
            "No business date is open in this database.",
            field="business_date",
            fix="Run `sanshi db upgrade --business-date YYYY-MM-DD` first.",
        )
    day: date = row["open_date"]
    return day


def opened_date(url: str) -> date:
    """Return the open business date of a database that nobody has open."""
    store = open_store(url, RealTime().now)
    try:
        return open_date(store)
    finally:
        store.close()


def set_up(url: str, business_date: date) -> None:
    """Migrate a database and open its first business date, if none is open yet."""
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    upgrade(url)
    store = open_store(url, RealTime().now)
    try:
        if store.row("business_day", name="open") is None:
            first = Insert("business_day", {"name": "open", "open_date": business_date})
            outcome = store.apply(Effects(rows=(first,)))
            if not isinstance(outcome, Applied) and store.row("business_day", name="open") is None:
                raise NotFoundError("business_day.not_set", "The business date was not opened.")
    finally:
        store.close()


@contextmanager
def open_world(
    settings: Settings, content: Content | None = None, time: Time | None = None
) -> Iterator[World]:
    """Open everything a process needs; closes it again. Time is real unless one is passed."""
    content = content or read_content(settings.packs)
    time = time or RealTime()
    store = open_store(settings.database, time.now)
    clock = BusinessClock(time, lambda: open_date(store))
    outside = (settings.outside_url, settings.outside_secret)
    payments = HttpPayments(*outside, timeout_seconds=_TIMEOUT_SECONDS)
    identity = HttpIdentity(*outside, timeout_seconds=_TIMEOUT_SECONDS)
    bureau = HttpBureau(*outside, timeout_seconds=_TIMEOUT_SECONDS)
    messages = HttpMessages(*outside, timeout_seconds=_TIMEOUT_SECONDS)
    try:
        yield World(
            store=store,
            clock=clock,
            ids=RandomIds(clock.now),
            keys=LocalKeys(read_key_file(settings.keys, create=True)),
            identity=identity,
            bureau=bureau,
            payments=payments,
            messages=messages,
            documents=HtmlDocuments(content.catalogue.texts),
            catalogue=content.catalogue,
            policies=content.policies,
            chart=content.chart,
            loans_per_shard=settings.loans_per_shard,
        )
    finally:
        for connector in (payments, identity, bureau, messages):
            connector.close()
        store.close()


def open_webhooks(*, sandbox: bool) -> Webhooks:
    """Return the way to shops' addresses. Only a sandbox may send to this very machine."""
    return HttpWebhooks(allow_local=sandbox)
