"""The credit bureau 征信机构 and public data 公共数据: invented answers, each query on record.

The invented persons（虚构） have fixed personas. Anybody else with a valid identity number gets
values drawn by SHA-256 from that number, within `RANGES`: the same number, the same values,
in every sandbox. Some have no credit history and some no public record. Mortgages are left out.
Asking changes no value: a query does not count among `inquiries_6m`.

    POST /bureau/report · /public-data/query   {full_name, id_number, consent_id}
    POST /bureau/people   {id_number: {feature: value}}: values instead of a person's own; null
                          leaves one out; {} gives the person's own back
    GET  /bureau/queries  the record: which source, by which consent, in order of time

Faults at `bureau` and `public_data`: timeout_before and http_500 leave no record of the query;
timeout_after, late and garbled do.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

import structlog
from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response

from sanshi.connectors.bureau import CREDIT_FEATURES, NO_RECORD, OWN_STATEMENT, PUBLIC_FEATURES
from sanshi.connectors.sandbox.book import Book, get_state
from sanshi.connectors.sandbox.faults import Fault, Faults
from sanshi.connectors.sandbox.messages import Body
from sanshi.connectors.sandbox.messages import Person as Element
from sanshi.connectors.sandbox.persons import PERSONS
from sanshi.decision.features import Value
from sanshi.decision.vocabulary import FEATURES
from sanshi.kernel.dates import age_on
from sanshi.kernel.errors import ForbiddenError, InputError, UnavailableError
from sanshi.kernel.ids import check_id
from sanshi.party.identity import check_id_number, normal_id_number, normal_name

Values = Mapping[str, Value]
SourceName = Literal["bureau", "public_data"]
Persona = Mapping[SourceName, Values]
"""What each source tells of one invented person（虚构）."""

RANGES: Mapping[str, tuple[int, int]] = {
    "current_dpd_days": (0, 120),
    "max_dpd_12m_days": (0, 120),
    "inquiries_6m": (0, 14),
    "live_loans": (0, 7),
    "oldest_account_months": (0, 240),
    "utilisation_ppm": (0, 950_000),
    "monthly_debt_service_fen": (0, 2_394_000),
    "total_debt_fen": (0, 86_184_000),
    "verified_income_fen": (350_000, 3_800_000),
    "housing_fund_months": (0, 240),
}
"""What drawn values lie within. Each live loan takes 2 to 9 % of income a month and has 3 to 36
months to run. Nobody has a longer history, or paid longer into the housing fund 公积金, than the
years since turning 18; from 60 on income is a pension."""

_INCOME_STEP_FEN = 10_000
_ADULT_AGE = 18
_PENSION_MONTHS = (60 - _ADULT_AGE) * 12
_EVIDENCE = ("tax", "tax", "tax", "payroll", "payroll", "bank_statement")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS data_queries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL, consent_id TEXT NOT NULL, as_of TEXT NOT NULL, found INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS data_people (
    person TEXT PRIMARY KEY, told TEXT NOT NULL
) STRICT;
"""
"""A query's row names the consent, never the person."""

log = structlog.get_logger()


_REPORT = (
    "current_dpd_days",
    "max_dpd_12m_days",
    "inquiries_6m",
    "live_loans",
    "oldest_account_months",
    "utilisation_ppm",
    "total_debt_fen",
    "monthly_debt_service_fen",
)


def _credit(*numbers: int | None) -> Values:
    """Write a report in the order of `_REPORT`; None: there is nothing this could be told of."""
    rows = zip(_REPORT, numbers, strict=True)
    return {name: number for name, number in rows if number is not None}


def _public(evidence: str, income_fen: int, fund_months: int) -> Values:
    return {
        "income_evidence": evidence,
        "verified_income_fen": income_fen,
        "housing_fund_months": fund_months,
    }


def _persona(credit: Values, public: Values) -> Persona:
    return {"bureau": credit, "public_data": public}


_NO_HISTORY = _credit(0, 0, 0, 0, 0, None, 0, 0)
"""A person without any credit limit uses no share of one: that stays empty, the rest is nought."""

_BY_NAME: Mapping[str, Persona] = {
    # Clean and well able to pay.
    "林小满": _persona(
        _credit(0, 0, 1, 1, 96, 180_000, 1_800_000, 120_000), _public("tax", 1_850_000, 74)
    ),
    # A good income of which 41.9 % is spoken for: a small instalment fits, a large one does not.
    "周立夏": _persona(
        _credit(0, 0, 4, 5, 142, 620_000, 24_000_000, 1_090_000), _public("tax", 2_600_000, 118)
    ),
    # A young student: no history, no limit that could be used, no public record.
    "陈白露": _persona(_NO_HISTORY, {}),
    # A pensioner: the pension shows on the bank statement; hardly any debt.
    "沈谷雨": _persona(
        _credit(0, 0, 0, 1, 160, 50_000, 600_000, 50_000), _public("bank_statement", 760_000, 0)
    ),
    # Past due now, a short history, no public record.
    "许惊蛰": _persona(_credit(45, 62, 11, 2, 14, 960_000, 4_860_000, 231_000), {}),
    # Spotless, so that the sanctions list alone speaks against the name.
    "欧阳无名": _persona(
        _credit(0, 0, 0, 0, 200, 100_000, 0, 0), _public("payroll", 2_000_000, 200)
    ),
}

PERSONAS: Mapping[str, Persona] = {p.id_number: _BY_NAME[p.full_name] for p in PERSONS}
"""The personas by identity number."""

_NAMES = {person.id_number: normal_name(person.full_name) for person in PERSONS}


@dataclass(frozen=True, slots=True)
class _Draws:
    """Numbers that look random and follow from an identity number alone."""

    number: str

    def between(self, what: str, low: int, high: int) -> int:
        """Draw evenly; each `what` is a draw of its own."""
        drawn = hashlib.sha256(f"{self.number}|{what}".encode()).digest()
        return low + int.from_bytes(drawn[:8]) % (high - low + 1)

    def rather_low(self, what: str, low: int, high: int) -> int:
        """Draw twice and keep the lower."""
        return min(self.between(f"{what}.{i}", low, high) for i in (1, 2))

    def one_in(self, what: str, count: int) -> bool:
        """Say yes to one number in so many."""
        return self.between(what, 1, count) == 1

    def within_range(self, name: str, low: int | None = None) -> int:
        """Draw a feature rather low within its range, or from `low`."""
        least, most = RANGES[name]
        return self.rather_low(name, least if low is None else low, most)


def person_values(source: SourceName, id_number: str, as_of: date) -> Values:
    """Return what a source tells of a person by itself; InputError for a malformed number."""
    checked = check_id_number(id_number)
    if checked.birth_date is None:
        raise InputError(
            "bureau.id_number",
            f"This is no identity number ({checked.reason_code}).",
            field="id_number",
            fix="Check the number; it has 18 characters.",
        )
    number = normal_id_number(id_number)
    if number in PERSONAS:
        return PERSONAS[number][source]
    adult_months = (age_on(checked.birth_date, as_of) - _ADULT_AGE) * 12
    drawn = _drawn_credit if source == "bureau" else _drawn_public
    return drawn(_Draws(number), adult_months)


def _drawn_credit(draws: _Draws, adult_months: int) -> Values:
    if adult_months < 1 or draws.one_in("no_history", 12):
        return _NO_HISTORY
    overdue = draws.between("overdue", 1, 120) if draws.one_in("overdue_now", 12) else 0
    past = draws.between("past", 1, 60) if draws.one_in("overdue_once", 6) else 0
    loans = max(draws.within_range("live_loans"), 1 if overdue else 0)
    monthly_fen = _income_fen(draws) * draws.between("share_percent", 2, 9) * loans // 100
    return _credit(
        overdue,
        max(overdue, past),
        draws.within_range("inquiries_6m"),
        loans,
        min(draws.within_range("oldest_account_months", 1), adult_months),
        draws.within_range("utilisation_ppm"),
        monthly_fen * draws.between("months_to_run", 3, 36),
        monthly_fen,
    )


def _drawn_public(draws: _Draws, adult_months: int) -> Values:
    if adult_months < 1 or draws.one_in("no_public_record", 5):
        return {}
    if adult_months >= _PENSION_MONTHS:
        return _public("bank_statement", _income_fen(draws), 0)
    evidence = _EVIDENCE[draws.between("income_evidence", 0, len(_EVIDENCE) - 1)]
    fund_months = min(draws.within_range("housing_fund_months"), adult_months)
    return _public(evidence, _income_fen(draws), fund_months)


def _income_fen(draws: _Draws) -> int:
    low, high = RANGES["verified_income_fen"]
    steps = draws.rather_low("income", low // _INCOME_STEP_FEN, high // _INCOME_STEP_FEN)
    return steps * _INCOME_STEP_FEN


class QueryBody(Body):
    """A query; the consent is checked by hand, because to lack it is forbidden, not malformed."""

    full_name: Element
    id_number: Element
    consent_id: object = None


@dataclass(frozen=True, slots=True)
class Told:
    """What a source would say, and the fault that befalls the saying."""

    reference: str
    as_of: str
    values: Values
    fault: Fault | None


class Desk:
    """Both sources over the sandbox's book."""

    def __init__(self, book: Book, rolls: Faults) -> None:
        """Make the tables where they are not there yet."""
        self._book = book
        self._faults = rolls
        with book.write() as db:
            for statement in filter(str.strip, _SCHEMA.split(";")):
                db.execute(statement)  # not executescript, which would commit on its own

    def ask(self, source: SourceName, body: QueryBody) -> Told:
        """Answer a query and put it on record, unless a fault keeps it from arriving."""
        consent_id = _consent(body.consent_id)
        with self._book.write() as db:
            as_of = _today(db)
            values = _told(db, source, body, as_of)
            fault = self._faults.draw(db, source)
            if fault is not None and fault.kind in {"timeout_before", "http_500"}:
                return Told("", as_of, {}, fault)
            seq = db.execute(
                "INSERT INTO data_queries (source, consent_id, as_of, found) VALUES (?, ?, ?, ?)",
                (source, consent_id, as_of, bool(values)),
            ).lastrowid
        return Told(f"{source}_{seq:010d}", as_of, values, fault)

    def queries(self) -> list[dict[str, object]]:
        """Return the record, oldest first."""
        with self._book.write() as db:
            return [dict(row) for row in db.execute("SELECT * FROM data_queries ORDER BY seq")]

    def set_people(self, people: Mapping[str, object]) -> int:
        """Set what the sources tell of some persons instead; says of how many."""
        checked = [_override(at, *item) for at, item in enumerate(people.items(), 1)]
        with self._book.write() as db:
            db.executemany(
                "INSERT INTO data_people VALUES (?, ?) ON CONFLICT (person)"
                " DO UPDATE SET told = excluded.told",
                checked,
            )
        return len(checked)


def add_routes(
    app: FastAPI, book: Book, rolls: Faults, failure: Callable[[Fault | None], Response | None]
) -> None:
    """Add both sources to the sandbox; `failure` turns a fault into its answer."""
    desk = Desk(book, rolls)

    def say(source: SourceName, body: QueryBody) -> Response:
        told = desk.ask(source, body)
        # No name, no number: the consent leads back to the person for those who may know.
        log.info(
            source,
            reference=told.reference,
            found=bool(told.values),
            fault="" if told.fault is None else told.fault.kind,
        )
        return failure(told.fault) or _answer(told)

    @app.post("/bureau/report")
    def report(body: QueryBody) -> Response:
        return say("bureau", body)

    @app.post("/public-data/query")
    def public_data(body: QueryBody) -> Response:
        return say("public_data", body)

    @app.post("/bureau/people")
    def people(body: dict[str, object]) -> dict[str, int]:
        return {"people": desk.set_people(body)}

    @app.get("/bureau/queries")
    def queries() -> list[dict[str, object]]:
        return desk.queries()


def _answer(told: Told) -> Response:
    base = {"reference": told.reference, "as_of": told.as_of}
    if told.values:
        return JSONResponse({**base, "values": dict(told.values)})
    problem = {"code": NO_RECORD, "message": "There is no record.", "field": "", "fix": ""}
    return JSONResponse({**base, **problem}, 404, media_type="application/problem+json")


def _consent(text: object) -> str:
    """Return a well-formed consent id; the error never repeats what was sent in its place."""
    try:
        return check_id(text if isinstance(text, str) else "", "cn", "consent_id")
    except InputError:
        raise ForbiddenError(
            "bureau.consent",
            "A query needs the person's consent.",
            field="consent_id",
            fix="Name the id of the consent; it starts with cn_.",
        ) from None


def _today(db: sqlite3.Connection) -> str:
    today = get_state(db, "value_date")
    if today is None:
        raise UnavailableError(
            "bureau.no_date",
            "The sandbox has no value date yet.",
            field="date",
            fix="POST /rail/date first, or start it with --date.",
        )
    return today


def _told(db: sqlite3.Connection, source: SourceName, body: QueryBody, as_of: str) -> Values:
    """Return a person's values with what was set instead; none under another's name."""
    own = person_values(source, body.id_number, date.fromisoformat(as_of))
    number = normal_id_number(body.id_number)
    if _NAMES.get(number, normal_name(body.full_name)) != normal_name(body.full_name):
        return {}
    row = db.execute("SELECT told FROM data_people WHERE person = ?", (_digest(number),)).fetchone()
    override = {} if row is None else json.loads(row["told"])
    names = CREDIT_FEATURES if source == "bureau" else PUBLIC_FEATURES
    merged = {**own, **{name: override[name] for name in names & set(override)}}
    return {name: value for name, value in merged.items() if value is not None}


def _override(at: int, id_number: str, values: object) -> tuple[str, str]:
    """Return a person's row; errors name the place in the list, never the number."""
    if not check_id_number(id_number).valid or not isinstance(values, dict):
        raise InputError(
            "bureau.people",
            f"Entry {at} is no valid identity number with its values.",
            field="people",
            fix="Send {id_number: {feature: value}}.",
        )
    for name, value in values.items():
        _check_override(at, name, value)
    return _digest(normal_id_number(id_number)), json.dumps(values)


def _check_override(at: int, name: str, value: object) -> None:
    if name not in CREDIT_FEATURES | PUBLIC_FEATURES:
        known = ", ".join(sorted(CREDIT_FEATURES | PUBLIC_FEATURES))
        raise InputError(
            "bureau.feature",
            f"Entry {at} names a feature that neither source tells.",
            field="people",
            fix=f"Use: {known}.",
        )
    fault = "" if value is None else FEATURES[name].fault(value)
    if fault or value == OWN_STATEMENT:
        raise InputError(
            "bureau.value",
            f"Entry {at} gives {name} a value it cannot have ({fault or OWN_STATEMENT}).",
            field=name,
            fix="Keep to the feature's type, range and codes; null leaves it out.",
        )


def _digest(number: str) -> str:
    """Keep numbers out of the file in clear; these people are invented, so no key is needed."""
    return hashlib.sha256(f"{number}|person".encode()).hexdigest()
