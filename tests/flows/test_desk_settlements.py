"""Settlements with shops at the desk: sums, parts, what is left to the next, and whose they are."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from flows.settling_desk import SHOP, agreed_with, captured, next_day, settle
from sanshi.flows.payables import Source, kept
from sanshi.jobs.outbox import deliver
from sanshi.kernel.effects import Applied
from sanshi.kernel.errors import ForbiddenError, InputError, NotFoundError
from sanshi.ledger.settlement import LINE_KINDS, Line
from worlds import LENDER, MONDAY, Desk, staff

OTHER = "pujiang_bank"
LENT, FEE, VAT, HELD = 699_900, 3_961, 238, 69_990  # see test_settling
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)


@pytest.fixture
def shop(living_desk: Desk) -> Desk:
    agreed_with(living_desk)
    return living_desk


def shown(desk: Desk, settlement_id: str, **asked: Any) -> Any:  # noqa: ANN401 - a flow's answer, and what it is asked
    return desk.do("desk_settlement", staff("audit"), settlement_id=settlement_id, **asked)


def listed(desk: Desk, **asked: Any) -> list[Any]:  # noqa: ANN401 - what a flow is asked
    return list(desk.do("desk_settlements", staff("servicing"), **asked)["rows"])


def put(desk: Desk, *lines: Line, source: str = "ln_x", number: int = 0) -> None:
    """Let lines be there that no loan made."""
    effects = kept(desk.world, Source(LENDER, SHOP, source, number), lines)
    assert isinstance(desk.world.store.apply(effects), Applied)


def test_a_settlement_shows_its_sums_its_lines_and_what_was_paid_and_booked(shop: Desk) -> None:
    loan_id = captured(shop)
    next_day(shop)
    settlement_id = settle(shop)["settlement_id"]
    deliver(shop.world)
    seen = shown(shop, settlement_id)
    assert (seen["stage"], seen["merchant"], seen["left"]) == ("paid", SHOP, None)
    assert seen["settled_on"] == seen["due_on"] == TUESDAY.isoformat()
    sums = {one["kind"]: (one["count"], one["amount_fen"]) for one in seen["totals"]}
    made = {
        "capture": (1, LENT),
        "fee": (1, -FEE),
        "fee_vat": (1, -VAT),
        "reserve_held": (1, -HELD),
    }
    assert sums == dict.fromkeys(LINE_KINDS, (0, 0)) | made
    assert [(line["kind"], line["source"]) for line in seen["lines"]] == [
        (kind, loan_id) for kind in made
    ]
    assert sum(fen for _, fen in sums.values()) == seen["paid_fen"] == LENT - FEE - VAT - HELD
    assert [one["kind"] for one in seen["events"]] == ["made", "paid"]
    (payment,) = seen["payments"]
    assert (payment["stage"], payment["amount_fen"]) == ("succeeded", seen["paid_fen"])
    booked = {one["component"]: one["amount_fen"] for one in seen["postings"]}
    assert booked == {
        "settlement_paid": seen["paid_fen"],
        "merchant_fee": FEE,
        "merchant_fee_vat": VAT,
        "reserve_held": HELD,
    }


def test_what_the_rail_refused_leads_to_the_batch_that_took_it(shop: Desk) -> None:
    captured(shop)
    next_day(shop)
    first = settle(shop)
    shop.outside.queue_fault("submit", "reject")
    deliver(shop.world)
    waits = shown(shop, first["settlement_id"])
    assert (waits["stage"], waits["left"]["kind"], waits["left"]["taken_by"]) == (
        "failed",
        "unpaid",
        "",
    )
    assert waits["left"]["amount_fen"] == first["paid_fen"]
    next_day(shop)
    second = settle(shop)
    taken = shown(shop, first["settlement_id"])
    assert taken["left"]["taken_by"] == second["settlement_id"]
    (line,) = shown(shop, second["settlement_id"])["lines"]
    assert (line["kind"], line["source"]) == ("unpaid", first["settlement_id"])


def test_what_a_shop_owes_is_carried_and_nothing_is_paid(shop: Desk) -> None:
    put(shop, Line("capture", 500, MONDAY), Line("refund", -800, MONDAY))
    made = settle(shop)
    seen = shown(shop, made["settlement_id"])
    assert (seen["stage"], seen["paid_fen"], seen["carried_fen"]) == ("carried", 0, -300)
    assert (seen["left"]["kind"], seen["left"]["amount_fen"]) == ("carried", -300)
    assert (seen["left"]["taken_by"], seen["left"]["due_on"]) == ("", TUESDAY.isoformat())
    assert seen["payments"] == []


def test_lines_are_given_part_by_part_and_sums_count_them_all(shop: Desk) -> None:
    for number in range(1, 8):
        put(shop, Line("fee", -1, MONDAY), Line("capture", 10 * number, MONDAY), number=number)
    settlement_id = settle(shop)["settlement_id"]
    parts = [shown(shop, settlement_id, offset=offset, limit=4) for offset in (0, 4, 8, 12, 16)]
    assert [len(part["lines"]) for part in parts] == [4, 4, 4, 2, 0]
    assert {part["total"] for part in parts} == {14}
    assert all(part["totals"] == parts[0]["totals"] for part in parts)
    together = [line for part in parts for line in part["lines"]]
    whole = shop.do("view_settlement", staff("audit"), settlement_id=settlement_id)["lines"]
    assert together == whole
    # What one event made stands together, the goods before what comes off them.
    wanted = [fen for number in range(1, 8) for fen in (10 * number, -1)]
    assert [line["amount_fen"] for line in whole] == wanted
    for field, value in (("offset", -1), ("limit", 501)):
        with pytest.raises(InputError) as raised:
            shown(shop, settlement_id, **{field: value})
        assert raised.value.field == field


def test_a_batch_that_comes_late_says_by_how_many_days(shop: Desk) -> None:
    for number, day in enumerate((WEDNESDAY, MONDAY)):
        put(shop, Line("capture", 500, day), number=number)
    shop.time.move(days=2)
    shop.do("switch_date", staff("system"), business_date=MONDAY.isoformat())
    shop.do("switch_date", staff("system"), business_date=TUESDAY.isoformat())
    settle(shop)
    (row,) = listed(shop)
    assert (row["settled_on"], row["due_on"]) == (WEDNESDAY.isoformat(), MONDAY.isoformat())
    assert row["days_late"] == 2


def test_settlements_are_found_by_stage_shop_day_and_id(shop: Desk) -> None:
    put(shop, Line("refund", -800, MONDAY))
    first = settle(shop)["settlement_id"]
    put(shop, Line("capture", 2_000, TUESDAY), number=1)
    next_day(shop)
    second = settle(shop)["settlement_id"]
    for asked, wanted in (
        ({}, [second, first]),
        ({"descending": False}, [first, second]),
        ({"sort": "amount", "descending": False}, [first, second]),
        ({"stage": "carried"}, [first]),
        ({"kind": SHOP}, [second, first]),
        ({"kind": "puhui"}, []),
        ({"since": TUESDAY.isoformat()}, [second]),
        ({"until": MONDAY.isoformat()}, [first]),
        ({"text": second.upper()}, [second]),
        ({"offset": 1, "limit": 1}, [first]),
    ):
        assert [row["settlement_id"] for row in listed(shop, **asked)] == wanted, asked


def test_a_settlement_is_its_lenders_alone_and_not_for_every_role(shop: Desk) -> None:
    put(shop, Line("capture", 500, MONDAY))
    asked = {"settlement_id": settle(shop)["settlement_id"]}
    for role in ("servicing", "audit"):
        assert shop.do("desk_settlements", staff(role, OTHER))["total"] == 0
        for name in ("desk_settlement", "view_settlement"):
            assert shop.do(name, staff(role), **asked)["lines"]
            with pytest.raises(NotFoundError):
                shop.do(name, staff(role, OTHER), **asked)
    for role in ("product", "risk", "conduct", "admin", "merchant", "consumer"):
        with pytest.raises(ForbiddenError):
            shop.do("desk_settlements", staff(role, SHOP if role == "merchant" else LENDER))
        with pytest.raises(ForbiddenError):
            shop.do("desk_settlement", staff(role), **asked)
