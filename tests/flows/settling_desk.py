"""A shop that is paid T+1, for tests of settlement."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sanshi.catalogue.products import SettlementAgreement
from sanshi.flows.world import Actor
from sanshi.jobs.close import close_day
from sanshi.jobs.outbox import deliver
from worlds import LENDER, XIAOMAN, Desk, staff

SHOP = "haitai"
AGREED: dict[str, Any] = {
    "days": 1,
    "fee_ppm": 6_000,
    "vat_ppm": 60_000,
    "reserve_ppm": 100_000,
    "reserve_days": 3,
}


def agreed_with(desk: Desk, **changes: object) -> None:
    """Let the shop be one that is paid T+1 with a reserve of three days, or as `changes` say."""
    catalogue = desk.world.catalogue
    settlement = SettlementAgreement.model_validate({**AGREED, **changes})
    shop = catalogue.merchants[SHOP].model_copy(update={"settlement": settlement})
    changed = replace(catalogue, merchants={**catalogue.merchants, SHOP: shop})
    desk.world = replace(desk.world, catalogue=changed)


def captured(desk: Desk, person: dict[str, str] = XIAOMAN, **more: Any) -> str:  # noqa: ANN401 - as a quote has it
    """Sign a loan of 699,900 fen and have its shop paid as agreed; returns the loan's id."""
    loan_id = desk.signed(desk.person(person), **more)
    desk.do("order_disbursement", staff("servicing"), loan_id=loan_id)
    return loan_id


def settle(desk: Desk, who: Actor | None = None) -> dict[str, Any]:
    answer = desk.do("settle_merchant", who or staff("servicing"), entity=LENDER, merchant=SHOP)
    return dict(answer)


def next_day(desk: Desk) -> None:
    """Close the day that is open, and let the rail and the outbox do their work."""
    close_day(desk.world, desk.world.clock.business_date(), only=(LENDER,))
    desk.time.move(days=1)
    desk.outside.set_date(desk.world.clock.business_date())
    deliver(desk.world)


def balance(desk: Desk, account: str) -> int:
    """Return what stands on an account; credits positive."""
    debit_fen, credit_fen = desk.world.store.balances(LENDER).get(account, (0, 0))
    return credit_fen - debit_fen


def differences(desk: Desk) -> list[Any]:
    return list(desk.do("check_books", staff("servicing"), entity=LENDER)["differences"])
