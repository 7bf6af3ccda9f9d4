"""Notices reach shops: signed, in order, each once while all goes well, and given up at last."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from standardwebhooks import WebhookVerificationError

from jobs.shop import (
    CAR,
    HAITAI,
    IMPATIENT,
    PUJIANG,
    SENDER,
    cash,
    later,
    listen,
    opened,
    references,
    states,
    told,
)
from receiver import Receiver, receiving, silence, status
from sanshi.connectors.webhooks import HttpWebhooks
from sanshi.flows.notices import SEND
from sanshi.flows.webhooks import signing_secret
from sanshi.jobs.outbox import deliver
from sanshi.jobs.webhooks import PATIENCE, SCHEDULE, TURN, Told, deliver_notices
from sanshi.kernel.effects import Effects, Insert, Message
from sanshi.ports import Letter, ShopAnswer
from worlds import XIAOMAN, Desk


def test_a_shop_hears_of_a_purchase_from_signing_to_refund(desk: Desk, receiver: Receiver) -> None:
    endpoint_id = listen(desk, receiver.url)
    session_id = opened(desk)
    loan_id = desk.signed(desk.person(XIAOMAN), session_id=session_id)
    desk.time.move(seconds=1)
    desk.do("capture", HAITAI, authorization_id=loan_id)
    deliver(desk.world)
    desk.time.move(seconds=1)
    refund = desk.do("return_goods", HAITAI, loan_id=loan_id, price_fen=100_000)
    deliver(desk.world)
    assert told(desk) == Told(sent=3)
    assert told(desk) == Told()
    secret = signing_secret(desk.world, endpoint_id)
    said = [heard.verified(secret) for heard in receiver.got]
    about = {"session_id": session_id, "reference": "order-1"}
    assert [(one["type"], one["data"]) for one in said] == [
        ("checkout_session.authorized", {**about, "authorization_id": loan_id}),
        ("capture.succeeded", {**about, "authorization_id": loan_id}),
        (
            "refund.succeeded",
            {**about, "authorization_id": loan_id, "refund_id": refund["payment_id"]},
        ),
    ]
    assert [heard.notice_id for heard in receiver.got] == [one["notice_id"] for one in said]
    assert [desk.do("view_notice", HAITAI, notice_id=one["notice_id"]) for one in said] == said
    with pytest.raises(WebhookVerificationError):
        receiver.got[0].verified(signing_secret(desk.world, "we_other"))


def test_notices_keep_their_order(desk: Desk, receiver: Receiver) -> None:
    listen(desk, receiver.url)
    orders = [f"order-{number}" for number in range(TURN + 3)]
    cash(desk, *orders)
    assert told(desk) == Told(sent=TURN)  # the rest waits for its next turn
    assert told(desk) == Told(sent=3)
    assert references(receiver) == orders


def test_a_round_sends_at_most_its_limit(desk: Desk, receiver: Receiver) -> None:
    listen(desk, receiver.url)
    cash(desk, "a", "b", "c")
    assert deliver_notices(desk.world, SENDER.send, limit=2) == Told(sent=2)
    assert references(receiver) == ["a", "b"]


def test_a_failure_is_tried_again_on_schedule_and_given_up_at_last(
    desk: Desk, receiver: Receiver
) -> None:
    listen(desk, receiver.url)
    cash(desk, "order-1")
    receiver.answer(status(500))
    assert told(desk) == Told(failed=1)
    second = timedelta(seconds=1)
    for number, wait in enumerate(SCHEDULE):
        later(desk, wait - second)
        assert told(desk) == Told()
        later(desk, second)
        last = number == len(SCHEDULE) - 1
        assert told(desk) == (Told(given_up=1) if last else Told(failed=1))
    assert states(desk) == ["given_up"]
    later(desk, timedelta(days=30))
    assert told(desk) == Told()
    assert len(receiver.got) == 1 + len(SCHEDULE)
    assert len({(heard.notice_id, heard.body) for heard in receiver.got}) == 1


def test_the_schedule_is_that_of_standard_webhooks() -> None:
    """Operational considerations, example retry schedule: time since the start."""
    sums = [sum(SCHEDULE[: number + 1], timedelta()) for number in range(len(SCHEDULE))]
    hours, minutes, seconds = 75, 35, 5
    assert sums[:3] == [timedelta(seconds=5), timedelta(minutes=5, seconds=5), timedelta(0, 2105)]
    assert sums[-1] == timedelta(hours=hours, minutes=minutes, seconds=seconds)


def test_what_was_not_taken_is_taken_later_unchanged(desk: Desk, receiver: Receiver) -> None:
    endpoint_id = listen(desk, receiver.url)
    cash(desk, "order-1")
    receiver.answer(silence, status(302, location=receiver.url), status(200))
    assert told(desk, IMPATIENT) == Told(failed=1)
    later(desk, SCHEDULE[0])
    assert told(desk) == Told(failed=1)
    later(desk, SCHEDULE[1])
    assert told(desk) == Told(sent=1)
    assert len({(heard.notice_id, heard.body) for heard in receiver.got}) == 1
    assert receiver.got[2].verified(signing_secret(desk.world, endpoint_id))["data"]


def test_a_short_fault_mixes_up_no_order(desk: Desk, receiver: Receiver) -> None:
    listen(desk, receiver.url)
    cash(desk, "a", "b")
    receiver.answer(status(503), status(204))
    assert told(desk) == Told(failed=1)
    assert told(desk) == Told()  # `b` stays behind `a`
    later(desk, SCHEDULE[0])
    assert told(desk) == Told(sent=2)
    assert references(receiver) == ["a", "a", "b"]


def test_one_bad_notice_holds_up_the_others_for_seconds_only(
    desk: Desk, receiver: Receiver
) -> None:
    listen(desk, receiver.url)
    cash(desk, "a", "b", "c")
    receiver.answer(status(400), status(400), status(204))
    assert told(desk) == Told(failed=1)
    later(desk, SCHEDULE[0])
    assert told(desk) == Told(failed=1)
    assert told(desk) == Told(sent=2)
    later(desk, SCHEDULE[1])
    assert told(desk) == Told(sent=1)
    assert references(receiver) == ["a", "a", "b", "c", "a"]


def test_a_dead_shop_is_tried_once_a_round_and_holds_up_nobody(
    desk: Desk, receiver: Receiver
) -> None:
    with receiving() as dead:
        dead.answer(silence)
        listen(desk, dead.url, shop=PUJIANG)
        listen(desk, receiver.url)
        cash(desk, *(f"car-{number}" for number in range(5)), shop=PUJIANG, sku=CAR)
        cash(desk, "fridge-1", "fridge-2")
        assert told(desk, IMPATIENT) == Told(sent=2, failed=1)
        assert references(receiver) == ["fridge-1", "fridge-2"]
        assert len(dead.got) == 1


def test_a_slow_shop_keeps_nobody_waiting_in_the_same_round(desk: Desk, receiver: Receiver) -> None:
    """The slow shop answers only once the other has been told."""
    listen(desk, "https://slow.example/hooks", shop=PUJIANG)
    quick_id = listen(desk, receiver.url)
    cash(desk, "car", shop=PUJIANG, sku=CAR)
    cash(desk, "fridge")
    other_was_told = threading.Event()

    def send(letter: Letter) -> ShopAnswer:
        if letter.url == receiver.url:
            answer = SENDER.send(letter)
            other_was_told.set()
            return answer
        return ShopAnswer("delivered" if other_was_told.wait(10) else "failed", "waited")

    assert deliver_notices(desk.world, send) == Told(sent=2)
    assert receiver.got[0].verified(signing_secret(desk.world, quick_id))


def test_a_shop_that_is_slow_every_time_has_a_short_turn(desk: Desk, receiver: Receiver) -> None:
    listen(desk, receiver.url)
    cash(desk, "a", "b", "c")

    def send(letter: Letter) -> ShopAnswer:
        later(desk, PATIENCE * 0.6)
        return SENDER.send(letter)

    assert deliver_notices(desk.world, send) == Told(sent=2)
    assert deliver_notices(desk.world, send) == Told(sent=1)
    assert references(receiver) == ["a", "b", "c"]


def test_an_address_that_is_gone_is_used_no_more(desk: Desk, receiver: Receiver) -> None:
    with receiving() as other:
        gone_id, kept_id = listen(desk, receiver.url), listen(desk, other.url)
        cash(desk, "a", "b", "c")
        receiver.answer(status(410))
        assert told(desk) == Told(sent=3, given_up=3)
        assert len(receiver.got) == 1
        assert Counter(states(desk)) == {"given_up": 3, "sent": 3}
        gone = desk.do("view_webhook_endpoint", HAITAI, endpoint_id=gone_id)
        assert gone["disabled_on"] == desk.world.clock.business_date().isoformat()
        kept = desk.do("view_webhook_endpoint", HAITAI, endpoint_id=kept_id)
        assert kept["disabled_on"] is None
        cash(desk, "d")
        assert told(desk) == Told(sent=1)
        assert (len(receiver.got), references(other)) == (1, ["a", "b", "c", "d"])


def test_what_waits_for_a_removed_address_is_given_up(desk: Desk, receiver: Receiver) -> None:
    endpoint_id = listen(desk, receiver.url)
    cash(desk, "a", "b")
    receiver.answer(status(500))
    assert told(desk) == Told(failed=1)
    desk.do("remove_webhook_endpoint", HAITAI, endpoint_id=endpoint_id)
    assert told(desk) == Told(given_up=2)  # the one that waits for its retry as well
    assert states(desk) == ["given_up"] * 2
    assert len(receiver.got) == 1


def test_a_notice_is_sent_again_when_the_shop_asks(desk: Desk, receiver: Receiver) -> None:
    listen(desk, receiver.url)
    cash(desk, "order-1")
    told(desk)
    notice_id = receiver.got[0].notice_id
    with receiving() as late:
        late_id = listen(desk, late.url)
        answer = desk.do("resend_notice", HAITAI, notice_id=notice_id, endpoint_id=late_id)
        assert answer == {"notice_id": notice_id, "sent_to": [late_id]}
        assert told(desk) == Told(sent=1)
        desk.do("resend_notice", HAITAI, notice_id=notice_id)
        assert told(desk) == Told(sent=2)
        heard = receiver.got + late.got
        assert (len(receiver.got), len(late.got)) == (2, 2)
        assert {(one.notice_id, one.body) for one in heard} == {(notice_id, receiver.got[0].body)}
        assert late.got[0].verified(signing_secret(desk.world, late_id))


def test_a_shop_never_hears_another_shops_notices(desk: Desk, receiver: Receiver) -> None:
    with receiving() as other:
        listen(desk, receiver.url)
        other_id = listen(desk, other.url, shop=PUJIANG)
        cash(desk, "fridge")
        cash(desk, "car", shop=PUJIANG, sku=CAR)
        assert told(desk) == Told(sent=2)
        assert (references(receiver), references(other)) == (["fridge"], ["car"])
        # Even an order to send it that no flow would make is not carried out.
        payload = {"notice_id": receiver.got[0].notice_id, "endpoint_id": other_id}
        wrong = Message(desk.world.ids.new("mg"), SEND, payload)
        desk.world.store.apply(Effects(messages=(wrong,)))
        assert told(desk) == Told(given_up=1)
        assert len(other.got) == 1


def test_orders_about_nothing_are_marked_and_hold_up_nobody(desk: Desk, receiver: Receiver) -> None:
    endpoint_id = listen(desk, receiver.url)
    lost = ({"notice_id": "nt_no", "endpoint_id": endpoint_id}, {"notice_id": "nt_no"})
    for payload in (lost[0], {**lost[1], "endpoint_id": "we_no"}):
        message = Message(desk.world.ids.new("mg"), SEND, payload)
        desk.world.store.apply(Effects(messages=(message,)))
        desk.time.move(seconds=1)
    cash(desk, "a")
    assert told(desk) == Told(sent=1, given_up=2)
    assert sorted(states(desk)) == ["given_up", "given_up", "sent"]


def test_the_rails_orders_are_none_of_this_jobs_business(desk: Desk, receiver: Receiver) -> None:
    listen(desk, receiver.url)
    loan_id = desk.signed(desk.person(XIAOMAN), session_id=opened(desk))
    desk.do("capture", HAITAI, authorization_id=loan_id)
    assert told(desk) == Told(sent=1)
    assert deliver(desk.world).sent == 1
    assert told(desk) == Told(sent=1)
    assert receiver.types() == ["checkout_session.authorized", "capture.succeeded"]


def test_an_installation_that_is_no_sandbox_sends_nothing_to_its_own_machine(
    desk: Desk, receiver: Receiver
) -> None:
    listen(desk, receiver.url)
    cash(desk, "a")
    row = {"endpoint_id": "we_inside", "entity": "haitai", "url": "https://127.0.0.1/hooks"}
    desk.world.store.apply(
        Effects(rows=(Insert("webhook_endpoint", {**row, "types": [], "disabled_on": None}),))
    )
    cash(desk, "b")
    assert told(desk, HttpWebhooks()).sent == 0
    assert receiver.connections == 0
