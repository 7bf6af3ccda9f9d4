"""Receipts prove offline, decisions replay, reads of personal data leave a trace."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

import pytest

from dumps import rows_of
from sanshi.connectors.keys import ed25519_verify
from sanshi.evidence.verdict import verify_receipt
from sanshi.flows.world import Actor
from sanshi.kernel.effects import Effects, Update
from sanshi.kernel.errors import NotFoundError
from sanshi.kernel.reasons import Reason, say
from worlds import LENDER, LIXIA, XIAOMAN, Desk, staff


def documents(desk: Desk, kind: str, who: Actor) -> list[str]:
    rows = desk.world.store.rows("document", {"kind": kind, "person_id": who.person_id})
    return sorted(row["document_id"] for row in rows)


def test_consents_decisions_and_contracts_verify_offline(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    desk.signed(who)
    key = desk.world.keys.public_key()
    for kind, count in (("consent", 2), ("decision", 1), ("contract", 1)):
        found = documents(desk, kind, who)
        assert len(found) == count
        for document_id in found:
            receipt = desk.do("get_receipt", who, document_id=document_id)["receipt"]
            verdict = verify_receipt(receipt, ed25519_verify, key)
            assert verdict.proven, verdict.as_json()
            assert say_all(desk, [step.reason for step in verdict.steps])


def say_all(desk: Desk, reasons: Iterable[Reason]) -> list[str]:
    texts = desk.world.catalogue.texts
    return [say(reason, texts, "zh") + say(reason, texts, "en") for reason in reasons]


def test_a_receipt_that_was_tampered_with_does_not_verify(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    desk.signed(who)
    receipt: dict[str, Any] = dict(
        desk.do("get_receipt", who, document_id=documents(desk, "consent", who)[0])["receipt"]
    )
    for change in (
        {"content": {**receipt["content"], "purpose": "marketing"}},
        {"subject": "cn_other"},
        {"leaf_index": receipt["leaf_index"] + 1},
        {"salt": "00" * 32},
        {"head": {**receipt["head"], "root": "11" * 32}},
    ):
        forged = copy.deepcopy(receipt) | change
        assert not verify_receipt(forged, ed25519_verify, None).intact


def test_a_later_head_still_proves_an_early_leaf(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    desk.agreed(who)
    first = documents(desk, "consent", who)[0]
    early = desk.do("get_receipt", who, document_id=first)["receipt"]
    other = desk.person(LIXIA)
    desk.agreed(other)
    newest = documents(desk, "consent", other)[-1]
    late = desk.do("get_receipt", other, document_id=newest)["receipt"]
    assert late["head"]["size"] > early["head"]["size"]
    again = desk.do("get_receipt", who, document_id=first)["receipt"]
    for receipt in (early, late, again):
        assert verify_receipt(receipt, ed25519_verify, desk.world.keys.public_key()).proven


def test_a_decision_is_worked_out_again_bit_for_bit(desk: Desk) -> None:
    application_id = desk.applied(desk.person(XIAOMAN))
    decided = desk.do("decide_application", staff("risk"), application_id=application_id)
    assert decided["outcome"] == "approved"
    replayed = desk.do("replay_decision", staff("audit"), decision_id=decided["decision_id"])
    assert replayed == {"same": True, "differences": []}


def test_a_no_comes_with_reasons_in_both_languages_and_ways_forward(desk: Desk) -> None:
    application_id = desk.applied(desk.person(LIXIA), monthly_income_fen=600_000)
    decided = desk.do("decide_application", staff("risk"), application_id=application_id)
    assert decided["outcome"] == "declined"
    assert decided["approved_fen"] == 0
    reasons = tuple(Reason(r["code"], r["values"]) for r in decided["reasons"])
    assert reasons
    assert all(say_all(desk, reasons))
    offers = decided["counter_offers"]
    assert offers[0]["kind"] == "cash"
    assert any(offer["kind"] != "cash" for offer in offers)
    assert all(offer["debt_fen"] <= 699900 for offer in offers)
    assert [offer["debt_fen"] for offer in offers] == sorted(o["debt_fen"] for o in offers)


def test_a_source_that_does_not_answer_means_a_person_looks(desk: Desk) -> None:
    application_id = desk.applied(desk.person(XIAOMAN))
    desk.outside.queue_fault("bureau", "http_500")
    decided = desk.do("decide_application", staff("risk"), application_id=application_id)
    assert decided["outcome"] == "referred"
    assert "decision.missing_value" in {reason["code"] for reason in decided["reasons"]}


def test_declining_an_optional_consent_is_no_reason_to_refuse(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    application_id = desk.applied(who)
    for row in desk.world.store.rows("consent", {"purpose": "housing_fund"}):
        desk.do("withdraw_consent", who, consent_id=row["consent_id"])
    decided = desk.do("decide_application", staff("risk"), application_id=application_id)
    assert decided["outcome"] == "approved"


def test_reading_personal_data_is_audited_before_the_answer(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    loan_id = desk.paid_out(who)
    before = len(rows_of(desk.url)["audit"])
    desk.do("view_loan", staff("servicing"), loan_id=loan_id)
    audit = desk.world.store.rows("audit", order_by=("audit_id",))
    assert len(audit) == before + 1
    last = audit[-1]
    assert (last["actor"], last["role"], last["action"], last["subject"], last["entity"]) == (
        "test:servicing",
        "servicing",
        "view_loan",
        loan_id,
        LENDER,
    )


def test_nothing_personal_lies_in_the_database_in_clear(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    desk.paid_out(who)
    everything = repr(rows_of(desk.url))
    for value in (*XIAOMAN.values(), "1500000", "phone-1"):
        assert value not in everything


def test_destroying_the_key_is_the_erasure(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    desk.agreed(who)
    document_id = documents(desk, "consent", who)[0]
    receipt = desk.do("get_receipt", who, document_id=document_id)["receipt"]
    desk.world.store.apply(
        Effects(rows=(Update("person", {"person_id": who.person_id}, {"wrapped_key": None}),))
    )
    with pytest.raises(NotFoundError) as gone:
        desk.do("get_receipt", who, document_id=document_id)
    assert gone.value.code == "document.erased"
    # What the person kept still proves itself.
    assert verify_receipt(receipt, ed25519_verify, None).intact
