"""Read the books: trial balance 试算平衡, and the proof that they follow from the events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from sanshi.benefit.given import components as given_components
from sanshi.flows.accruals import accruals_expected, unproved_accruals
from sanshi.flows.claiming import expected as claims_expected
from sanshi.flows.closing import Day
from sanshi.flows.entities import PLATFORM
from sanshi.flows.loans import file_of, held_of
from sanshi.flows.people import must_be_entity
from sanshi.flows.positions import misplaced
from sanshi.flows.reconciling import TRIES
from sanshi.flows.sealing import broken_seals
from sanshi.flows.settlement_proof import settlements_expected, unproved_settlements
from sanshi.flows.shards import closed_shards
from sanshi.flows.world import Actor, Command, Decided, Flow, Role, World
from sanshi.kernel.dates import eve_of
from sanshi.kernel.effects import Json
from sanshi.kernel.errors import ConflictError, InputError
from sanshi.ledger.posting import disagreements


class TrialBalance(Command):
    """Whose books, and of which booking dates (both included; all when left out).

    `value_to` keeps out what is of a later value date: together with `to` it says what the books
    knew on one day of how things stood on another.
    """

    entity: str
    since: Day | None = None
    to: Day | None = None
    value_to: Day | None = None


class CheckBooks(Command):
    """Whose books to compare with a replay of every loan's events."""

    entity: str


def _trial_balance(world: World, actor: Actor, command: TrialBalance) -> Decided:
    must_be_entity(actor, command.entity)
    must_be_in_order(command.since, command.to)
    closing = world.store.balances(command.entity, command.to, command.value_to)
    opening: Mapping[str, tuple[int, int]] = {}
    eve = eve_of(command.since)
    if eve is not None:
        opening = world.store.balances(command.entity, eve, command.value_to)
    rows = [
        _line(world, command.entity, name, opening.get(name, (0, 0)), fen)
        for name, fen in closing.items()
    ]
    total = {side: sum(row[side] for row in rows) for side in ("debit_fen", "credit_fen")}
    balanced = total["debit_fen"] == total["credit_fen"]
    return Decided({"entity": command.entity, "accounts": rows, **total, "balanced": balanced})


def ledger_code(world: World, entity: str, account: str) -> str:
    """Return a lender's own code for an account; empty where it has none."""
    lender = world.catalogue.lenders.get(entity)
    return lender.ledger_codes.get(account, "") if lender else ""


def must_be_in_order(since: date | None, to: date | None) -> None:
    """Refuse a period that ends before it begins."""
    if since and to and since > to:
        raise InputError(
            "books.dates",
            f"{since} is after {to}.",
            field="since",
            fix="Give the first day, then the last.",
        )


def _line(
    world: World, entity: str, name: str, opening: tuple[int, int], closing: tuple[int, int]
) -> dict[str, Json]:
    """Return an account's opening balance, what moved, and its closing balance; debits positive.

    An account that the chart has no more still stands in the books with what is left on it.
    """
    account = world.chart.accounts.get(name)
    return {
        "account": name,
        "ledger_code": ledger_code(world, entity, name),
        "zh": account.zh if account else name,
        "en": account.en if account else name,
        "account_class": account.account_class if account else "",
        "normal": account.normal if account else "debit",
        "opening_fen": opening[0] - opening[1],
        "debit_fen": closing[0] - opening[0],
        "credit_fen": closing[1] - opening[1],
        "balance_fen": closing[0] - closing[1],
    }


def _check(world: World, actor: Actor, command: CheckBooks) -> Decided:
    """Replay every loan and compare with what was posted; report, repair nothing.

    Then the books with themselves: each control account with its sub-ledger, and every sealed day
    with its postings.
    """
    must_be_entity(actor, command.entity)
    differences: list[Json] = []
    loans = world.store.rows("loan", {"entity": command.entity}, order_by=("loan_id",))
    closed = closed_shards(world, command.entity)
    accrued: dict[tuple[int, str], int] = {}
    for row in loans:
        loan, held = file_of(world, row), held_of(world, row)
        day = max(
            (event.booking_date for event in loan.events),
            default=world.clock.business_date(),
        )
        day = max(day, closed[row["shard"]])
        differences += _differences(world, loan.loan_id, held.own(loan.on(day)))
        differences += misplaced(world, loan.loan_id, loan.on)
        accrued |= {(held.number, name): fen for (name, _), fen in held.accrued.components.items()}
    for source, expected in _beyond_loans(world, command.entity):
        differences += _differences(world, source, expected)
    differences += unproved_accruals(world, command.entity, accrued)
    differences += unproved_settlements(world, command.entity)
    differences += _broken_controls(world, command.entity)
    differences += broken_seals(world, command.entity)
    return Decided({"loans": len(loans), "differences": differences})


def _broken_controls(world: World, entity: str) -> Iterator[Json]:
    """Compare each account with the sum of what stands on it by source 总分核对."""
    detail, books = _of_one_moment(world, entity)
    for account in sorted({*books, *detail}):
        debit_fen, credit_fen = books.get(account, (0, 0))
        if debit_fen - credit_fen != detail.get(account, 0):
            yield {
                "kind": "control",
                "account": account,
                "expected_fen": detail.get(account, 0),
                "posted_fen": debit_fen - credit_fen,
            }


def _of_one_moment(
    world: World, entity: str
) -> tuple[Mapping[str, int], Mapping[str, tuple[int, int]]]:
    """Return sub-ledger and balances that belong together: read again if something was posted."""
    books = world.store.balances(entity)
    for _ in range(TRIES):
        detail = world.store.sub_ledger(entity)
        before, books = books, world.store.balances(entity)
        if before == books:
            return detail, books
    raise ConflictError(
        "books.moving",
        f"{entity}'s books kept changing while they were read.",
        field="entity",
        fix="Check them again.",
    )


def _beyond_loans(world: World, entity: str) -> Iterator[tuple[str, Mapping[tuple[str, str], int]]]:
    """Return what the books should say of everything else, by source."""
    yield from accruals_expected(world, entity)
    yield from claims_expected(world, entity).items()
    yield from settlements_expected(world, entity)
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
    for component, payer, should_fen, is_fen in disagreements(expected, own, world.chart):
        yield {
            "kind": "projection",
            "source": source,
            "component": component,
            "payer": payer,
            "expected_fen": should_fen,
            "posted_fen": is_fen,
        }


_WHO: frozenset[Role] = frozenset({"servicing", "audit", "system"})
TRIAL_BALANCE = Flow("trial_balance", _WHO, TrialBalance, _trial_balance)
CHECK_BOOKS = Flow("check_books", _WHO, CheckBooks, _check)
