"""The credit bureau and public data as their own process: who is told what, and what is kept."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshi.connectors.bureau import CREDIT_FEATURES, PUBLIC_FEATURES, HttpBureau
from sanshi.connectors.process import SandboxPlan, SandboxProcess, running_sandbox
from sanshi.connectors.sandbox.control import SandboxControl
from sanshi.connectors.sandbox.data import PERSONAS, RANGES, SourceName, person_values
from sanshi.connectors.sandbox.faults import FaultKind
from sanshi.connectors.sandbox.persons import PERSONS
from sanshi.connectors.sandbox.wire import SECRET_HEADER
from sanshi.decision.affordability import AffordabilityPolicy, assess
from sanshi.decision.vocabulary import FEATURES, INCOME_EVIDENCE
from sanshi.kernel.errors import UnavailableError
from sanshi.kernel.ids import RANDOM_BYTES, make_id
from sanshi.party.identity import check_digit
from sanshi.ports import Bureau, Report

_DAY = date(2026, 11, 22)
_CONSENT = make_id("cn", datetime(2026, 11, 22, tzinfo=UTC), bytes(RANDOM_BYTES))
_ID_NUMBERS = {person.full_name: person.id_number for person in PERSONS}
_PATHS: dict[SourceName, str] = {"bureau": "/bureau/report", "public_data": "/public-data/query"}
_SOURCES: list[SourceName] = ["bureau", "public_data"]


def _id_number(born: date, order: int) -> str:
    body = f"990001{born:%Y%m%d}{order:03d}"
    return body + check_digit(body)


_STRANGERS = [_id_number(date(1950, 1, 1) + timedelta(days=97 * n), n % 1000) for n in range(250)]
_STRANGER = _STRANGERS[160]


@dataclass
class Desk:
    bureau: HttpBureau
    control: SandboxControl
    process: SandboxProcess
    client: httpx.Client
    folder: Path

    def ask(self, source: SourceName, name: str, id_number: str = "") -> Report:
        query = self.bureau.credit_report if source == "bureau" else self.bureau.public_data
        number = id_number or _ID_NUMBERS[name]
        return query(full_name=name, id_number=number, consent_id=_CONSENT)

    def post(self, path: str, body: object) -> httpx.Response:
        return self.client.post(path, json=body)

    def queries(self) -> list[dict[str, object]]:
        found: list[dict[str, object]] = self.client.get("/bureau/queries").json()
        return found

    def set_people(self, people: dict[str, dict[str, object]]) -> None:
        assert self.post("/bureau/people", people).json() == {"people": len(people)}


@contextmanager
def _desk(process: SandboxProcess, folder: Path) -> Iterator[Desk]:
    bureau = HttpBureau(process.base_url, process.secret, timeout_seconds=10)
    control = SandboxControl(process.base_url, process.secret)
    headers = {SECRET_HEADER: process.secret}
    with httpx.Client(base_url=process.base_url, headers=headers, trust_env=False) as client:
        yield Desk(bureau, control, process, client, folder)
    bureau.close()
    control.close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("bureau")
    plan = SandboxPlan(folder, value_date=_DAY)
    with running_sandbox(plan) as process, _desk(process, folder) as made:
        yield made


def _policy(limit_ppm: int) -> AffordabilityPolicy:
    return AffordabilityPolicy(
        id="house",
        version=1,
        counted_income_ppm=dict.fromkeys(INCOME_EVIDENCE, 1_000_000),
        debt_service_limit_ppm=limit_ppm,
        refer_above_ppm=limit_ppm,
    )


def _whole(desk: Desk, name: str) -> dict[str, int | bool | str]:
    return {**desk.ask("bureau", name).values, **desk.ask("public_data", name).values}


def test_clean_and_well_able_to_pay(desk: Desk) -> None:
    port: Bureau = desk.bureau
    told = port.credit_report(
        full_name="林小满", id_number=_ID_NUMBERS["林小满"], consent_id=_CONSENT
    )
    assert told.as_of == _DAY
    assert told.reference
    assert set(told.values) == CREDIT_FEATURES
    values = _whole(desk, "林小满")
    assert values["max_dpd_12m_days"] == 0
    assert values["income_evidence"] == "tax"
    assert _share(values) < 0.1
    assert desk.ask("public_data", "林小满").values.keys() == PUBLIC_FEATURES


@pytest.mark.parametrize("limit_ppm", [450_000, 500_000, 550_000])
def test_several_loans_leave_room_for_a_small_instalment_alone(desk: Desk, limit_ppm: int) -> None:
    values = _whole(desk, "周立夏")
    assert int(values["live_loans"]) >= 4
    assert int(values["verified_income_fen"]) >= 2_000_000
    assert values["current_dpd_days"] == values["max_dpd_12m_days"] == 0
    headroom_fen = assess(values, 500_000, _policy(limit_ppm)).headroom_fen
    assert headroom_fen is not None
    assert 60_000 < headroom_fen < 500_000


def test_a_student_without_history_has_nothing_to_show(desk: Desk) -> None:
    report = desk.ask("bureau", "陈白露").values
    assert set(report.values()) == {0}
    assert report.keys() == CREDIT_FEATURES - {"utilisation_ppm"}, "no limit, no share of it"
    assert desk.ask("public_data", "陈白露").values == {}


def test_a_pensioner_with_a_moderate_income_and_little_debt(desk: Desk) -> None:
    values = _whole(desk, "沈谷雨")
    assert 400_000 < int(values["verified_income_fen"]) < 1_000_000
    assert values["income_evidence"] == "bank_statement"
    assert values["housing_fund_months"] == 0
    assert _share(values) < 0.1
    assert int(values["total_debt_fen"]) < int(values["verified_income_fen"])


def test_past_due_now_and_little_history(desk: Desk) -> None:
    values = desk.ask("bureau", "许惊蛰").values
    assert 30 < int(values["current_dpd_days"]) <= int(values["max_dpd_12m_days"])
    assert int(values["oldest_account_months"]) < 24
    assert desk.ask("public_data", "许惊蛰").values == {}


def test_a_listed_name_has_no_other_fault(desk: Desk) -> None:
    values = _whole(desk, "欧阳无名")
    assert values["max_dpd_12m_days"] == values["live_loans"] == values["total_debt_fen"] == 0
    assert int(values["verified_income_fen"]) > 1_000_000


def _share(values: dict[str, int | bool | str]) -> float:
    return int(values["monthly_debt_service_fen"]) / int(values["verified_income_fen"])


@pytest.mark.parametrize("name", _ID_NUMBERS)
def test_a_persona_is_told_by_its_own_name_alone(desk: Desk, name: str) -> None:
    for source in _SOURCES:
        assert desk.ask(source, name).values == PERSONAS[_ID_NUMBERS[name]][source]
        assert desk.ask(source, "戚未名", _ID_NUMBERS[name]).values == {}


@pytest.mark.parametrize("id_number", [*_ID_NUMBERS.values(), *_STRANGERS[::5]])
def test_values_lie_within_what_their_features_allow(desk: Desk, id_number: str) -> None:
    names = {number: name for name, number in _ID_NUMBERS.items()}
    for source in _SOURCES:
        # Asked past the connector, which would refuse what its feature does not allow.
        asked = {"full_name": names.get(id_number, "戚未名"), "id_number": id_number}
        answer = desk.post(_PATHS[source], {**asked, "consent_id": _CONSENT})
        values = answer.json().get("values", {})
        assert answer.status_code == (200 if values else 404)
        assert values.keys() <= (CREDIT_FEATURES if source == "bureau" else PUBLIC_FEATURES)
        for name, value in values.items():
            assert FEATURES[name].fault(value) == ""
        assert values.get("income_evidence") != "declared"


_BIRTHDAYS = st.dates(date(1930, 1, 1), date(2026, 11, 22))


@given(_BIRTHDAYS, st.integers(0, 999), st.dates(_DAY, date(2030, 12, 31)))
def test_drawn_values_keep_their_ranges_and_do_not_contradict_each_other(
    born: date, order: int, day: date
) -> None:
    number = _id_number(born, order)
    credit = dict(person_values("bureau", number, day))
    public = dict(person_values("public_data", number, day))
    for name, value in (credit | public).items():
        if name != "income_evidence":
            low, high = RANGES[name]
            assert low <= int(value) <= high
            assert FEATURES[name].low <= low <= high <= FEATURES[name].high
    assert int(credit["current_dpd_days"]) <= int(credit["max_dpd_12m_days"])
    assert bool(credit["live_loans"]) == bool(credit["total_debt_fen"])
    assert bool(credit["live_loans"]) == bool(credit["monthly_debt_service_fen"])
    assert int(credit["total_debt_fen"]) >= 3 * int(credit["monthly_debt_service_fen"])
    assert credit["live_loans"] or not credit["current_dpd_days"], "only a debt is past due"
    adult_months = max(0, (day.year - born.year - 18) * 12)
    assert int(credit["oldest_account_months"]) <= adult_months
    assert int(public.get("housing_fund_months", 0)) <= adult_months
    assert adult_months or not public


def test_the_drawn_population_is_mixed() -> None:
    numbers = [_id_number(date(1980, 1, 1) + timedelta(days=n), n % 1000) for n in range(4800)]
    credit = [person_values("bureau", number, _DAY) for number in numbers]
    public = [person_values("public_data", number, _DAY) for number in numbers]
    # Expected 400, 960, 367 (one in twelve of those with a history); 4 standard deviations.
    assert abs(sum("utilisation_ppm" not in c for c in credit) - 400) < 77
    assert abs(sum(not p for p in public) - 960) < 111
    assert abs(sum(c["current_dpd_days"] != 0 for c in credit) - 367) < 74
    assert {p["income_evidence"] for p in public if p} == set(INCOME_EVIDENCE) - {"declared"}
    assert {c["live_loans"] for c in credit} == set(range(8))


def test_the_same_number_gets_the_same_values_in_every_sandbox(desk: Desk, tmp_path: Path) -> None:
    plan = SandboxPlan(tmp_path, value_date=_DAY, seed=99)
    with running_sandbox(plan) as process, _desk(process, tmp_path) as other:
        for number in _STRANGERS[::25]:
            for source in _SOURCES:
                told = desk.ask(source, "戚未名", number).values
                assert other.ask(source, "另一名", number).values == told
                assert desk.ask(source, "戚未名", number).values == told
    reports = {str(desk.ask("bureau", "戚未名", n).values) for n in _STRANGERS[::25]}
    assert len(reports) > 6, "different numbers, different values"


def test_a_number_is_one_however_it_is_written(desk: Desk) -> None:
    ends_in_x = next(number for number in _STRANGERS if number.endswith("X"))
    told = desk.ask("bureau", "戚未名", ends_in_x).values
    wide = "".join(chr(ord(char) + 0xFEE0) for char in ends_in_x)
    for written in (ends_in_x.lower(), f" {ends_in_x[:6]} {ends_in_x[6:]}", wide):
        assert desk.ask("bureau", "戚未名", written).values == told


def test_the_day_is_the_rails(tmp_path: Path) -> None:
    with running_sandbox(SandboxPlan(tmp_path)) as process, _desk(process, tmp_path) as desk:
        with pytest.raises(UnavailableError, match=r"bureau\.no_answer"):
            desk.ask("bureau", "林小满")
        for day in (_DAY, _DAY + timedelta(days=40)):
            desk.control.set_date(day)
            assert desk.ask("bureau", "林小满").as_of == day
            assert desk.ask("public_data", "陈白露").as_of == day
        assert [row["as_of"] for row in desk.queries()] == ["2026-11-22"] * 2 + ["2027-01-01"] * 2


_NO_CONSENT = [None, "", "cn_", "cn_1", _CONSENT[:-1], _CONSENT + "0", f"ln{_CONSENT[2:]}",
               _CONSENT.upper(), _ID_NUMBERS["林小满"], 7, [_CONSENT]]  # fmt: skip


@pytest.mark.parametrize("source", _SOURCES)
@pytest.mark.parametrize("consent", _NO_CONSENT)
def test_without_a_well_formed_consent_nothing_is_told(
    desk: Desk, source: SourceName, consent: object
) -> None:
    before = desk.queries()
    body = {"full_name": "林小满", "id_number": _ID_NUMBERS["林小满"], "consent_id": consent}
    answers = [desk.post(_PATHS[source], body)]
    if consent is None:
        del body["consent_id"]
        answers.append(desk.post(_PATHS[source], body))
    for answer in answers:
        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "bureau.consent"
        assert "values" not in answer.json()
        _absent(answer.content)
    assert desk.queries() == before


def test_the_connector_does_not_even_send_a_query_without_consent() -> None:
    nowhere = HttpBureau("http://127.0.0.1:9", "s", timeout_seconds=1)
    for query in (nowhere.credit_report, nowhere.public_data):
        with pytest.raises(UnavailableError, match=r"bureau\.no_consent") as caught:
            query(full_name="林小满", id_number="1", consent_id=_ID_NUMBERS["林小满"])
        _absent(str(caught.value).encode())
        assert caught.value.field == "consent_id"
        with pytest.raises(UnavailableError, match="not_reached"):
            query(full_name="林小满", id_number="1", consent_id=_CONSENT)
    nowhere.close()


@pytest.mark.parametrize("source", _SOURCES)
@pytest.mark.parametrize(
    ("kind", "recorded"),
    [("timeout_before", 0), ("http_500", 0), ("timeout_after", 1), ("garbled", 1)],
)
def test_faults_give_no_answer_once(
    desk: Desk, source: SourceName, kind: FaultKind, recorded: int
) -> None:
    before = len(desk.queries())
    desk.control.queue_fault(source, kind)
    other: SourceName = "public_data" if source == "bureau" else "bureau"
    assert desk.ask(other, "林小满").values, "the fault waits at its own place"
    with pytest.raises(UnavailableError) as caught:
        desk.ask(source, "林小满")
    assert caught.value.code in {f"{source}.no_answer", f"{source}.malformed"}
    assert len(desk.queries()) == before + 1 + recorded
    assert desk.ask(source, "林小满").values


@pytest.mark.parametrize("source", _SOURCES)
def test_a_late_answer_runs_into_the_time_out(desk: Desk, source: SourceName) -> None:
    desk.control.queue_fault(source, "late", hold_ms=1000)
    hasty = HttpBureau(desk.process.base_url, desk.process.secret, timeout_seconds=0.2)
    query = hasty.credit_report if source == "bureau" else hasty.public_data
    with pytest.raises(UnavailableError, match=rf"{source}\.no_answer.*ReadTimeout"):
        query(full_name="林小满", id_number=_ID_NUMBERS["林小满"], consent_id=_CONSENT)
    hasty.close()


@pytest.mark.parametrize("bad", [{"id_number": "990000198808081234"}, {"full_name": ""}])
@pytest.mark.parametrize("source", _SOURCES)
def test_a_malformed_person_gets_no_answer(
    desk: Desk, source: SourceName, bad: dict[str, str]
) -> None:
    body = {"full_name": "戚未名", "id_number": _STRANGER} | bad
    answer = desk.post(_PATHS[source], {**body, "consent_id": _CONSENT})
    assert answer.status_code == 422
    assert next(iter(bad)) in answer.json()["field"]
    query = desk.bureau.credit_report if source == "bureau" else desk.bureau.public_data
    with pytest.raises(UnavailableError, match=rf"{source}\.malformed.*422"):
        query(**body, consent_id=_CONSENT)


def test_a_wrong_secret_is_not_let_in(desk: Desk) -> None:
    stranger = HttpBureau(desk.process.base_url, "wrong", timeout_seconds=10)
    with pytest.raises(UnavailableError, match=r"bureau\.not_let_in"):
        stranger.credit_report(full_name="林小满", id_number=_STRANGER, consent_id=_CONSENT)
    stranger.close()


def test_each_query_is_on_record_by_its_consent_in_order(tmp_path: Path) -> None:
    plan = SandboxPlan(tmp_path, value_date=_DAY)
    consents = [
        make_id("cn", datetime(2026, 11, 22, n, tzinfo=UTC), bytes(RANDOM_BYTES)) for n in range(3)
    ]
    with running_sandbox(plan) as process, _desk(process, tmp_path) as desk:
        person = {"full_name": "陈白露", "id_number": _ID_NUMBERS["陈白露"]}
        told = [
            desk.bureau.credit_report(**person, consent_id=consents[2]),
            desk.bureau.public_data(**person, consent_id=consents[0]),
            desk.bureau.credit_report(**person, consent_id=consents[1]),
        ]
        answered = desk.queries()
    with closing(sqlite3.connect(tmp_path / "sandbox.sqlite")) as db:
        rows = db.execute(
            "SELECT seq, source, consent_id, as_of, found FROM data_queries ORDER BY seq"
        ).fetchall()
    assert rows == [
        (1, "bureau", consents[2], "2026-11-22", 1),
        (2, "public_data", consents[0], "2026-11-22", 0),
        (3, "bureau", consents[1], "2026-11-22", 1),
    ]
    assert [tuple(row.values()) for row in answered] == rows
    assert len({report.reference for report in told}) == 3


_SECRET = {"full_name": "司马隐", "id_number": _id_number(date(1981, 7, 7), 3)}


def test_personal_data_shows_nowhere_in_clear(desk: Desk) -> None:
    desk.set_people({_SECRET["id_number"]: {"inquiries_6m": 3}})
    for source in _SOURCES:
        for change in ({}, {"extra": "司马隐"}, {"id_number": int(_SECRET["id_number"][:17])}):
            body = {**_SECRET, "consent_id": _CONSENT, **change}
            answer = desk.post(_PATHS[source], body)
            assert answer.status_code in ({422} if change else {200, 404})
            _absent(answer.content)
    refused: list[object] = [
        {_SECRET["id_number"]: {"inquiries_6m": "司马隐"}},
        {_SECRET["id_number"]: {"司马隐": 1}},
        {_SECRET["id_number"]: 1},
        {_SECRET["id_number"][:17] + "?": {}},
        [_SECRET["id_number"]],
    ]
    for entry in refused:
        answer = desk.post("/bureau/people", entry)
        assert answer.status_code == 422
        _absent(answer.content)
    files = [path for path in desk.folder.rglob("*") if path.is_file()]
    assert {"sandbox.log", "sandbox.sqlite"} <= {path.name for path in files}
    for path in files:
        _absent(path.read_bytes())
    assert '"event": "public_data"' in desk.process.log_path.read_text()


def _absent(where: bytes) -> None:
    for part in (*_SECRET.values(), _SECRET["id_number"][:17], *_ID_NUMBERS, *_ID_NUMBERS.values()):
        assert part.encode() not in where
        assert part.encode("unicode_escape") not in where


def test_values_set_by_hand_take_the_place_of_a_persons_own(desk: Desk) -> None:
    own = {source: desk.ask(source, "戚未名", _STRANGER).values for source in _SOURCES}
    change: dict[str, object] = {
        "current_dpd_days": 10_001,
        "utilisation_ppm": None,
        "income_evidence": "payroll",
        "verified_income_fen": 1,
        "housing_fund_months": None,
    }
    desk.set_people({_STRANGER.lower(): change})
    assert desk.ask("bureau", "戚未名", _STRANGER).values == {
        name: 10_001 if name == "current_dpd_days" else value
        for name, value in own["bureau"].items()
        if name != "utilisation_ppm"
    }
    assert desk.ask("public_data", "戚未名", _STRANGER).values == {
        "income_evidence": "payroll",
        "verified_income_fen": 1,
    }
    desk.set_people({_STRANGER: dict.fromkeys(PUBLIC_FEATURES)})
    assert desk.ask("public_data", "戚未名", _STRANGER).values == {}
    assert desk.ask("bureau", "戚未名", _STRANGER).values == own["bureau"]
    desk.set_people({_STRANGER: {}})
    for source in _SOURCES:
        assert desk.ask(source, "戚未名", _STRANGER).values == own[source]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"inquiries": 1}, "bureau.feature"),
        ({"identity_matched": True}, "bureau.feature"),
        ({"inquiries_6m": -1}, "bureau.value"),
        ({"inquiries_6m": True}, "bureau.value"),
        ({"inquiries_6m": 1.0}, "bureau.value"),
        ({"income_evidence": "declared"}, "bureau.value"),
        ({"income_evidence": "rumour"}, "bureau.value"),
        (7, "bureau.people"),
    ],
)
def test_what_no_feature_allows_cannot_be_set(desk: Desk, values: object, code: str) -> None:
    good = {_STRANGERS[1]: {"inquiries_6m": 9_999}}
    answer = desk.post("/bureau/people", {**good, _STRANGER: values})
    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert "Entry 2" in answer.json()["message"]
    told = desk.ask("bureau", "戚未名", _STRANGERS[1]).values
    assert told["inquiries_6m"] != 9_999, "all or none"


def test_what_was_set_and_recorded_survives_a_kill(tmp_path: Path) -> None:
    process = SandboxProcess(SandboxPlan(tmp_path, value_date=_DAY))
    process.start()
    with _desk(process, tmp_path) as desk:
        desk.set_people({_STRANGER: {"inquiries_6m": 7_777}})
        desk.ask("bureau", "戚未名", _STRANGER)
        before = desk.queries()
    assert process.kill() == -signal.SIGKILL
    process.start()
    with _desk(process, tmp_path) as desk:
        assert desk.queries() == before
        assert desk.ask("bureau", "戚未名", _STRANGER).values["inquiries_6m"] == 7_777
    assert process.stop() == 0
