"""Interest subsidies 财政贴息: granted at each interest settlement, in two passes.

Pass one works out what each loan's instalments earned; pass two grants in order of (value date,
loan) under caps that span a borrower's loans. A grant never moves afterwards; freed room is used
by later ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

from pydantic import Field

from sanshi.benefit.given import funded_json
from sanshi.benefit.interest import Agreement, room_fen
from sanshi.flows.loans import LoanFile, booked, file_of
from sanshi.flows.vouchers import taken
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.effects import Cell, Effects, Event, Take
from sanshi.loan.state import LoanState
from sanshi.loan.subsidy import Earned, agreement_of, earned


class GrantSubsidies(Command):
    """Whose loans, and which shard of them."""

    entity: str
    shard: Annotated[int, Field(ge=0)]


def _decide(world: World, _actor: Actor, command: GrantSubsidies) -> Decided:
    where: dict[str, Cell] = {"entity": command.entity, "shard": command.shard}
    rows = world.store.in_stage("loan", "loan_id", ("active",), where)
    found = {row["loan_id"]: file_of(world, row) for row in rows}
    # One that has left the books since the list was read holds up none of the others.
    files = {loan_id: loan for loan_id, loan in found.items() if loan.at.stage == "active"}
    day = world.clock.business_date()
    first = [one for loan in files.values() for one in _earned(loan, loan.on(day))]
    second = Granting(world)
    events: dict[str, list[Event]] = defaultdict(list)
    for one in sorted(first, key=lambda e: (e.value_date, e.loan_id, e.number)):
        loan = files[one.loan_id]
        events[one.loan_id].append(second.grant(loan, one, len(events[one.loan_id])))
    effects = second.effects()
    for loan_id, more in events.items():
        effects = effects + booked(world, files[loan_id], more)
    granted = sum(event.data["amount_fen"] for more in events.values() for event in more)
    return Decided({"loans": len(events), "granted_fen": granted}, effects)


def _earned(loan: LoanFile, state: LoanState) -> Sequence[Earned]:
    agreement = agreement_of(loan.events)
    return () if agreement is None else earned(loan.loan_id, agreement, state, loan.on)


class Granting:
    """Pass two: hands out what is left under each cap, and remembers what it took."""

    def __init__(self, world: World) -> None:
        """Begin with what the store says was taken before."""
        self._world = world
        self._taken: dict[str, dict[str, int]] = {}
        self._more: dict[str, tuple[int, int]] = {}

    def grant(self, loan: LoanFile, one: Earned, place: int) -> Event:
        """Return the event of one grant; `place` counts earlier events of the same loan here."""
        agreement = agreement_of(loan.events)
        assert agreement is not None  # noqa: S101 - whoever earned something has an agreement
        person_id = loan.row["person_id"]
        before = self._before(person_id)
        accounts = own_accounts(agreement, loan.loan_id)
        limits = [limit for limit in agreement.limits if limit.account in accounts]
        used = {limit.account: before.get(accounts[limit.account], 0) for limit in limits}
        room = room_fen(limits, used)
        amount_fen = one.amount_fen if room is None else min(one.amount_fen, room)
        for limit in limits:
            account = accounts[limit.account]
            before[account] = before.get(account, 0) + amount_fen
            counter = counter_of(person_id, account)
            so_far, _ = self._more.get(counter, (0, 0))
            self._more[counter] = (so_far + amount_fen, limit.limit_fen)
        return loan.at.after(place).step(
            "subsidy_granted",
            value_date=one.value_date,
            booking_date=self._world.clock.business_date(),
            data={
                "number": one.number,
                "earned_fen": one.amount_fen,
                "amount_fen": amount_fen,
                "benefit": agreement.benefit,
                "funded": funded_json(agreement.funded(amount_fen)),
            },
        )

    def _before(self, person_id: str) -> dict[str, int]:
        if person_id not in self._taken:
            self._taken[person_id] = dict(taken_by(self._world, person_id))
        return self._taken[person_id]

    def effects(self) -> Effects:
        """Return the guards that take from the caps."""
        effects = Effects()
        for counter, (amount_fen, limit_fen) in sorted(self._more.items()):
            if amount_fen:
                effects = effects + taken(self._world, counter, amount_fen, at_most=limit_fen)
        return effects


def own_accounts(agreement: Agreement, loan_id: str) -> dict[str, str]:
    """Return each limit's account → the account that this loan takes from."""
    return {
        limit.account: f"{limit.account}:{loan_id}" if limit.per == "transaction" else limit.account
        for limit in agreement.limits
    }


_PREFIX = "subsidy"


def counter_of(person_id: str, account: str) -> str:
    """Return the counter of a person's account under a limit."""
    return f"{_PREFIX}:{person_id}:{account}"


def taken_by(world: World, person_id: str) -> Mapping[str, int]:
    """Return what was granted to a person under each limit, by account."""
    prefix = counter_of(person_id, "")
    rows = world.store.rows(
        "counter", {}, order_by=("counter",), after={"counter": prefix}, limit=_MANY
    )
    mine = [row for row in rows if row["counter"].startswith(prefix)]
    return {row["counter"].removeprefix(prefix): -row["remaining"] for row in mine}


_MANY = 1000
"""More accounts than one person can have: lenders × caps × years, and loans with a cap each."""


def room_given_back(
    world: World, person_id: str, agreement: Agreement, loan_id: str, amount_fen: int
) -> Effects:
    """Return the guards that free the room of what was withdrawn, for later grants to use."""
    held = taken_by(world, person_id)
    accounts: Iterable[str] = own_accounts(agreement, loan_id).values()
    return Effects(
        guards=tuple(
            Take(counter_of(person_id, account), -amount_fen, floor=-(2**53))
            for account in accounts
            if account in held
        )
    )


def last_grants(world: World, loan: LoanFile, repaid: Event) -> tuple[tuple[Event, ...], Effects]:
    """Return the grants for the period that an early settlement ends, and their guards."""
    if agreement_of(loan.events) is None:
        return (), Effects()
    at = loan.at.after(1, repaid.stage)
    ended = LoanFile(loan.row, loan.terms, (*loan.events, repaid), at)
    state = ended.on(max(repaid.value_date, world.clock.business_date()))
    granting = Granting(world)
    events = tuple(
        granting.grant(ended, one, place) for place, one in enumerate(_earned(ended, state))
    )
    return events, granting.effects()


GRANT_SUBSIDIES = Flow(
    "grant_subsidies", frozenset({"servicing", "system"}), GrantSubsidies, _decide
)
