"""Malformed, tampered, replayed and foreign requests: a clear error, and nothing has changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dumps import rows_of, state_hash
from sanshi.flows.shards import closed_shards
from sanshi.flows.world import Actor
from sanshi.jobs.outbox import deliver
from sanshi.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InputError,
    NotFoundError,
    SanshiError,
)
from worlds import LENDER, LIXIA, PLAN, XIAOMAN, Desk, staff

MALFORMED: list[tuple[str, dict[str, Any], str]] = [
    ("identify", {"full_name": "林", "id_number": "1", "mobile": "1"}, "full_name"),
    ("identify", {**XIAOMAN, "id_number": "990000199205200014"}, "id_number"),
    ("identify", {**XIAOMAN, "mobile": "12345678901"}, "mobile"),
    ("identify", {**XIAOMAN, "nickname": "x"}, "nickname"),
]


@pytest.mark.parametrize(("flow", "request_", "field"), MALFORMED)
def test_a_malformed_request_names_its_field(
    desk: Desk, flow: str, request_: dict[str, Any], field: str
) -> None:
    before = state_hash(desk.url)
    with pytest.raises(InputError) as refused:
        desk.do(flow, Actor("door", "system"), **request_)
    assert refused.value.field == field
    assert refused.value.fix
    assert state_hash(desk.url) == before


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"sku": "NO-SUCH"}, "sku"),
        ({"merchant": "nobody"}, "merchant"),
        ({"down_payment_fen": -1}, "down_payment_fen"),
        ({"down_payment_fen": 10**15}, "down_payment_fen"),
        ({"down_payment_fen": 699900}, "down_payment_fen"),
        ({"down_payment_fen": 1.5}, "down_payment_fen"),
        ({"monthly_income_fen": "much"}, "monthly_income_fen"),
        ({"student": "no"}, "student"),
        ({"price_fen": 1}, "price_fen"),
    ],
)
def test_a_quote_is_asked_for_properly_or_not_at_all(
    desk: Desk, more: dict[str, Any], field: str
) -> None:
    who = desk.person(XIAOMAN)
    before = state_hash(desk.url)
    with pytest.raises(InputError) as refused:
        desk.quoted(who, **more)
    assert refused.value.field == field
    assert state_hash(desk.url) == before


def test_a_quote_expires_and_cannot_be_used_twice(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    quote_id = desk.quoted(who)["quote_id"]
    with pytest.raises(InputError, match="no plan"):
        desk.do("apply_for_plan", who, quote_id=quote_id, plan_key="free.money")
    desk.do("apply_for_plan", who, quote_id=quote_id, plan_key=PLAN)
    with pytest.raises(ConflictError) as used:
        desk.do("apply_for_plan", who, quote_id=quote_id, plan_key=PLAN)
    assert used.value.code == "quote.wrong_stage"
    late = desk.quoted(who)["quote_id"]
    desk.time.move(seconds=30 * 60)
    with pytest.raises(ConflictError) as expired:
        desk.do("apply_for_plan", who, quote_id=late, plan_key=PLAN)
    assert expired.value.code == "quote.expired"


def test_a_key_belongs_to_one_request(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    first = desk.quoted(who)
    second = desk.quoted(who)
    request = {"quote_id": first["quote_id"], "plan_key": PLAN}
    answer = desk.do("apply_for_plan", who, "key-1", **request)
    assert desk.do("apply_for_plan", who, "key-1", **request) == answer
    with pytest.raises(ConflictError) as reused:
        desk.do("apply_for_plan", who, "key-1", **(request | {"quote_id": second["quote_id"]}))
    assert reused.value.code == "idempotency.key_reused"
    other = replace(desk.person(LIXIA))
    with pytest.raises(ForbiddenError):
        desk.do("apply_for_plan", other, "key-1", **request)


def test_nobody_acts_for_another_person(desk: Desk) -> None:
    own, other = desk.person(XIAOMAN), desk.person(LIXIA)
    loan_id = desk.paid_out(own)
    contract = rows_of(desk.url)["contract"][0]
    before = state_hash(desk.url)
    attempts: list[tuple[str, dict[str, Any]]] = [
        ("view_loan", {"loan_id": loan_id}),
        ("pay", {"loan_id": loan_id, "purpose": "settle"}),
        ("serve_contract", {"contract_id": contract[0]}),
        ("quote_purchase", {"person_id": own.person_id, "merchant": "haitai",
                            "sku": "HT-FRIDGE-520", "student": False}),
        ("grant_consent", {"person_id": own.person_id, "purpose": "credit_report",
                           "recipient": LENDER, "ticked": True}),
    ]  # fmt: skip
    for flow, request in attempts:
        with pytest.raises(ForbiddenError):
            desk.do(flow, other, **request)
    for flow in ("view_loan", "order_disbursement"):
        with pytest.raises(ForbiddenError):
            desk.do(flow, staff("servicing", "another_bank"), loan_id=loan_id)
    with pytest.raises(ForbiddenError) as role:
        desk.do("decide_application", own, application_id="ap_x")
    assert role.value.code == "access.role"
    assert state_hash(desk.url) == before


def test_consent_is_never_assumed_and_ends_when_withdrawn(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    request = {"person_id": who.person_id, "purpose": "credit_report", "recipient": LENDER}
    for bad in ({"ticked": False}, {}, {"ticked": True, "purpose": "everything"},
                {"ticked": True, "recipient": "somebody"}):  # fmt: skip
        with pytest.raises(InputError):
            desk.do("grant_consent", who, **(request | bad))
    application_id = desk.applied(who)
    consent_id = rows_of(desk.url)["consent"][0][0]
    for row in rows_of(desk.url)["consent"]:
        desk.do("withdraw_consent", who, consent_id=row[0])
    with pytest.raises(ConflictError) as lacking:
        desk.do("decide_application", staff("risk"), application_id=application_id)
    assert lacking.value.code == "application.consent_missing"
    with pytest.raises(ConflictError) as twice:
        desk.do("withdraw_consent", who, consent_id=consent_id)
    assert twice.value.code == "consent.wrong_stage"


def test_a_contract_is_signed_as_it_was_served(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    offer = desk.offered(who)
    request = {"contract_id": offer["contract_id"], "confirmed": True}
    desk.do("serve_contract", who, contract_id=offer["contract_id"])
    desk.time.move(seconds=10)
    with pytest.raises(ConflictError) as other_text:
        desk.do("sign_contract", who, content_hash="0" * 64, **request)
    assert other_text.value.code == "contract.other_text"
    with pytest.raises(InputError):
        desk.do("sign_contract", who, content_hash=offer["content_hash"],
                **(request | {"confirmed": False}))  # fmt: skip
    signed = desk.do("sign_contract", who, content_hash=offer["content_hash"], **request)
    assert signed["signed"]
    with pytest.raises(ConflictError) as again:
        desk.do("sign_contract", who, content_hash=offer["content_hash"], **request)
    assert again.value.code == "contract.wrong_stage"


def test_amounts_that_make_no_sense_are_refused(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    loan_id = desk.paid_out(who)
    before = state_hash(desk.url)
    for purpose, amount, code in [
        ("prepay_lower", None, "pay.amount_needed"),
        ("prepay_lower", 699900, "pay.not_a_prepayment"),
        ("prepay_shorten", 10**12, "pay.too_much"),
        ("settle", 1, "pay.too_little"),
        ("instalment", 800000, "pay.too_much"),
        ("instalment", 0, "request.malformed"),
        ("instalment", -5, "request.malformed"),
        ("gift", 5, "request.malformed"),
    ]:
        with pytest.raises(SanshiError) as refused:
            desk.do("pay", who, loan_id=loan_id, purpose=purpose, amount_fen=amount)
        assert refused.value.code == code
    assert state_hash(desk.url) == before


def test_what_does_not_exist_is_not_found(desk: Desk) -> None:
    for flow, role, request in [
        ("view_loan", "servicing", {"loan_id": "ln_x"}),
        ("decide_application", "risk", {"application_id": "ap_x"}),
        ("hear_rail", "system", {"payment_id": "py_x", "status": "failed"}),
        ("replay_decision", "audit", {"decision_id": "de_x"}),
        ("close_case", "conduct", {"case_id": "cs_x", "finding": "none"}),
        ("get_receipt", "audit", {"document_id": "dc_x"}),
    ]:
        with pytest.raises(NotFoundError):
            desk.do(flow, staff(role), **request)


def test_the_same_close_twice_is_one_close(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    desk.paid_out(who)
    with pytest.raises(ConflictError) as early:
        desk.do("close_shard", staff("servicing"), entity=LENDER, business_date="2026-11-02",
                shard=0)  # fmt: skip
    assert early.value.code == "close.not_over"
    with pytest.raises(ConflictError) as other:
        desk.do("switch_date", Actor("job", "system"), business_date="2026-12-24")
    assert other.value.code == "close.other_day"
    with pytest.raises(ConflictError, match="not 9999-12-31"):
        desk.do("switch_date", Actor("job", "system"), business_date="9999-12-31")
    desk.do("switch_date", Actor("job", "system"), business_date="2026-11-02")
    assert desk.do("switch_date", Actor("job", "system"), business_date="2026-11-02") == {
        "open_date": "2026-11-03"
    }
    with pytest.raises(ConflictError):
        desk.do("finish_close", staff("servicing"), entity=LENDER, business_date="2026-11-02")
    for _ in range(2):
        answers = [
            desk.do("close_shard", staff("servicing"), entity=LENDER,
                    business_date="2026-11-02", shard=shard)
            for shard in closed_shards(desk.world, LENDER)
        ]  # fmt: skip
        desk.do("finish_close", staff("servicing"), entity=LENDER, business_date="2026-11-02")
        assert sum(answer["loans"] for answer in answers) == 1
    assert deliver(desk.world).sent == 0
