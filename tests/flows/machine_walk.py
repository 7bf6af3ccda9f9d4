"""Walking through the flows: one purchase after another, until there is a past to go on from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flows.machine_home import Home, Life
from sanshi.connectors.sandbox.persons import PERSONS
from sanshi.flows.applying import APPLY
from sanshi.flows.closing import SWITCH
from sanshi.flows.consents import GRANT
from sanshi.flows.contracts import OFFER, SERVE, SIGN
from sanshi.flows.deciding import DECIDE
from sanshi.flows.disbursing import DISBURSE
from sanshi.flows.identify import IDENTIFY
from sanshi.flows.perform import perform
from sanshi.flows.quoting import QUOTE
from sanshi.flows.world import Actor, Command, Flow
from sanshi.jobs.close import close_day, collect_due
from sanshi.jobs.outbox import JOB, deliver, enquire_open

FIRST_DAY = date(2026, 10, 30)
MACHINE_DAY = date(2026, 11, 27)
LENDER = "shenpu_bank"
BOOKS_OF = (LENDER, "platform")
"""Whose days are closed; nothing happens at the other lenders."""
MERCHANT = "haitai"
FRIDGE = "HT-FRIDGE-520"
WASHER = "HT-WASHER-10"


@dataclass(frozen=True, slots=True)
class Buyer:
    """A person of the machine, and what they declare."""

    person_id: str
    monthly_income_fen: int
    monthly_debt_service_fen: int
    total_debt_fen: int

    @property
    def actor(self) -> Actor:
        return Actor(f"consumer:{self.person_id}", "consumer", person_id=self.person_id)

    def asks(self, sku: str, down_payment_fen: int = 0) -> dict[str, Any]:
        return {
            "person_id": self.person_id,
            "merchant": MERCHANT,
            "sku": sku,
            "down_payment_fen": down_payment_fen,
            "student": False,
            "monthly_income_fen": self.monthly_income_fen,
            "monthly_debt_service_fen": self.monthly_debt_service_fen,
            "total_debt_fen": self.total_debt_fen,
        }


@dataclass(frozen=True, slots=True)
class Past:
    """What every machine begins with: a life that was kept, and who bought in it."""

    home: Home
    buyers: tuple[Buyer, ...]


PLANS = [f"{m}.{how}" for m in (3, 6, 12, 24) for how in ("equal_instalment", "equal_principal")]
DECLARED = (
    (1_850_000, 120_000, 1_800_000),
    (2_600_000, 1_090_000, 24_000_000),
    (760_000, 50_000, 600_000),
)
"""Income, debt service and debt as the first, second and fourth invented person declare them."""


def staff(role: str) -> Actor:
    return Actor(f"{role}:1", role, entity=LENDER)  # type: ignore[arg-type] # a wrong role is refused


def ask(
    life: Life,
    flow: Flow[Command],
    actor: Actor,
    request: Mapping[str, Any],
    key: str | None = None,
) -> Mapping[str, Any]:
    return perform(life.world, actor, flow, request, key)


def buyers(life: Life) -> tuple[Buyer, ...]:
    """Identify three persons and let them agree to both sources."""
    known = []
    for person, declared in zip((*PERSONS[:2], PERSONS[3]), DECLARED, strict=True):
        request = {
            "full_name": person.full_name,
            "id_number": person.id_number,
            "mobile": person.mobile,
        }
        answer = perform(life.world, JOB, IDENTIFY, request)
        buyer = Buyer(answer["person_id"], *declared)
        for purpose in ("credit_report", "housing_fund"):
            grant = {
                "person_id": buyer.person_id,
                "purpose": purpose,
                "recipient": LENDER,
                "ticked": True,
                "days": 365,
            }
            perform(life.world, buyer.actor, GRANT, grant)
        known.append(buyer)
    return tuple(known)


def signed(life: Life, buyer: Buyer, sku: str, plan: str, down_payment_fen: int = 0) -> str:
    """Walk from the quote to the signed contract; return the loan."""
    return sign_offer(life, buyer, offered(life, buyer, sku, plan, down_payment_fen))


def sign_offer(life: Life, buyer: Buyer, offer: Mapping[str, Any]) -> str:
    """Open the contract, read it and sign; return the loan."""
    perform(life.world, buyer.actor, SERVE, {"contract_id": offer["contract_id"]})
    life.time.move(seconds=10)
    read = {
        "contract_id": offer["contract_id"],
        "content_hash": offer["content_hash"],
        "confirmed": True,
    }
    loan_id: str = perform(life.world, buyer.actor, SIGN, read)["loan_id"]
    return loan_id


def offered(
    life: Life, buyer: Buyer, sku: str, plan: str, down_payment_fen: int = 0
) -> Mapping[str, Any]:
    application_id = approved(life, buyer, sku, plan, down_payment_fen)
    return perform(life.world, buyer.actor, OFFER, {"application_id": application_id})


def approved(life: Life, buyer: Buyer, sku: str, plan: str, down_payment_fen: int = 0) -> str:
    application_id = applied(life, buyer, sku, plan, down_payment_fen)
    decided = perform(life.world, staff("risk"), DECIDE, {"application_id": application_id})
    assert decided["outcome"] == "approved", decided
    return application_id


def applied(life: Life, buyer: Buyer, sku: str, plan: str, down_payment_fen: int = 0) -> str:
    quote = perform(life.world, buyer.actor, QUOTE, buyer.asks(sku, down_payment_fen))
    request = {
        "quote_id": quote["quote_id"],
        "plan_key": f"shenpu_appliance.{plan}",
        "job_months": 60,
        "device": f"phone-{buyer.person_id}",
        "device_tampered": False,
    }
    application_id: str = perform(life.world, buyer.actor, APPLY, request)["application_id"]
    return application_id


def paid_out(life: Life, loan_id: str) -> None:
    perform(life.world, staff("servicing"), DISBURSE, {"loan_id": loan_id})
    deliver(life.world)


def end_day(life: Life, *, midnight: bool = True) -> dict[str, Any]:
    """Live through the rest of the open day and close it; perhaps before the rail's midnight."""
    day = life.world.clock.business_date()
    collect_due(life.world, LENDER)
    deliver(life.world)
    enquire_open(life.world, LENDER)
    report = close_day(life.world, day, only=BOOKS_OF)
    pass_the_night(life, midnight=midnight)
    return report


def skip_day(life: Life, *, midnight: bool = True) -> None:
    """Switch the date and leave the close for later."""
    day = life.world.clock.business_date()
    perform(life.world, JOB, SWITCH, {"business_date": day.isoformat()})
    pass_the_night(life, midnight=midnight)


def pass_the_night(life: Life, *, midnight: bool = True) -> None:
    """Move time on to the open business date; without `midnight` the rail stays a day behind."""
    life.time.move(days=1)
    rail_date = life.world.clock.business_date() - timedelta(days=0 if midnight else 1)
    life.outside.rail.set_date(rail_date.isoformat())


def lived(home: Home) -> Past:
    """Make the past that every machine begins with, and keep it.

    Loans paid out at a month's end and on an ordinary day, one of each thing on the way
    to one; the first instalments fall due a few days from now.
    """
    life = home.begin(FIRST_DAY)
    rich, indebted, old = buyers(life)
    end_day(life)
    paid_out(life, signed(life, rich, FRIDGE, "12.equal_instalment"))
    paid_out(life, signed(life, indebted, WASHER, "12.equal_principal"))
    end_day(life)
    end_day(life)
    paid_out(life, signed(life, old, WASHER, "6.equal_instalment", 100_000))
    paid_out(life, signed(life, old, WASHER, "3.equal_instalment"))
    while life.world.clock.business_date() < MACHINE_DAY - timedelta(days=1):
        skip_day(life)
    end_day(life)
    signed(life, rich, WASHER, "6.equal_principal")
    offered(life, old, WASHER, "3.equal_principal")
    approved(life, rich, FRIDGE, "6.equal_instalment")
    applied(life, old, WASHER, "3.equal_principal")
    perform(life.world, rich.actor, QUOTE, rich.asks(WASHER))
    home.keep(life)
    return Past(home, (rich, indebted, old))
