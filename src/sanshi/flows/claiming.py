"""Claims 资金方结算: what funders owe is claimed from them, collected, and passed on to shops.

A claim lists what each loan or redemption gave since it was last claimed; what was taken back
counts against it. Everything claimed is in the books first.
"""

from __future__ import annotations

from datetime import date

from sanshi.flows.entities import account_of, merchant_account
from sanshi.flows.orders import Order, one_payment_at_a_time, ordered
from sanshi.flows.people import must_be_entity
from sanshi.flows.steps import new, standing, today
from sanshi.flows.world import Actor, Command, Decided, Flow, Role, World
from sanshi.kernel.effects import Effects, Insert, Json, Unique
from sanshi.kernel.errors import ConflictError, InputError, NotFoundError
from sanshi.ledger.posting import Booking, bring_to, moved
from sanshi.ports import Record

GIVEN = ("benefit_given", "subsidy_granted")
"""Components of which a funder owes the sum."""


class MakeClaim(Command):
    """Who claims, and from which funder."""

    entity: str
    funder: str


class CollectClaim(Command):
    """The claim that its funder has agreed to pay."""

    claim_id: str


class PayMerchant(Command):
    """The claim that was paid, and the shop that its benefits were given in."""

    claim_id: str
    merchant: str


def _make(world: World, actor: Actor, command: MakeClaim) -> Decided:
    must_be_entity(actor, command.entity)
    if command.funder not in world.catalogue.funders:
        raise InputError(
            "claim.funder",
            f"There is no funder {command.funder!r}.",
            field="funder",
            fix=f"Known: {', '.join(sorted(world.catalogue.funders))}.",
        )
    lines = _unclaimed(world, command.entity, command.funder)
    amount_fen = sum(lines.values())
    if amount_fen <= 0:  # what was taken back waits for the next claim
        return Decided({"claim_id": None, "amount_fen": 0, "open_fen": amount_fen})
    earlier = world.store.rows("claim", {"entity": command.entity, "funder": command.funder})
    claim_id, number = world.ids.new("cl"), len(earlier) + 1
    day = world.clock.business_date()
    row = Insert(
        "claim",
        {
            "claim_id": claim_id,
            "entity": command.entity,
            "funder": command.funder,
            "number": number,
            "claimed_on": day,
            "amount_fen": amount_fen,
        },
    )
    details = [
        Insert(
            "claim_line",
            {"claim_id": claim_id, "source": source, "component": component, "amount_fen": fen},
        )
        for (source, component), fen in lines.items()
    ]
    answer: dict[str, Json] = {
        "claim_id": claim_id,
        "amount_fen": amount_fen,
        "lines": [{"source": s, "component": c, "amount_fen": f} for (s, c), f in lines.items()],
    }
    # Two claims made at once would claim the same lines: only one can have this number.
    only = Unique("claim", f"{command.entity}:{command.funder}:{number}", "", answer)
    step = today(world, new("claim", claim_id, command.entity), "submitted", amount_fen=amount_fen)
    rows = (row, *details, one_payment_at_a_time(claim_id))
    return Decided(answer, step + Effects(rows=rows, guards=(only,)))


def _unclaimed(world: World, entity: str, funder: str) -> dict[tuple[str, str], int]:
    """Return (source, component) → fen that the books hold against a funder and nobody claimed."""
    lines: dict[tuple[str, str], int] = {}
    for posted in world.store.rows("posted", {"entity": entity, "payer": funder}):
        source, component = posted["source"], posted["component"]
        if component not in GIVEN or posted["account"] != world.chart.legs[component][0]:
            continue
        left = posted["amount_fen"] - _claimed(world, entity, funder, source, component)
        if left:
            lines[source, component] = left
    return dict(sorted(lines.items()))


def _claimed(world: World, entity: str, funder: str, source: str, component: str) -> int:
    mine = {
        row["claim_id"] for row in world.store.rows("claim", {"entity": entity, "funder": funder})
    }
    rows = world.store.rows("claim_line", {"source": source, "component": component})
    return sum(row["amount_fen"] for row in rows if row["claim_id"] in mine)


def _collect(world: World, actor: Actor, command: CollectClaim) -> Decided:
    row = _claim(world, command.claim_id)
    must_be_entity(actor, row["entity"])
    at = standing(world, "claim", row["claim_id"], row["entity"])
    if at.stage != "submitted":
        raise ConflictError("claim.paid", "This claim has been paid.", field="claim_id")
    payment_id, order = ordered(
        world,
        Order(
            at,
            "collect",
            row["amount_fen"],
            "claim",
            payer=world.catalogue.funders[row["funder"]].rail_account,
            payee=account_of(world, row["entity"]),
        ),
    )
    return Decided({"payment_id": payment_id, "amount_fen": row["amount_fen"]}, order)


def claim_paid(world: World, payment: Record, value_date: date) -> Effects:
    """Return what follows when a funder's money has come."""
    row = _claim(world, payment["subject"])
    at = standing(world, "claim", row["claim_id"], row["entity"])
    step = today(world, at, "paid", payment_id=payment["payment_id"])
    day = world.clock.business_date()
    booking = Booking(row["entity"], row["claim_id"], value_date, day, world.chart)
    postings = moved({("claim_paid", row["funder"]): row["amount_fen"]}, booking)
    return step + Effects(postings=postings)


def _pay_merchant(world: World, actor: Actor, command: PayMerchant) -> Decided:
    row = _claim(world, command.claim_id)
    must_be_entity(actor, row["entity"])
    at = standing(world, "claim", row["claim_id"], row["entity"])
    owed_fen = _owed_to(world, row, command.merchant)
    if at.stage != "paid" or owed_fen <= 0:
        return Decided({"payment_id": None, "amount_fen": 0})
    payment_id, order = ordered(
        world,
        Order(
            at,
            "pay",
            owed_fen,
            "merchant",
            payer=account_of(world, row["entity"]),
            payee=merchant_account(world, command.merchant),
            about={"merchant": command.merchant},
        ),
    )
    booking = _booked_today(world, row["entity"], payment_id)
    postings = moved({("merchant_paid", command.merchant): owed_fen}, booking)
    answer = {"payment_id": payment_id, "amount_fen": owed_fen}
    return Decided(answer, order + Effects(postings=postings))


def _owed_to(world: World, claim: Record, merchant: str) -> int:
    """Return what of a claim belongs to a shop and was not ordered to it yet."""
    owed_fen = 0
    for line in world.store.rows("claim_line", {"claim_id": claim["claim_id"]}):
        redemption = world.store.row("redemption", redemption_id=line["source"])
        if redemption is not None and redemption["merchant"] == merchant:
            owed_fen += line["amount_fen"]
    for payment in world.store.rows("payment", {"subject": claim["claim_id"]}):
        if payment["purpose"] == "merchant" and _merchant_of(world, payment) == merchant:
            _, stage = world.store.standing(payment["payment_id"])
            owed_fen -= payment["amount_fen"] if stage != "failed" else 0
    return owed_fen


def _merchant_of(world: World, payment: Record) -> str:
    return str(world.store.events(payment["payment_id"])[0].data["merchant"])


def merchant_refused(world: World, payment: Record) -> Effects:
    """Return what undoes a payment to a shop that the rail refused, on the accounts it is on."""
    source = payment["payment_id"]
    booking = _booked_today(world, payment["entity"], source)
    own = {key: fen for key, fen in world.store.posted(source).items() if key[0] == "merchant_paid"}
    return Effects(postings=bring_to({}, own, booking))


def _booked_today(world: World, entity: str, source: str) -> Booking:
    day = world.clock.business_date()
    return Booking(entity, source, day, day, world.chart)


def expected(world: World, entity: str) -> dict[str, dict[tuple[str, str], int]]:
    """Return what the books should say of claims and payments to shops, by source."""
    books: dict[str, dict[tuple[str, str], int]] = {}
    for row in world.store.in_stage("claim", "claim_id", ("paid",), {"entity": entity}):
        books[row["claim_id"]] = {("claim_paid", row["funder"]): row["amount_fen"]}
    for payment in world.store.rows("payment", {"entity": entity, "purpose": "merchant"}):
        _, stage = world.store.standing(payment["payment_id"])
        amount_fen = 0 if stage == "failed" else payment["amount_fen"]
        source = {("merchant_paid", _merchant_of(world, payment)): amount_fen}
        books[payment["payment_id"]] = source
    return books


def _claim(world: World, claim_id: str) -> Record:
    row = world.store.row("claim", claim_id=claim_id)
    if row is None:
        raise NotFoundError("claim.unknown", f"There is no claim {claim_id}.", field="claim_id")
    return row


_WHO: frozenset[Role] = frozenset({"servicing", "system"})
MAKE_CLAIM = Flow("make_claim", _WHO, MakeClaim, _make)
COLLECT_CLAIM = Flow("collect_claim", _WHO, CollectClaim, _collect)
PAY_MERCHANT = Flow("pay_merchant", _WHO, PayMerchant, _pay_merchant)
