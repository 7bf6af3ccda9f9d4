"""Read the books: trial balance 试算平衡, and the proof that they follow from the events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from sanshi.benefit.given import components as given_components
from sanshi.flows.claiming import expected as claims_expected
from sanshi.flows.closing import Day
from sanshi.flows.entities import PLATFORM
from sanshi.flows.loans import SHARDS, closed_to, file_of
from sanshi.flows.people import must_be_entity
from sanshi.flows.world import Actor, Command, Decided, Flow, Role, World
from sanshi.kernel.effects import Cell, Json
from sanshi.ledger.accounts import ACCOUNTS
from sanshi.ledger.posting import disagreements
from sanshi.loan.books import components


class TrialBalance(Command):
    """Whose books, up to which booking date (all of them when left out)."""

    entity: str
    to: Day | None = None


class CheckBooks(Command):
    """Whose books to compare with a replay of every loan's events."""

    entity: str


def _trial_balance(world: World, actor: Actor, command: TrialBalance) -> Decided:
    must_be_entity(actor, command.entity)
    sums = world.store.balances(command.entity, command.to)
    rows: list[Json] = [
        {
            "account": name,
            "zh": ACCOUNTS[name].zh,
            "en": ACCOUNTS[name].en,
            "normal": ACCOUNTS[name].normal,
            "debit_fen": debit_fen,
            "credit_fen": credit_fen,
            "balance_fen": debit_fen - credit_fen,
        }
        for name, (debit_fen, credit_fen) in sums.items()
    ]
    total = {
        "debit_fen": sum(debit_fen for debit_fen, _ in sums.values()),
        "credit_fen": sum(credit_fen for _, credit_fen in sums.values()),
    }
    balanced = total["debit_fen"] == total["credit_fen"]
    return Decided({"entity": command.entity, "accounts": rows, **total, "balanced": balanced})


def _check(world: World, actor: Actor, command: CheckBooks) -> Decided:
    """Replay every loan and compare with what was posted; report, repair nothing."""
    must_be_entity(actor, command.entity)
    differences: list[Json] = []
    loans = world.store.rows("loan", {"entity": command.entity}, order_by=("loan_id",))
    closed = _closed_by_shard(world, command.entity)
    for row in loans:
        loan = file_of(world, row)
        day = max(
            (event.booking_date for event in loan.events),
            default=world.clock.business_date(),
        )
        day = max(day, closed.get(row["shard"], day))
        differences += _differences(world, loan.loan_id, components(loan.on(day)))
    for source, expected in _beyond_loans(world, command.entity):
        differences += _differences(world, source, expected)
    return Decided({"loans": len(loans), "differences": differences})


def _beyond_loans(world: World, entity: str) -> Iterator[tuple[str, Mapping[tuple[str, str], int]]]:
    """Return what the books should say of everything else, by source."""
    yield from claims_expected(world, entity).items()
    if entity == PLATFORM:
        for row in world.store.rows("redemption"):
            events = world.store.events(row["redemption_id"])
            yield row["redemption_id"], given_components(events)


def _differences(
    world: World, source: str, expected: Mapping[tuple[str, str], int]
) -> Iterator[Json]:
    posted = world.store.posted(source)
    # What reconciliation settled stands under the payment and is checked against clearing.
    own = {key: fen for key, fen in posted.items() if not key[0].startswith("settled_")}
    for component, payer, should_fen, is_fen in disagreements(expected, own):
        yield {
            "source": source,
            "component": component,
            "payer": payer,
            "expected_fen": should_fen,
            "posted_fen": is_fen,
        }


def _closed_by_shard(world: World, entity: str) -> dict[int, date]:
    """Return up to which day each shard's books are brought, also while a close is under way."""
    finished = closed_to(world, entity)
    days = {} if finished is None else dict.fromkeys(range(SHARDS), finished)
    beyond: dict[str, Cell] = {} if finished is None else {"business_date": finished}
    for step in world.store.rows(
        "close_step", {"entity": entity}, order_by=("business_date",), after=beyond
    ):
        days[step["shard"]] = step["business_date"]
    return days


_WHO: frozenset[Role] = frozenset({"servicing", "audit", "system"})
TRIAL_BALANCE = Flow("trial_balance", _WHO, TrialBalance, _trial_balance)
CHECK_BOOKS = Flow("check_books", _WHO, CheckBooks, _check)
