"""The credit bureau and public data as their own process: consent, record, faults, controls."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from connectors.bureau_desk import (
    CONSENT,
    DAY,
    ID_NUMBERS,
    PATHS,
    SOURCES,
    STRANGER,
    STRANGERS,
    Desk,
    id_number_of,
    open_desk,
)
from sanshi.connectors.bureau import PUBLIC_FEATURES, HttpBureau
from sanshi.connectors.process import SandboxPlan, SandboxProcess, running_sandbox
from sanshi.connectors.sandbox.data import SourceName
from sanshi.connectors.sandbox.faults import FaultKind
from sanshi.kernel.errors import UnavailableError
from sanshi.kernel.ids import RANDOM_BYTES, make_id


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("bureau")
    plan = SandboxPlan(folder, value_date=DAY)
    with running_sandbox(plan) as process, open_desk(process, folder) as made:
        yield made


def test_the_day_is_the_rails(tmp_path: Path) -> None:
    with running_sandbox(SandboxPlan(tmp_path)) as process, open_desk(process, tmp_path) as desk:
        with pytest.raises(UnavailableError, match=r"bureau\.no_answer"):
            desk.ask("bureau", "林小满")
        for day in (DAY, DAY + timedelta(days=40)):
            desk.control.set_date(day)
            assert desk.ask("bureau", "林小满").as_of == day
            assert desk.ask("public_data", "陈白露").as_of == day
        assert [row["as_of"] for row in desk.queries()] == ["2026-11-22"] * 2 + ["2027-01-01"] * 2


_NO_CONSENT = [None, "", "cn_", "cn_1", CONSENT[:-1], CONSENT + "0", f"ln{CONSENT[2:]}",
               CONSENT.upper(), ID_NUMBERS["林小满"], 7, [CONSENT]]  # fmt: skip


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("consent", _NO_CONSENT)
def test_without_a_well_formed_consent_nothing_is_told(
    desk: Desk, source: SourceName, consent: object
) -> None:
    before = desk.queries()
    body = {"full_name": "林小满", "id_number": ID_NUMBERS["林小满"], "consent_id": consent}
    answers = [desk.post(PATHS[source], body)]
    if consent is None:
        del body["consent_id"]
        answers.append(desk.post(PATHS[source], body))
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
            query(full_name="林小满", id_number="1", consent_id=ID_NUMBERS["林小满"])
        _absent(str(caught.value).encode())
        assert caught.value.field == "consent_id"
        with pytest.raises(UnavailableError, match="not_reached"):
            query(full_name="林小满", id_number="1", consent_id=CONSENT)
    nowhere.close()


@pytest.mark.parametrize("source", SOURCES)
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


@pytest.mark.parametrize("source", SOURCES)
def test_a_late_answer_runs_into_the_time_out(desk: Desk, source: SourceName) -> None:
    desk.control.queue_fault(source, "late", hold_ms=1000)
    hasty = HttpBureau(desk.process.base_url, desk.process.secret, timeout_seconds=0.2)
    query = hasty.credit_report if source == "bureau" else hasty.public_data
    with pytest.raises(UnavailableError, match=rf"{source}\.no_answer.*ReadTimeout"):
        query(full_name="林小满", id_number=ID_NUMBERS["林小满"], consent_id=CONSENT)
    hasty.close()


@pytest.mark.parametrize("bad", [{"id_number": "990000198808081234"}, {"full_name": ""}])
@pytest.mark.parametrize("source", SOURCES)
def test_a_malformed_person_gets_no_answer(
    desk: Desk, source: SourceName, bad: dict[str, str]
) -> None:
    body = {"full_name": "戚未名", "id_number": STRANGER} | bad
    answer = desk.post(PATHS[source], {**body, "consent_id": CONSENT})
    assert answer.status_code == 422
    assert next(iter(bad)) in answer.json()["field"]
    query = desk.bureau.credit_report if source == "bureau" else desk.bureau.public_data
    with pytest.raises(UnavailableError, match=rf"{source}\.malformed.*422"):
        query(**body, consent_id=CONSENT)


def test_a_wrong_secret_is_not_let_in(desk: Desk) -> None:
    stranger = HttpBureau(desk.process.base_url, "wrong", timeout_seconds=10)
    with pytest.raises(UnavailableError, match=r"bureau\.not_let_in"):
        stranger.credit_report(full_name="林小满", id_number=STRANGER, consent_id=CONSENT)
    stranger.close()


def test_each_query_is_on_record_by_its_consent_in_order(tmp_path: Path) -> None:
    plan = SandboxPlan(tmp_path, value_date=DAY)
    consents = [
        make_id("cn", datetime(2026, 11, 22, n, tzinfo=UTC), bytes(RANDOM_BYTES)) for n in range(3)
    ]
    with running_sandbox(plan) as process, open_desk(process, tmp_path) as desk:
        person = {"full_name": "陈白露", "id_number": ID_NUMBERS["陈白露"]}
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


_SECRET = {"full_name": "司马隐", "id_number": id_number_of(date(1981, 7, 7), 3)}


def test_personal_data_shows_nowhere_in_clear(desk: Desk) -> None:
    desk.set_people({_SECRET["id_number"]: {"inquiries_6m": 3}})
    for source in SOURCES:
        for change in ({}, {"extra": "司马隐"}, {"id_number": int(_SECRET["id_number"][:17])}):
            body = {**_SECRET, "consent_id": CONSENT, **change}
            answer = desk.post(PATHS[source], body)
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
    for part in (*_SECRET.values(), _SECRET["id_number"][:17], *ID_NUMBERS, *ID_NUMBERS.values()):
        assert part.encode() not in where
        assert part.encode("unicode_escape") not in where


def test_values_set_by_hand_take_the_place_of_a_persons_own(desk: Desk) -> None:
    own = {source: desk.ask(source, "戚未名", STRANGER).values for source in SOURCES}
    change: dict[str, object] = {
        "current_dpd_days": 10_001,
        "utilisation_ppm": None,
        "income_evidence": "payroll",
        "verified_income_fen": 1,
        "housing_fund_months": None,
    }
    desk.set_people({STRANGER.lower(): change})
    assert desk.ask("bureau", "戚未名", STRANGER.lower()).values == {
        name: 10_001 if name == "current_dpd_days" else value
        for name, value in own["bureau"].items()
        if name != "utilisation_ppm"
    }
    assert desk.ask("public_data", "戚未名", STRANGER.lower()).values == {
        "income_evidence": "payroll",
        "verified_income_fen": 1,
    }
    desk.set_people({f" {STRANGER}": dict.fromkeys(PUBLIC_FEATURES)})
    assert desk.ask("public_data", "戚未名", STRANGER).values == {}
    assert desk.ask("bureau", "戚未名", STRANGER).values == own["bureau"]
    desk.set_people({STRANGER: {}})
    for source in SOURCES:
        assert desk.ask(source, "戚未名", STRANGER).values == own[source]


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
    good = {STRANGERS[1]: {"inquiries_6m": 9_999}}
    answer = desk.post("/bureau/people", {**good, STRANGER: values})
    assert answer.status_code == 422
    assert answer.json()["code"] == code
    assert "Entry 2" in answer.json()["message"]
    told = desk.ask("bureau", "戚未名", STRANGERS[1]).values
    assert told["inquiries_6m"] != 9_999, "all or none"


def test_what_was_set_and_recorded_survives_a_kill(tmp_path: Path) -> None:
    process = SandboxProcess(SandboxPlan(tmp_path, value_date=DAY))
    process.start()
    with open_desk(process, tmp_path) as desk:
        desk.set_people({STRANGER: {"inquiries_6m": 7_777}})
        desk.ask("bureau", "戚未名", STRANGER)
        before = desk.queries()
    assert process.kill() == -signal.SIGKILL
    process.start()
    with open_desk(process, tmp_path) as desk:
        assert desk.queries() == before
        assert desk.ask("bureau", "戚未名", STRANGER).values["inquiries_6m"] == 7_777
    assert process.stop() == 0
