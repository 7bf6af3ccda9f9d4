"""What a shop is told: of which events, at which addresses, and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sanshi.flows.notices import SEND, TYPES
from sanshi.flows.webhooks import MAX_ENDPOINTS
from sanshi.flows.world import Actor
from sanshi.jobs.outbox import deliver
from sanshi.kernel.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from worlds import LENDER, LIXIA, XIAOMAN, Desk, staff

HAITAI = Actor("till", "merchant", "haitai")
PUJIANG = Actor("till", "merchant", "pujiang_auto")
BUYER = Actor("browser", "consumer")
SYSTEM = Actor("test", "system")
URL = "https://shop.example/hooks"


def opened(desk: Desk) -> str:
    answer = desk.do(
        "open_session",
        HAITAI,
        reference="order-1",
        items=[{"sku": "HT-FRIDGE-520"}],
        return_url="https://shop.example/thanks",
        cancel_url="https://shop.example/basket",
    )
    return str(answer["session_id"])


def signed(desk: Desk) -> str:
    return desk.signed(desk.person(XIAOMAN), session_id=opened(desk))


def captured(desk: Desk) -> str:
    loan_id = signed(desk)
    desk.do("capture", HAITAI, authorization_id=loan_id)
    deliver(desk.world)
    return loan_id


def cash(desk: Desk) -> None:
    desk.do("choose_cash", BUYER, session_id=opened(desk))


def expired(desk: Desk) -> None:
    session_id = opened(desk)
    desk.time.move(days=1)
    desk.do("expire_session", SYSTEM, session_id=session_id)


def refused(desk: Desk) -> None:
    loan_id = signed(desk)
    desk.outside.queue_fault("submit", "reject")
    desk.do("capture", HAITAI, authorization_id=loan_id)
    deliver(desk.world)


def voided(desk: Desk) -> None:
    desk.do("void_authorization", HAITAI, authorization_id=signed(desk))


def given_up(desk: Desk) -> None:
    loan_id = signed(desk)
    desk.do("void_authorization", desk.person(XIAOMAN), authorization_id=loan_id)


def returned(desk: Desk) -> None:
    desk.do("return_goods", HAITAI, loan_id=captured(desk), price_fen=1000)
    deliver(desk.world)


def not_refunded(desk: Desk) -> None:
    loan_id = captured(desk)
    desk.outside.queue_fault("submit", "reject")
    desk.do("return_goods", HAITAI, loan_id=loan_id)
    deliver(desk.world)


def prepaid(desk: Desk) -> None:
    """What passes between buyer and lender is none of the shop's business."""
    loan_id = captured(desk)
    servicing = staff("servicing")
    desk.do("pay", servicing, loan_id=loan_id, purpose="prepay_lower", amount_fen=100_000)
    deliver(desk.world)


def partly_captured(desk: Desk) -> None:
    """What was not handed over counts as returned, and yet is no refund that anybody asked for."""
    desk.do("capture", HAITAI, authorization_id=signed(desk), price_fen=500_000)
    deliver(desk.world)


def asked_back(desk: Desk) -> None:
    loan_id = captured(desk)
    who = desk.person(XIAOMAN)
    asked = {"lender": LENDER, "text": "退货", "loan_id": loan_id}
    desk.do("ask_lender", who, about="enquiry", **asked)
    desk.do("ask_lender", who, about="goods_return", **asked)


def declined(desk: Desk) -> None:
    who = desk.person(LIXIA)
    application_id = desk.applied(who, session_id=opened(desk), monthly_income_fen=600_000)
    answer = desk.do("decide_application", staff("risk"), application_id=application_id)
    assert answer["outcome"] == "declined"


def cancelled(desk: Desk) -> None:
    desk.do("cancel_session", HAITAI, session_id=opened(desk))


def notices(desk: Desk, shop: str = "haitai") -> list[dict[str, Any]]:
    rows = desk.world.store.rows("notice", {"entity": shop})
    return [dict(row) for row in rows]


def queued(desk: Desk) -> list[tuple[str, str]]:
    """Return (notice, address) of what waits to be sent."""
    rows = desk.world.store.rows("outbox", {"topic": SEND})
    return [(row["payload"]["notice_id"], row["payload"]["endpoint_id"]) for row in rows]


def listen(desk: Desk, *types: str, url: str = URL, shop: Actor = HAITAI) -> str:
    answer = desk.do("add_webhook_endpoint", shop, url=url, types=list(types))
    return str(answer["endpoint_id"])


AUTHORIZED, CAPTURED = "checkout_session.authorized", "capture.succeeded"


Story = Callable[[Desk], object]
STORIES: list[tuple[Story, list[str]]] = [
    (opened, []),
    (cancelled, []),
    (declined, []),
    (cash, ["checkout_session.cash_chosen"]),
    (expired, ["checkout_session.expired"]),
    (signed, [AUTHORIZED]),
    (voided, [AUTHORIZED, "authorization.voided"]),
    (given_up, [AUTHORIZED, "authorization.voided"]),
    (refused, [AUTHORIZED, "capture.failed"]),
    (captured, [AUTHORIZED, CAPTURED]),
    (partly_captured, [AUTHORIZED, CAPTURED]),
    (prepaid, [AUTHORIZED, CAPTURED]),
    (returned, [AUTHORIZED, CAPTURED, "refund.succeeded"]),
    (asked_back, [AUTHORIZED, CAPTURED, "return.requested"]),
    (not_refunded, [AUTHORIZED, CAPTURED, "refund.failed"]),
]


@pytest.mark.parametrize(("story", "expected"), STORIES)
def test_what_happened_makes_these_notices(desk: Desk, story: Story, expected: list[str]) -> None:
    story(desk)
    assert sorted(row["type"] for row in notices(desk)) == sorted(expected)
    assert queued(desk) == []  # nobody listens, and what was said can still be read


def test_every_type_comes_from_a_story() -> None:
    assert set(TYPES.values()) == {of_type for _, expected in STORIES for of_type in expected}


def test_a_notice_says_which_objects_and_nothing_of_the_buyer(desk: Desk) -> None:
    returned(desk)
    known = {"session_id", "reference", "authorization_id", "refund_id"}
    for row in notices(desk):
        assert row["data"].keys() <= known
        assert row["data"]["reference"] == "order-1"
        [session] = desk.world.store.rows("checkout_session")
        assert row["data"]["session_id"] == session["session_id"]


def test_a_purchase_without_a_session_is_told_to_nobody(desk: Desk) -> None:
    listen(desk)
    loan_id = desk.paid_out(desk.person(XIAOMAN))
    desk.do("return_goods", HAITAI, loan_id=loan_id)
    deliver(desk.world)
    assert notices(desk) == []
    assert queued(desk) == []


def test_a_rails_word_heard_twice_is_told_once(desk: Desk) -> None:
    loan_id = captured(desk)
    [payment] = desk.world.store.rows("payment", {"subject": loan_id})
    word = {"payment_id": payment["payment_id"], "status": "succeeded"}
    desk.do("hear_rail", SYSTEM, **word)
    assert [row["type"] for row in notices(desk)].count(CAPTURED) == 1


def test_a_request_repeated_under_its_key_is_told_once(desk: Desk) -> None:
    session_id = opened(desk)
    answers = [desk.do("choose_cash", BUYER, "key-1", session_id=session_id) for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(notices(desk)) == 1


def test_each_address_hears_what_it_asked_for(desk: Desk) -> None:
    everything = listen(desk)
    refunds = listen(desk, "refund.succeeded", "refund.failed", url=f"{URL}/refunds")
    others = listen(desk, shop=PUJIANG)
    gone = listen(desk, url=f"{URL}/gone")
    desk.do("remove_webhook_endpoint", HAITAI, endpoint_id=gone)
    returned(desk)
    of_type = {row["notice_id"]: row["type"] for row in notices(desk)}
    heard = {(endpoint_id, of_type[notice_id]) for notice_id, endpoint_id in queued(desk)}
    assert heard == {
        (everything, AUTHORIZED),
        (everything, CAPTURED),
        (everything, "refund.succeeded"),
        (refunds, "refund.succeeded"),
    }
    assert notices(desk, "pujiang_auto") == []
    assert others not in {endpoint_id for _, endpoint_id in queued(desk)}


def test_sending_again_goes_to_those_who_want_it(desk: Desk) -> None:
    cash(desk)
    [notice] = notices(desk)
    wanting = listen(desk, "checkout_session.cash_chosen")
    other = listen(desk, "refund.failed", url=f"{URL}/other")
    gone = listen(desk, url=f"{URL}/gone")
    desk.do("remove_webhook_endpoint", HAITAI, endpoint_id=gone)
    notice_id = notice["notice_id"]
    answer = desk.do("resend_notice", HAITAI, notice_id=notice_id)
    assert answer["sent_to"] == [wanting]
    assert queued(desk) == [(notice_id, wanting)]
    # Whoever names an address gets it there, whatever it asked for.
    named = desk.do("resend_notice", HAITAI, notice_id=notice_id, endpoint_id=other)
    assert named["sent_to"] == [other]
    with pytest.raises(ConflictError, match="no longer used"):
        desk.do("resend_notice", HAITAI, notice_id=notice_id, endpoint_id=gone)


def test_another_shops_ids_are_as_if_there_were_none(desk: Desk) -> None:
    endpoint_id = listen(desk)
    cash(desk)
    [notice] = notices(desk)
    attempts: list[tuple[str, dict[str, str]]] = [
        ("view_notice", {"notice_id": notice["notice_id"]}),
        ("resend_notice", {"notice_id": notice["notice_id"]}),
        ("view_webhook_endpoint", {"endpoint_id": endpoint_id}),
        ("remove_webhook_endpoint", {"endpoint_id": endpoint_id}),
    ]
    for flow, request in attempts:
        with pytest.raises(NotFoundError) as other:
            desk.do(flow, PUJIANG, **request)
        missing = dict.fromkeys(request, "nt_none")
        with pytest.raises(NotFoundError) as nothing:
            desk.do(flow, PUJIANG, **missing)
        assert str(other.value) == str(nothing.value)
    mine = listen(desk, shop=PUJIANG)
    with pytest.raises(NotFoundError):
        desk.do("resend_notice", HAITAI, notice_id=notice["notice_id"], endpoint_id=mine)
    assert desk.do("view_webhook_endpoint", HAITAI, endpoint_id=endpoint_id)["disabled_on"] is None


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/hooks",
        "ftp://shop.example/hooks",
        "https://shop.example@127.0.0.1/hooks",
        "https://shop.example\\@127.0.0.1/hooks",
        "http://localhost@shop.example/hooks",
        "http://localhost.shop.example/hooks",
        "http://127.0.0.1.shop.example/hooks",
        "https://shop.example/hooks\nhttps://other.example",
        "https://",
        "javascript:alert(1)",
        "https://" + "a" * 500 + ".example/hooks",
    ],
)
def test_an_address_that_is_none_names_its_field(desk: Desk, url: str) -> None:
    with pytest.raises(InputError) as error:
        listen(desk, url=url)
    assert error.value.field == "url"


def test_an_unknown_type_names_its_place(desk: Desk) -> None:
    with pytest.raises(InputError, match=r"no notice 'refund\.lost'") as error:
        listen(desk, "refund.failed", "refund.lost")
    assert error.value.field == "types.1"


def test_a_shop_has_only_so_many_addresses(desk: Desk) -> None:
    ids = [listen(desk, url=f"{URL}/{number}") for number in range(MAX_ENDPOINTS)]
    with pytest.raises(ConflictError, match=f"at most {MAX_ENDPOINTS}"):
        listen(desk)
    desk.do("remove_webhook_endpoint", HAITAI, endpoint_id=ids[0])
    listen(desk)
    listen(desk, shop=PUJIANG)


@pytest.mark.parametrize("role", ["servicing", "consumer", "audit"])
def test_addresses_are_the_shops_alone(desk: Desk, role: str) -> None:
    endpoint_id = listen(desk)
    actor = Actor("x", role, "haitai")  # type: ignore[arg-type] # a role by its name
    with pytest.raises(ForbiddenError):
        desk.do("remove_webhook_endpoint", actor, endpoint_id=endpoint_id)
