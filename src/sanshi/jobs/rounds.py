"""Rounds: what a serving process does beside answering, over and over until it ends."""

from __future__ import annotations

import threading
import traceback
from collections.abc import Callable

import structlog

from sanshi.flows.entities import entities
from sanshi.flows.world import World
from sanshi.jobs.outbox import deliver, enquire_open
from sanshi.jobs.sweep import sweep
from sanshi.jobs.webhooks import Send, deliver_notices

PAUSE_SECONDS = 0.2
"""How long a message waits at most before somebody looks."""
ROUNDS_PER_ENQUIRY = 50
ROUNDS_PER_SWEEP = 300

log = structlog.get_logger()


class Rounds:
    """Threads that send what waits, ask what became of it, and sweep up."""

    def __init__(self, world: World, send: Send) -> None:
        """Work on a world; `send` brings a notice to a shop."""
        self._world = world
        self._send = send
        self._ended = threading.Event()
        self._threads = tuple(
            threading.Thread(target=self._run, args=(work,), name=work.__name__, daemon=True)
            for work in (self._rail, self._enquiries, self._sweep, self._shops)
        )

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish the round and end."""
        self._ended.set()
        for thread in self._threads:
            thread.join()

    def _run(self, work: Callable[[int], None]) -> None:
        number = 0
        while not self._ended.wait(PAUSE_SECONDS):
            number += 1
            try:
                work(number)
            except Exception as error:  # noqa: BLE001 - one bad round must not be the last
                # A traceback with its values would print people's data; the place is enough.
                place = traceback.extract_tb(error.__traceback__)[-1]
                log.error(  # noqa: TRY400 - as above
                    "round_failed",
                    work=work.__name__,
                    error=type(error).__name__,
                    at=f"{place.filename}:{place.lineno}",
                )

    def _rail(self, _number: int) -> None:
        deliver(self._world)

    def _enquiries(self, number: int) -> None:
        if number % ROUNDS_PER_ENQUIRY == 0:
            for entity in entities(self._world):
                enquire_open(self._world, entity)

    def _sweep(self, number: int) -> None:
        if number % ROUNDS_PER_SWEEP == 0:
            sweep(self._world)

    def _shops(self, _number: int) -> None:
        deliver_notices(self._world, self._send)
