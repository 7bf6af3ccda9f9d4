"""Several workers at once, workers that die, addresses that go: no notice twice, none lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any, cast

import pytest

from jobs.shop import HAITAI, SENDER, cash, later, listen, references, told
from receiver import Receiver
from sanshi.jobs.webhooks import CLAIM, Told, deliver_notices
from sanshi.ports import Letter, ShopAnswer, Store
from worlds import Desk


def test_an_address_removed_in_the_middle_of_its_turn_hears_no_more(
    desk: Desk, receiver: Receiver
) -> None:
    endpoint_id = listen(desk, receiver.url)
    cash(desk, "a", "b")

    def send(letter: Letter) -> ShopAnswer:
        desk.do("remove_webhook_endpoint", HAITAI, endpoint_id=endpoint_id)
        return SENDER.send(letter)

    assert deliver_notices(desk.world, send) == Told(sent=1, given_up=1)
    assert references(receiver) == ["a"]


def test_two_workers_at_once_send_once(desk: Desk, receiver: Receiver) -> None:
    listen(desk, receiver.url)
    orders = [f"order-{number}" for number in range(8)]
    cash(desk, *orders)
    start = threading.Barrier(4)

    def work() -> Told:
        start.wait()
        return told(desk)

    with ThreadPoolExecutor(4) as pool:
        rounds = [future.result() for future in [pool.submit(work) for _ in range(4)]]
    while (rest := told(desk)).sent:
        rounds.append(rest)
    assert sum(one.sent for one in rounds) == len(orders)
    assert references(receiver) == orders


def test_a_second_worker_neither_repeats_nor_overtakes(desk: Desk, receiver: Receiver) -> None:
    listen(desk, receiver.url)
    cash(desk, "a", "b")
    others = []

    def send(letter: Letter) -> ShopAnswer:
        others.append(told(desk))
        return SENDER.send(letter)

    assert deliver_notices(desk.world, send) == Told(sent=2)
    assert others == [Told(), Told()]
    assert references(receiver) == ["a", "b"]


class Before:
    """The real store; something happens just before the first change."""

    def __init__(self, store: Store, happens: Callable[[], object]) -> None:
        self._store = store
        self._happens = [happens]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the store has
        if name == "apply" and self._happens:
            self._happens.pop()()
        return getattr(self._store, name)


def test_whoever_lost_the_race_for_a_message_leaves_the_shop_alone(
    desk: Desk, receiver: Receiver
) -> None:
    """Another worker sends the first message just after this one has read what waits."""
    listen(desk, receiver.url)
    cash(desk, "a", "b")
    others = []

    def other_worker() -> None:
        others.append(deliver_notices(desk.world, SENDER.send, limit=1))

    store = cast("Store", Before(desk.world.store, other_worker))
    assert deliver_notices(replace(desk.world, store=store), SENDER.send) == Told()
    assert others == [Told(sent=1)]
    assert told(desk) == Told(sent=1)
    assert references(receiver) == ["a", "b"]


def test_a_worker_that_dies_in_the_middle_leaves_its_message_to_the_next(
    desk: Desk, receiver: Receiver
) -> None:
    listen(desk, receiver.url)
    cash(desk, "a", "b")

    def die(_letter: Letter) -> ShopAnswer:
        raise SystemExit

    with pytest.raises(SystemExit):
        deliver_notices(desk.world, die)
    assert told(desk) == Told()  # nobody knows yet that it died
    later(desk, CLAIM)
    assert told(desk) == Told(sent=2)
    assert references(receiver) == ["a", "b"]
