"""Annual rates that others published, each with its source."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from sanshi.kernel.conventions import stated_rate
from sanshi.kernel.dates import add_months
from sanshi.kernel.rates import Flow, annual_rate, eu_ppm, xirr_ppm
from sanshi.kernel.reg_z import us_reg_z

day = date.fromisoformat


def fen(amount: str) -> int:
    return int(Decimal(amount) * 100)


def monthly(first: str, count: int, step: int = 1) -> list[date]:
    return [add_months(day(first), k * step) for k in range(count)]


def weekly(first: str, count: int, step: int = 1) -> list[date]:
    return [day(first) + timedelta(weeks=k * step) for k in range(count)]


def semimonthly(first: str, count: int) -> list[date]:
    return [d + timedelta(extra) for d in monthly(first, count // 2) for extra in (0, 15)]


def loan(advanced: str, amount: str, *parts: tuple[Iterable[date], str]) -> list[Flow]:
    payments = [Flow(when, -fen(each)) for dates, each in parts for when in dates]
    return [Flow(day(advanced), fen(amount)), *payments]


# US Regulation Z, 12 CFR 1026, Appendix J, paragraph (c): "Examples for the actuarial method".
APPENDIX_J = {
    "(c)(1)(i) monthly, regular first period": (
        loan("1978-01-10", "5000", (monthly("1978-02-10", 24), "230")),
        12,
        "9.69",
    ),
    "(c)(1)(ii) monthly, long first period": (
        loan("1978-02-10", "6000", (monthly("1978-04-01", 36), "200")),
        12,
        "11.82",
    ),
    "(c)(1)(iii) semimonthly, short first period": (
        loan("1978-02-23", "5000", (semimonthly("1978-03-01", 24), "219.17")),
        24,
        "10.34",
    ),
    "(c)(1)(iv) quarterly, long first period": (
        loan("1978-05-23", "10000", (monthly("1978-10-01", 40, 3), "385")),
        4,
        "8.97",
    ),
    "(c)(1)(v) weekly, long first period": (
        loan("1978-03-20", "500", (weekly("1978-04-21", 30), "17.60")),
        52,
        "14.96",
    ),
    "(c)(2)(i) odd first payment": (
        loan(
            "1978-01-10", "5000", ([day("1978-02-10")], "250"), (monthly("1978-03-10", 23), "230")
        ),
        12,
        "10.08",
    ),
    "(c)(2)(ii) every 4 weeks, long first period": (
        loan(
            "1978-03-18",
            "400",
            ([day("1978-04-20")], "39.50"),
            (weekly("1978-05-18", 11, 4), "38.31"),
        ),
        13,
        "28.50",
    ),
    "(c)(3)(i) odd final payment": (
        loan(
            "1978-01-10",
            "5000",
            (monthly("1978-02-10", 23), "230"),
            (monthly("1980-01-10", 1), "280"),
        ),
        12,
        "10.50",
    ),
    "(c)(3)(ii) every 2 weeks, odd final payment": (
        loan(
            "1978-04-03", "200", (weekly("1978-04-11", 19, 2), "9.50"), ([day("1979-01-02")], "30")
        ),
        26,
        "12.22",
    ),
    "(c)(4)(i) odd first and final payments": (
        loan(
            "1978-01-10",
            "5000",
            ([day("1978-02-10")], "250"),
            (monthly("1978-03-10", 22), "230"),
            ([day("1980-01-10")], "280"),
        ),
        12,
        "10.90",
    ),
    "(c)(4)(ii) every two months, short first period": (
        loan(
            "1978-01-10",
            "8000",
            ([day("1978-03-01")], "449.36"),
            (monthly("1978-05-01", 18, 2), "465"),
            ([day("1981-05-01")], "200"),
        ),
        6,
        "7.30",
    ),
    "(c)(5)(i) single payment within a year": (
        loan("1978-01-03", "1000", ([day("1978-09-15")], "1080")),
        12,
        "11.45",
    ),
    "(c)(5)(ii) single payment within a year, after whole months": (
        loan("1978-07-15", "1000", ([day("1979-01-15")], "1044")),
        12,
        "8.80",
    ),
    "(c)(5)(iii) single payment after a year and whole months": (
        loan("1978-01-17", "1000", ([day("1979-07-17")], "1135.19")),
        12,
        "8.76",
    ),
    "(c)(5)(iv) single payment after two years": (
        loan("1978-01-03", "1000", ([day("1980-01-03")], "1240")),
        12,
        "11.36",
    ),
}


@pytest.mark.parametrize("example", APPENDIX_J)
def test_us_regulation_z(example: str) -> None:
    """The unit-period follows from the dates alone."""
    flows, _, percent = APPENDIX_J[example]
    rate = us_reg_z(flows)
    assert rate is not None
    assert rate.exact
    assert rate.rate_ppm == int(Decimal(percent) * 10_000)


@pytest.mark.parametrize("example", [e for e in APPENDIX_J if not e.startswith("(c)(5)")])
def test_regulation_z_examples_are_proven(example: str) -> None:
    flows, periods, percent = APPENDIX_J[example]
    rate = annual_rate(flows, periods)
    assert rate.proven
    assert rate.cn_irr_nominal_ppm == int(Decimal(percent) * 10_000)


# Directive 98/7/EC, Annex III A, "calculation on a calendar basis": 12.96 %, 16.9 %, 13.07 %.
EU_CALENDAR = [
    (loan("1994-01-01", "1000", ([day("1995-07-01")], "1200")), "0.01", "12.96"),
    (loan("1994-01-01", "950", ([day("1995-07-01")], "1200")), "0.1", "16.9"),
    (loan("1994-01-01", "1000", (monthly("1995-01-01", 2, 12), "600")), "0.01", "13.07"),
]


@pytest.mark.parametrize(("flows", "step", "percent"), EU_CALENDAR)
def test_eu_directive_on_a_calendar_basis(flows: list[Flow], step: str, percent: str) -> None:
    ppm = xirr_ppm(flows)
    assert ppm is not None
    assert (Decimal(ppm) / 10_000).quantize(Decimal(step)) == Decimal(percent)
    stated = stated_rate("xirr", flows)
    assert stated is not None
    assert not stated.exact


def test_eu_counts_equal_months() -> None:
    """2008/48/EC, Annex I, remark (c): 18 of 12 equal months, so X = 1.2^(12/18) − 1."""
    flows, _, _ = EU_CALENDAR[0]
    assert eu_ppm(flows) == round((Decimal("1.2") ** (Decimal(12) / 18) - 1) * 1_000_000)


def test_eu_counts_days_over_the_year_before_their_end() -> None:
    """2014/17/EU, Annex I, remark (c): periods, then days, are counted back from the payment.

    From 2023-12-20 to 2024-03-05: two months back is 2024-01-05, 16 days after the drawdown, and
    the year before 2024-01-05 has 365 days; one year later it has 366, for 2024-02-29.
    """
    for year, days in ((2023, 365), (2024, 366)):
        flows = [Flow(date(year, 12, 20), 100_000), Flow(date(year + 1, 3, 5), -103_000)]
        time = Decimal(2) / 12 + Decimal(16) / days
        assert eu_ppm(flows) == round((Decimal("1.03") ** (1 / time) - 1) * 1_000_000)


def test_excel_xirr() -> None:
    """Microsoft knowledge base Q116041: the example of Excel's XIRR is 37.3363 %."""
    amounts = ("2750", "4250", "3250", "2750")
    dates = ("1992-03-01", "1992-10-30", "1993-02-15", "1993-04-01")
    flows = loan(
        "1992-01-01", "10000", *(([day(d)], a) for d, a in zip(dates, amounts, strict=True))
    )
    assert xirr_ppm(flows) == 373_363
