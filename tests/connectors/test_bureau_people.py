"""What the bureau and public data tell of the invented persons, and of anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from sanshi.connectors.bureau import CREDIT_FEATURES, PUBLIC_FEATURES
from sanshi.connectors.process import SandboxPlan, running_sandbox
from sanshi.connectors.sandbox.data import PERSONAS, RANGES, person_values
from sanshi.decision.affordability import AffordabilityPolicy, assess
from sanshi.decision.vocabulary import FEATURES, INCOME_EVIDENCE
from sanshi.ports import Bureau


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("bureau")
    plan = SandboxPlan(folder, value_date=DAY)
    with running_sandbox(plan) as process, open_desk(process, folder) as made:
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
        full_name="林小满", id_number=ID_NUMBERS["林小满"], consent_id=CONSENT
    )
    assert told.as_of == DAY
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


@pytest.mark.parametrize("name", ID_NUMBERS)
def test_a_persona_is_told_by_its_own_name_alone(desk: Desk, name: str) -> None:
    for source in SOURCES:
        assert desk.ask(source, name).values == PERSONAS[ID_NUMBERS[name]][source]
        assert desk.ask(source, "戚未名", ID_NUMBERS[name]).values == {}


@pytest.mark.parametrize("id_number", [*ID_NUMBERS.values(), *STRANGERS[::5]])
def test_values_lie_within_what_their_features_allow(desk: Desk, id_number: str) -> None:
    names = {number: name for name, number in ID_NUMBERS.items()}
    for source in SOURCES:
        # Asked past the connector, which would refuse what its feature does not allow.
        asked = {"full_name": names.get(id_number, "戚未名"), "id_number": id_number}
        answer = desk.post(PATHS[source], {**asked, "consent_id": CONSENT})
        values = answer.json().get("values", {})
        assert answer.status_code == (200 if values else 404)
        assert values.keys() <= (CREDIT_FEATURES if source == "bureau" else PUBLIC_FEATURES)
        for name, value in values.items():
            assert FEATURES[name].fault(value) == ""
        assert values.get("income_evidence") != "declared"


_BIRTHDAYS = st.dates(date(1930, 1, 1), date(2026, 11, 22))


@given(_BIRTHDAYS, st.integers(0, 999), st.dates(DAY, date(2030, 12, 31)))
def test_drawn_values_keep_their_ranges_and_do_not_contradict_each_other(
    born: date, order: int, day: date
) -> None:
    number = id_number_of(born, order)
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
    numbers = [id_number_of(date(1980, 1, 1) + timedelta(days=n), n % 1000) for n in range(4800)]
    credit = [person_values("bureau", number, DAY) for number in numbers]
    public = [person_values("public_data", number, DAY) for number in numbers]
    # Expected 400, 960, 367 (one in twelve of those with a history); 4 standard deviations.
    assert abs(sum("utilisation_ppm" not in c for c in credit) - 400) < 77
    assert abs(sum(not p for p in public) - 960) < 111
    assert abs(sum(c["current_dpd_days"] != 0 for c in credit) - 367) < 74
    assert {p["income_evidence"] for p in public if p} == set(INCOME_EVIDENCE) - {"declared"}
    assert {c["live_loans"] for c in credit} == set(range(8))


def test_the_same_number_gets_the_same_values_in_every_sandbox(desk: Desk, tmp_path: Path) -> None:
    plan = SandboxPlan(tmp_path, value_date=DAY, seed=99)
    with running_sandbox(plan) as process, open_desk(process, tmp_path) as other:
        for number in STRANGERS[::25]:
            for source in SOURCES:
                told = desk.ask(source, "戚未名", number).values
                assert other.ask(source, "另一名", number).values == told
                assert desk.ask(source, "戚未名", number).values == told
    reports = {str(desk.ask("bureau", "戚未名", n).values) for n in STRANGERS[::25]}
    assert len(reports) > 6, "different numbers, different values"


def test_a_number_is_one_however_it_is_written(desk: Desk) -> None:
    told = desk.ask("bureau", "戚未名", STRANGER).values
    wide = "".join(chr(ord(char) + 0xFEE0) for char in STRANGER)
    for written in (STRANGER.lower(), f" {STRANGER[:6]} {STRANGER[6:]}", wide):
        assert desk.ask("bureau", "戚未名", written).values == told
