"""Read the books: trial balance 试算平衡, and the proof that they follow from the events."""

from __future__ import annotations

from datetime import date

from sanshi.flows.closing import Day
from sanshi.flows.contracts import SHARDS
from sanshi.flows.loans import closed_to, file_of
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
        expected = components(loan.on(day))
        for component, payer, should_fen, is_fen in disagreements(
            expected, world.store.posted(loan.loan_id)
        ):
            differences.append(
                {
                    "loan_id": loan.loan_id,
                    "component": component,
                    "payer": payer,
                    "expected_fen": should_fen,
                    "posted_fen": is_fen,
                }
            )
    return Decided({"loans": len(loans), "differences": differences})


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
