"""The outbox never sends blind: killed between sending and hearing, it asks before all else."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from faults.rail_log import entries, talk_about
from faults.shopper import next_purchase, staff
from faults.siege import Siege, besieged
from sanshi.wiring import Content


def ordered(siege: Siege) -> tuple[str, str]:
    """Order the disbursement of a signed loan; returns the loan and the payment."""
    while (loan_id := next_purchase(siege.mall).sign()) is None:
        pass
    order = {"loan_id": loan_id}
    answer = siege.client.do("order_disbursement", staff("servicing"), order, "the order")
    return loan_id, answer["payment_id"]


def paid_out(siege: Siege, loan_id: str) -> bool:
    seen = siege.client.look("view_loan", staff("servicing"), {"loan_id": loan_id})
    return bool(seen["stage"] == "active")


def attempts(url: str) -> int:
    """Return how often the one message was claimed, as another process sees it."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as db:
        [(number,)] = db.execute("SELECT attempts FROM outbox").fetchall()
    return int(number)


def test_killed_while_the_rail_held_its_answer_it_asks_and_does_not_send_again(
    database_url: str, tmp_path: Path, nursery: Path, content: Content
) -> None:
    with besieged(database_url, tmp_path, nursery, content, seed=4) as siege:
        siege.outside.queue_fault("submit", "late", hold_ms=5000)
        log = siege.rail.log_path
        loan_id, payment_id = ordered(siege)
        siege.wait_for(lambda: any(entry.get("fault") == "late" for entry in entries(log)))
        siege.engine.kill()
        siege.engine.start()
        siege.wait_for(lambda: paid_out(siege, loan_id))
        time.sleep(0.5)  # a round of the sender, and then some
        assert talk_about(log, payment_id) == ["submit", "enquire"]


def test_killed_before_the_rail_read_it_it_asks_and_sends_when_it_never_arrived(
    sqlite_url: str, tmp_path: Path, nursery: Path, content: Content
) -> None:
    with besieged(sqlite_url, tmp_path, nursery, content, seed=5) as siege:
        while (loan_id := next_purchase(siege.mall).sign()) is None:
            pass
        os.kill(siege.rail.pid, signal.SIGSTOP)  # it takes connections and reads nothing
        order = {"loan_id": loan_id}
        answer = siege.client.do("order_disbursement", staff("servicing"), order, "the order")
        siege.wait_for(lambda: attempts(sqlite_url) == 1)
        siege.engine.kill()
        siege.rail.kill()  # and with it what it had not read
        log = siege.rail.log_path
        assert talk_about(log, answer["payment_id"]) == []
        siege.rail.start()
        siege.engine.orders = replace(siege.engine.orders, outside_url=siege.rail.base_url)
        siege.engine.start()
        siege.wait_for(lambda: paid_out(siege, loan_id))
        assert talk_about(log, answer["payment_id"]) == ["enquire", "submit"]
