"""Quote a purchase 报价: every lawful plan beside paying in full, kept until it expires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from sanshi.catalogue.products import Merchant
from sanshi.flows.loans import file_of
from sanshi.flows.papers import file_paper
from sanshi.flows.people import Person, must_be_own, read_person
from sanshi.flows.sessions import good_of, must_be_of, session_row
from sanshi.flows.steps import new, today
from sanshi.flows.subsidies import taken_by
from sanshi.flows.vouchers import holder_of
from sanshi.flows.world import Actor, Command, Decided, Flow, World
from sanshi.kernel.dates import age_on, utc_text
from sanshi.kernel.effects import Effects, Insert
from sanshi.kernel.errors import InputError
from sanshi.kernel.money import MAX_FEN
from sanshi.ports import Record
from sanshi.quote.bundle import make_bundle
from sanshi.quote.purchase import Borrower, Purchase

Fen = Annotated[int, Field(ge=0, le=MAX_FEN)]

MAX_ALSO = 2
"""More things than a car, its plate and one more are no one purchase."""


class AlsoBought(Command):
    """Another thing bought together with the first, such as the plate of a car."""

    sku: str
    down_payment_fen: Fen = 0


class QuotePurchase(Command):
    """What is bought where, what the buyer pays at once, and what the buyer declares.

    Prices come from the merchant's catalogue, never from the caller. `also` are other things of
    the same merchant that are bought and decided together with the first. `session_id`: the
    checkout session that the buyer came with, if any.
    """

    person_id: str
    session_id: str | None = None
    merchant: str
    sku: str
    down_payment_fen: Fen = 0
    also: Annotated[tuple[AlsoBought, ...], Field(strict=False, max_length=MAX_ALSO)] = ()
    student: bool
    second_repayment_source: bool = False
    monthly_income_fen: Fen | None = None
    monthly_debt_service_fen: Fen | None = None
    total_debt_fen: Fen | None = None


def _decide(world: World, actor: Actor, command: QuotePurchase) -> Decided:
    must_be_own(actor, command.person_id)
    person = read_person(world, command.person_id)
    _must_suit_session(world, command)
    purchases = purchases_of(world, command)
    made = make_bundle(world.catalogue, purchases, borrower_of(world, person, command))
    quote_id = world.ids.new("qt")
    expires_at = world.clock.now() + timedelta(minutes=_minutes(world, purchases[0].merchant))
    body = {
        "quote_id": quote_id,
        "expires_at": utc_text(expires_at),
        "asked": command.model_dump(mode="json"),
        **made.led_by_first(),
    }
    paper = file_paper(
        world,
        entity="platform",
        person_id=person.person_id,
        wrapped_key=person.wrapped_key,
        kind="quote",
        subject=quote_id,
        content=body,
        evidenced=False,
    )
    row = Insert(
        "quote",
        {
            "quote_id": quote_id,
            "person_id": person.person_id,
            "merchant": command.merchant,
            "quoted_on": purchases[0].quoted_on,
            "expires_at": expires_at,
            "pack_hash": made.pack_hash,
            "document_id": paper.document_id,
            "session_id": command.session_id,
        },
    )
    plans = sum(len(quote.plans) for quote in made.quotes)
    step = today(world, new("quote", quote_id, "platform"), "quoted", plans=plans)
    return Decided(body, step + paper.effects + Effects(rows=(row,)))


def _must_suit_session(world: World, command: QuotePurchase) -> None:
    if command.session_id is not None:
        first = {"sku": command.sku, "down_payment_fen": command.down_payment_fen}
        items = [first, *(one.model_dump(mode="json") for one in command.also)]
        must_be_of(world, command.session_id, command.merchant, items)


def purchases_of(world: World, command: QuotePurchase) -> tuple[Purchase, ...]:
    """Look the things bought up in the catalogue: the first, then the others."""
    merchant = world.catalogue.merchants.get(command.merchant)
    if merchant is None:
        raise InputError(
            "quote.merchant",
            f"There is no merchant {command.merchant!r}.",
            field="merchant",
            fix=f"Known: {', '.join(sorted(world.catalogue.merchants))}.",
        )
    first = AlsoBought(sku=command.sku, down_payment_fen=command.down_payment_fen)
    asked = (first, *command.also)
    fields = ("sku", *(f"also.{number}.sku" for number in range(len(command.also))))
    goods = [good_of(merchant, one.sku, name) for one, name in zip(asked, fields, strict=True)]
    page = _page(world, command)
    return tuple(
        Purchase(
            merchant=merchant,
            good=good,
            scenario=world.catalogue.scenarios[good.scenario],
            quoted_on=world.clock.business_date(),
            down_payment_fen=one.down_payment_fen,
            at_checkout=page.at_checkout,
            payment_page_operator=page.operator,
            of_bundle=tuple(other for other in goods if other.sku != good.sku),
        )
        for one, good in zip(asked, goods, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Page:
    """Where plans are shown: on whose payment page, and whether they stand on it at all."""

    operator: str = "merchant"
    at_checkout: bool | None = None


def _page(world: World, command: QuotePurchase) -> _Page:
    if command.session_id is None:
        return _Page()
    if session_row(world, command.session_id)["host"] == "payment_firm":
        # The buyer has left the payment page and opened the lender's own.
        return _Page("payment_institution", at_checkout=False)
    return _Page()


def borrower_of(world: World, person: Person, command: QuotePurchase) -> Borrower:
    """Put together what is known of the buyer; what nobody said stays unknown."""
    live = world.store.in_stage(
        "loan",
        "loan_id",
        ("pending", "disbursing", "disbursement_unknown", "active"),
        {"person_id": person.person_id},
    ) + _still_owed(world, person)
    return Borrower(
        age_years=age_on(person.born, world.clock.business_date()),
        student=command.student,
        second_repayment_source=command.second_repayment_source,
        monthly_income_fen=command.monthly_income_fen,
        monthly_debt_service_fen=command.monthly_debt_service_fen,
        total_debt_fen=command.total_debt_fen,
        live_loans=len(live),
        live_credit_fen=_by_lender(live),
        holder=holder_of(world, person.person_id),
        subsidy_taken_fen=taken_by(world, person.person_id),
    )


def _still_owed(world: World, person: Person) -> tuple[Record, ...]:
    """Return the loans that were written off and are still owed 账销案存."""
    gone = world.store.in_stage(
        "loan", "loan_id", ("written_off",), {"person_id": person.person_id}
    )
    day = world.clock.business_date()
    return tuple(row for row in gone if file_of(world, row).on(day).due_fen)


def _by_lender(loans: tuple[Record, ...]) -> dict[str, int]:
    # Agreed principal, not today's balance: it errs on the side of less credit.
    sums: dict[str, int] = {}
    for loan in loans:
        sums[loan["entity"]] = sums.get(loan["entity"], 0) + loan["terms"]["principal_fen"]
    return sums


def _minutes(world: World, merchant: Merchant) -> int:
    lenders = [world.catalogue.lenders[name] for name in merchant.lenders]
    return min(lender.house.quote_minutes for lender in lenders)


QUOTE = Flow("quote_purchase", frozenset({"consumer", "system"}), QuotePurchase, _decide)
