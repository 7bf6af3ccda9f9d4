"""Answers: whoever asks a lender something is told what came of it, and can prove it."""

from __future__ import annotations

import pytest

from sanshi.connectors.keys import ed25519_verify
from sanshi.evidence.verdict import verify_receipt
from sanshi.flows.cases import opened
from sanshi.flows.world import Actor
from sanshi.kernel.effects import Effects, Update
from sanshi.kernel.errors import SanshiError
from worlds import LENDER, LIXIA, XIAOMAN, Desk, staff

TEXT = "提前还款不收费用，见合同第四条。"
OFFICER = staff("conduct")


def asked(desk: Desk, who: Actor) -> str:
    request = {"about": "enquiry", "lender": LENDER, "text": "提前还款收费吗？"}
    return str(desk.do("ask_lender", who, **request)["case_id"])


def test_an_answer_is_read_once_the_case_is_closed_and_can_be_proven(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    case_id = asked(desk, who)
    answer_id = desk.do("write_answer", OFFICER, case_id=case_id, text=f" {TEXT} ")["answer_id"]
    (before,) = desk.do("see_own_requests", who)["requests"]
    assert (before["answer"], before["answer_id"]) == ("", None), "nobody has approved it yet"
    with pytest.raises(SanshiError) as unread:
        desk.do("get_receipt", who, document_id=answer_id)
    assert unread.value.code == "receipt.not_logged"

    desk.do("close_case", OFFICER, case_id=case_id, finding="answered", answer_id=answer_id)
    (after,) = desk.do("see_own_requests", who)["requests"]
    assert after["answer"] == TEXT
    assert (after["stage"], after["answered_on"]) == ("closed", "2026-11-02")
    receipt = desk.do("get_receipt", who, document_id=after["answer_id"])["receipt"]
    assert receipt["content"] == {"text": TEXT}
    assert verify_receipt(receipt, ed25519_verify, desk.world.keys.public_key()).proven
    stored = desk.world.store.row("document", document_id=answer_id)
    assert stored is not None
    assert TEXT.encode() not in bytes(stored["sealed"])


def test_what_a_customer_asked_is_closed_with_an_answer_to_it(desk: Desk) -> None:
    case_id, other = (asked(desk, desk.person(XIAOMAN)) for _ in range(2))
    answer_id = desk.do("write_answer", OFFICER, case_id=other, text=TEXT)["answer_id"]
    letter = desk.world.store.row("document", subject=case_id)
    assert letter is not None
    for wrong, code in (
        (None, "case.unanswered"),
        (answer_id, "case.answer"),
        (letter["document_id"], "case.answer"),
        ("dc_none", "case.answer"),
    ):
        request = {"case_id": case_id, "finding": "answered", "answer_id": wrong}
        with pytest.raises(SanshiError) as refused:
            desk.do("close_case", OFFICER, **request)
        assert (refused.value.code, refused.value.field) == (code, "answer_id")
    assert desk.world.store.standing(case_id)[1] == "open"


def test_nobody_is_answered_who_did_not_ask(desk: Desk) -> None:
    about = ("rail_answer", "py_1", {"code": "x"})
    desk.world.store.apply(opened(desk.world, LENDER, *about))
    case_id = desk.world.store.rows("work_case")[0]["case_id"]
    with pytest.raises(SanshiError) as refused:
        desk.do("write_answer", OFFICER, case_id=case_id, text=TEXT)
    assert refused.value.code == "case.nobody_asked"
    desk.do("close_case", OFFICER, case_id=case_id, finding="seen")
    assert desk.world.store.standing(case_id)[1] == "closed"


def test_an_answer_comes_before_the_end_and_from_the_lender_that_was_asked(desk: Desk) -> None:
    case_id = asked(desk, desk.person(LIXIA))
    other = staff("conduct", "haitai_finance")
    with pytest.raises(SanshiError) as elsewhere:
        desk.do("write_answer", other, case_id=case_id, text=TEXT)
    assert elsewhere.value.code == "access.other_entity"
    answer_id = desk.do("write_answer", OFFICER, case_id=case_id, text=TEXT)["answer_id"]
    desk.do("close_case", OFFICER, case_id=case_id, finding="answered", answer_id=answer_id)
    with pytest.raises(SanshiError) as late:
        desk.do("write_answer", OFFICER, case_id=case_id, text=TEXT)
    assert late.value.code == "case.closed"


def test_a_case_of_somebody_who_was_erased_is_closed_without_an_answer(desk: Desk) -> None:
    who = desk.person(XIAOMAN)
    case_id = asked(desk, who)
    erased = Update("person", {"person_id": who.person_id}, {"wrapped_key": None})
    desk.world.store.apply(Effects(rows=(erased,)))
    desk.do("close_case", OFFICER, case_id=case_id, finding="erased since")
    assert desk.do("desk_case", OFFICER, case_id=case_id)["reply"] == ""
