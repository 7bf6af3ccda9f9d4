"""A running bureau for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx

from sanshi.connectors.bureau import HttpBureau
from sanshi.connectors.process import SandboxProcess
from sanshi.connectors.sandbox.control import SandboxControl
from sanshi.connectors.sandbox.data import SourceName
from sanshi.connectors.sandbox.persons import PERSONS
from sanshi.connectors.sandbox.wire import SECRET_HEADER
from sanshi.kernel.ids import RANDOM_BYTES, make_id
from sanshi.party.identity import check_digit
from sanshi.ports import Report

DAY = date(2026, 11, 22)
CONSENT = make_id("cn", datetime(2026, 11, 22, tzinfo=UTC), bytes(RANDOM_BYTES))
ID_NUMBERS = {person.full_name: person.id_number for person in PERSONS}
PATHS: dict[SourceName, str] = {"bureau": "/bureau/report", "public_data": "/public-data/query"}
SOURCES: list[SourceName] = ["bureau", "public_data"]


def id_number_of(born: date, order: int) -> str:
    body = f"990001{born:%Y%m%d}{order:03d}"
    return body + check_digit(body)


STRANGERS = [id_number_of(date(1950, 1, 1) + timedelta(days=97 * n), n % 1000) for n in range(250)]
STRANGER = next(number for number in STRANGERS[150:] if number.endswith("X"))


@dataclass
class Desk:
    bureau: HttpBureau
    control: SandboxControl
    process: SandboxProcess
    client: httpx.Client
    folder: Path

    def ask(self, source: SourceName, name: str, id_number: str = "") -> Report:
        query = self.bureau.credit_report if source == "bureau" else self.bureau.public_data
        number = id_number or ID_NUMBERS[name]
        return query(full_name=name, id_number=number, consent_id=CONSENT)

    def post(self, path: str, body: object) -> httpx.Response:
        return self.client.post(path, json=body)

    def queries(self) -> list[dict[str, object]]:
        found: list[dict[str, object]] = self.client.get("/bureau/queries").json()
        return found

    def set_people(self, people: dict[str, dict[str, object]]) -> None:
        assert self.post("/bureau/people", people).json() == {"people": len(people)}


@contextmanager
def open_desk(process: SandboxProcess, folder: Path) -> Iterator[Desk]:
    bureau = HttpBureau(process.base_url, process.secret, timeout_seconds=10)
    control = SandboxControl(process.base_url, process.secret)
    headers = {SECRET_HEADER: process.secret}
    with httpx.Client(base_url=process.base_url, headers=headers, trust_env=False) as client:
        yield Desk(bureau, control, process, client, folder)
    bureau.close()
    control.close()
