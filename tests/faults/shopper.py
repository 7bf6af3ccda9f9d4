"""The load: people who buy on credit, one purchase after another, and the days that pass."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import create_engine, text

from faults.client import Client
from faults.engine import AbandonedError, RefusedError
from sanshi.connectors.sandbox.control import SandboxControl
from sanshi.party.identity import check_digit
from worlds import LENDER

JOB = {"actor_id": "job", "role": "system"}
GOODS = ("HT-FRIDGE-520", "HT-WASHER-10")
DAY_SECONDS = 0.5
_WAIT_SECONDS = 60.0
_WAIT_DAYS = 10
_AGAIN_SECONDS = 0.05


def staff(role: str) -> dict[str, str]:
    """Return someone of the lender's staff."""
    return {"actor_id": f"staff:{role}", "role": role, "entity": LENDER}


def elements(number: int) -> dict[str, str]:
    """Return an invented person（虚构）."""
    born = date(1970, 1, 1) + timedelta(days=number * 37 % 9000)
    body = f"990000{born:%Y%m%d}{number % 900 + 100}"
    return {
        "full_name": "顾" + chr(0x4E00 + number),
        "id_number": body + check_digit(body),
        "mobile": f"161{number + 1000:08d}",
    }


@dataclass(slots=True)
class Mall:
    """What all shoppers share."""

    client: Client
    seed: int
    ended: threading.Event = field(default_factory=threading.Event)
    results: Counter[str] = field(default_factory=Counter)
    failures: list[BaseException] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    people: int = 0
    days: int = 0

    def next_person(self) -> int:
        """Return the number of somebody who was not here before."""
        with self.lock:
            self.people += 1
            return self.people

    def came_to(self, result: str) -> None:
        """Count how a purchase ended."""
        with self.lock:
            self.results[result] += 1


def next_purchase(mall: Mall) -> Purchase:
    """Return the purchase of somebody who was not here before."""
    number = mall.next_person()
    return Purchase(mall, number, random.Random(f"{mall.seed}:{number}"))


def shop(mall: Mall) -> None:
    """Make purchases until the mall closes."""
    try:
        while not mall.ended.is_set():
            try:
                next_purchase(mall).make()
            except RefusedError as refused:
                if refused.code not in {"quote.expired", "application.consent_missing"}:
                    raise
                mall.came_to(refused.code)
    except AbandonedError:
        return
    except BaseException as error:  # noqa: BLE001 - the test's own thread raises it again
        mall.failures.append(error)


class Purchase:
    """One purchase by one person; every command has a key of its own."""

    def __init__(self, mall: Mall, number: int, chance: random.Random) -> None:
        self._mall = mall
        self._number = number
        self._chance = chance
        self._who: dict[str, str] = {"actor_id": "door", "role": "system"}

    def make(self) -> None:
        """Buy, and pay some of it back."""
        loan_id = self.sign()
        if loan_id is not None:
            self._draw(loan_id)
            self._pay(loan_id)
            self._mall.came_to("bought")

    def sign(self) -> str | None:
        """Do everything up to the signed loan; None when the answer is no."""
        answer = self._do("identify", self._who, elements(self._number))
        self._who = {"actor_id": "app", "role": "consumer", "person_id": answer["person_id"]}
        application_id = self._apply()
        decided = self._do("decide_application", staff("risk"), {"application_id": application_id})
        if decided["outcome"] != "approved":
            self._mall.came_to(decided["outcome"])
            return None
        return self._sign(application_id)

    def _do(
        self, flow: str, actor: Mapping[str, str], request: Mapping[str, Any], more: str = ""
    ) -> dict[str, Any]:
        return self._mall.client.do(flow, actor, request, f"{self._number}:{flow}{more}")

    def _apply(self) -> str:
        person_id = self._who["person_id"]
        quote = self._do(
            "quote_purchase",
            self._who,
            {
                "person_id": person_id,
                "merchant": "haitai",
                "sku": self._chance.choice(GOODS),
                "student": False,
                "monthly_income_fen": 2_500_000,
                "monthly_debt_service_fen": 50_000,
                "total_debt_fen": 500_000,
            },
        )
        for purpose in ("credit_report", "housing_fund"):
            agreed = {"person_id": person_id, "purpose": purpose, "recipient": LENDER}
            self._do("grant_consent", self._who, {**agreed, "ticked": True}, purpose)
        request = {
            "quote_id": quote["quote_id"],
            "plan_key": self._chance.choice(quote["plans"])["key"],
            "job_months": 80,
            "device": f"phone-{self._number}",
            "device_tampered": False,
        }
        return str(self._do("apply_for_plan", self._who, request)["application_id"])

    def _sign(self, application_id: str) -> str:
        offer = self._do("offer_contract", self._who, {"application_id": application_id})
        contract = {"contract_id": offer["contract_id"]}
        served = self._do("serve_contract", self._who, contract)
        time.sleep(served["reading_seconds"] / self._mall.client.engine.orders.speed + 0.01)
        confirmed = contract | {"content_hash": served["content_hash"], "confirmed": True}
        signed = self._do("sign_contract", self._who, confirmed)
        return str(signed["loan_id"])

    def _draw(self, loan_id: str) -> None:
        """Have it paid out; when the rail rejects the order, order again."""
        for attempt in range(20):
            self._do("order_disbursement", staff("servicing"), {"loan_id": loan_id}, str(attempt))
            if self._until(loan_id, {"active", "pending", "settled"})["stage"] != "pending":
                return
        raise AssertionError(f"{loan_id} was never paid out")

    def _pay(self, loan_id: str) -> None:
        part = {"purpose": "prepay_shorten", "amount_fen": 20_000 + self._chance.randrange(10_000)}
        what = self._chance.choice(({"purpose": "settle"}, part, part, None))
        if what is not None:
            self._do("pay", self._who, {"loan_id": loan_id, **what})

    def _until(self, loan_id: str, stages: set[str]) -> dict[str, Any]:
        # The rail settles what it only accepted as days pass: on a busy machine they take longer.
        end = time.monotonic() + _WAIT_SECONDS
        last_day = self._mall.days + _WAIT_DAYS
        while True:
            seen = self._mall.client.look("view_loan", self._who, {"loan_id": loan_id})
            if seen["stage"] in stages:
                return seen
            over = time.monotonic() > end and self._mall.days > last_day
            assert not over, f"{loan_id} stays {seen['stage']}: {self._why(loan_id)}"
            time.sleep(_AGAIN_SECONDS)

    def _why(self, loan_id: str) -> str:
        """Say how far its payments and their messages have come: without it nobody can tell."""
        engine = create_engine(self._mall.client.engine.orders.database)
        told = []
        with engine.connect() as connection:
            for statement in (
                (
                    "SELECT p.payment_id, p.kind, s.stage FROM payment p JOIN stream s"
                    " ON s.stream = p.payment_id WHERE p.subject = :loan_id"
                ),
                (
                    "SELECT o.* FROM outbox o JOIN payment p ON o.payload LIKE"
                    " '%' || p.payment_id || '%' WHERE p.subject = :loan_id"
                ),
                (
                    "SELECT count(*), min(next_attempt_at) FROM outbox WHERE status = 'waiting'"
                    " AND :loan_id <> ''"
                ),
            ):
                rows = connection.execute(text(statement), {"loan_id": loan_id})
                told += [tuple(row) for row in rows]
        engine.dispose()
        return repr(told)


@dataclass(slots=True)
class Calendar:
    """The days: one is closed after the other, by commands or by the job, in turn."""

    mall: Mall
    outside: SandboxControl
    today: date
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Let days pass until somebody ends it."""
        try:
            while not self.ended.wait(DAY_SECONDS):
                self.pass_day()
        except AbandonedError:
            return
        except BaseException as error:  # noqa: BLE001 - the test's own thread raises it again
            self.mall.failures.append(error)

    def pass_day(self) -> None:
        """Collect what is due and close the day."""
        client = self.mall.client
        client.job("collect_due", {"entity": LENDER})
        self.outside.settle()  # what the rail has only accepted so far
        day = {"business_date": self.today.isoformat()}
        if self.mall.days % 2:
            client.job("close_day", day)
            self.outside.set_date(self.today + timedelta(days=1))
        else:
            self._close_by_hand(day)
        self.today += timedelta(days=1)
        self.mall.days += 1

    def _close_by_hand(self, day: Mapping[str, str]) -> None:
        self._do("switch_date", day)
        self.outside.set_date(self.today + timedelta(days=1))
        for shard in self._shards():
            self._do("close_shard", {"entity": LENDER, **day, "shard": shard}, f":{shard}")
        self._do("finish_close", {"entity": LENDER, **day})
        self._do("reconcile", {"entity": LENDER, "value_date": self.today.isoformat()})

    def _shards(self) -> list[int]:
        engine = create_engine(self.mall.client.engine.orders.database)
        with engine.connect() as connection:
            statement = text("SELECT shard FROM close_mark WHERE entity = :entity ORDER BY shard")
            shards = [int(row.shard) for row in connection.execute(statement, {"entity": LENDER})]
        engine.dispose()
        return shards

    def _do(self, flow: str, request: Mapping[str, Any], more: str = "") -> None:
        self.mall.client.do(flow, JOB, request, f"{flow}:{self.today}{more}")
