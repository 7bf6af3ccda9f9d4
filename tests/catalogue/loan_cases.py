"""Lines that the law draws through loans: who, what for, how much, how long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalogue.law_cases import CAR, PERCENT, YUAN, Case, edge

BALANCE = "borrower.internet_consumer_balance_fen"
CREDIT = "borrower.credit_balance_fen"
SELF_PAID = "loan.self_paid_draw_fen"
TERM = "loan.term_months"
LTV = "loan.ltv_ppm"
BANKS = ("state_bank", "joint_stock_bank", "city_bank", "rural_bank", "foreign_bank")
STAYED = ("private_bank", "consumer_finance")
"""The 2025 notice raised the limits of five kinds of bank only."""

UNNAMED = ("auto_finance", "trust")
"""No source of the limits on consumer loans names these lenders: they adopt them."""

BUSINESS: Mapping[str, bool | str] = {"purpose": "business"}
STUDENT: Mapping[str, object] = {"borrower.student": True}


def _borrower() -> Iterator[Case]:
    for day in ("2011-01-13", "2026-11-22"):
        yield from edge("borrower.min_age.loan", "city_bank", day, "borrower.age_years", (18, 17))
    yield from edge(
        "borrower.min_age.card",
        "city_bank",
        "2011-01-13",
        "borrower.age_years",
        (18, 17),
        product_kind="card_instalment",
    )
    yield Case("borrower.min_age.loan", "city_bank", "2011-01-12", {}, "not_yet")
    for channel, rule in (
        ("online", "student.microloan_ban.internet"),
        ("branch", "student.microloan_ban.branch"),
    ):
        where: Mapping[str, bool | str] = {"channel": channel, "student": True}
        yield Case(rule, "microloan", "2021-03-17", STUDENT, "fail", where)
        yield Case(rule, "microloan", "2021-03-16", STUDENT, "not_yet", where)
        yield Case(rule, "microloan", "2026-11-22", {}, "pass", {"channel": channel})
        yield Case(rule, "city_bank", "2026-11-22", STUDENT, None, where)
    for lender, channel, rule in (
        ("city_bank", "online", "student.second_source.internet"),
        ("private_bank", "online", "student.second_source.internet"),
        ("city_bank", "branch", "student.second_source.other"),
        ("consumer_finance", "online", "student.second_source.non_bank"),
    ):
        yield from edge(
            rule,
            lender,
            "2021-03-17",
            "borrower.second_repayment_source",
            (True, False),
            attributes={"student": True, "channel": channel},
            observed=STUDENT,
        )


def _purposes() -> Iterator[Case]:
    seen = "purchase.purpose"
    for day in ("2020-07-17", "2026-11-22"):
        for use in (
            "house_purchase",
            "mortgage_repayment",
            "securities",
            "fixed_asset_investment",
            "equity_investment",
            "other_barred",
        ):
            yield Case("purpose.bank_internet", "city_bank", day, {seen: use}, "fail")
    yield Case("purpose.bank_internet", "city_bank", "2020-07-17", {}, "pass")
    yield Case("purpose.bank_internet", "city_bank", "2026-11-22", {seen: "car_purchase"}, "pass")
    for use in ("securities", "equity_investment", "loan_repayment", "other_barred"):
        yield Case("purpose.microloan", "microloan", "2024-12-31", {seen: use}, "fail")
    yield Case("purpose.microloan", "microloan", "2024-12-31", {}, "pass")
    for use in ("house_purchase", "car_purchase"):
        yield Case(
            "purpose.consumer_finance", "consumer_finance", "2024-04-18", {seen: use}, "fail"
        )
    yield Case("purpose.consumer_finance", "consumer_finance", "2024-04-18", {}, "pass")


def _amounts() -> Iterator[Case]:
    limit_200k, limit_300k = 200_000 * YUAN, 300_000 * YUAN
    for lender in BANKS:
        yield from edge(
            "amount.internet", lender, "2025-03-13", BALANCE, (limit_200k, limit_200k + 1)
        )
        yield from edge(
            "amount.internet", lender, "2025-03-14", BALANCE, (limit_300k, limit_300k + 1)
        )
    for lender in STAYED:
        for day in ("2020-07-17", "2026-11-22"):
            yield from edge("amount.internet", lender, day, BALANCE, (limit_200k, limit_200k + 1))
    yield Case("amount.internet", "city_bank", "2020-07-16", {BALANCE: limit_300k + 1}, "not_yet")
    yield Case(
        "amount.internet", "city_bank", "2026-11-22", {BALANCE: 10**12}, None, {"channel": "branch"}
    )
    yield from edge(
        "amount.microloan_network", "microloan", "2024-12-31", BALANCE, (limit_200k, limit_200k + 1)
    )
    yield Case(
        "amount.microloan_network", "microloan", "2026-11-22", {BALANCE: 10**12}, None, BUSINESS
    )
    for lender in UNNAMED:
        for day in ("2020-07-17", "2026-11-22"):
            yield from edge(
                "amount.internet.non_bank", lender, day, BALANCE, (limit_200k, limit_200k + 1)
            )
        yield Case("amount.internet", lender, "2026-11-22", {BALANCE: 10**12}, None)
    most = 10_000_000 * YUAN
    yield from edge(
        "amount.microloan_network.business",
        "microloan",
        "2024-12-31",
        CREDIT,
        (most, most + 1),
        attributes=BUSINESS,
    )
    owed: Mapping[str, object] = {CREDIT: most + 1}
    rule = "amount.microloan_network.business"
    yield Case(rule, "microloan", "2024-12-30", owed, "not_yet", BUSINESS)
    yield Case(rule, "microloan", "2026-11-22", owed, None, {**BUSINESS, "channel": "branch"})
    yield Case(rule, "microloan", "2026-11-22", owed, None)
    yield from edge(
        "amount.consumer_finance",
        "consumer_finance",
        "2024-04-18",
        CREDIT,
        (limit_200k, limit_200k + 1),
        bad="warn",
    )


def _terms() -> Iterator[Case]:
    for lender in BANKS:
        yield from edge("term.consumer", lender, "2025-03-13", TERM, (60, 61))
        yield from edge("term.consumer", lender, "2025-03-14", TERM, (84, 85))
    for lender in STAYED:
        for day in ("2024-07-01", "2026-11-22"):
            yield from edge("term.consumer", lender, day, TERM, (60, 61))
    for lender in UNNAMED:
        for day in ("2024-07-01", "2026-11-22"):
            yield from edge("term.consumer.non_bank", lender, day, TERM, (60, 61))
    yield from edge("term.consumer.microloan", "microloan", "2024-07-01", TERM, (60, 61))
    for method in ("interest_only", "bullet"):
        at_once: Mapping[str, bool | str] = {"method": method}
        day = "2020-07-17"
        yield from edge(
            "term.internet_bullet", "city_bank", day, TERM, (12, 13), attributes=at_once
        )
        yield from edge(
            "term.internet_bullet.non_bank", "microloan", day, TERM, (12, 13), attributes=at_once
        )
    yield from edge(
        "term.card_instalment",
        "city_bank",
        "2022-07-07",
        TERM,
        (60, 61),
        product_kind="card_instalment",
    )
    for state, months in (("new", 60), ("used", 36)):
        yield from edge(
            f"term.car.{state}",
            "auto_finance",
            "2018-01-01",
            TERM,
            (months, months + 1),
            bad="warn",
            attributes={**CAR, "vehicle_state": state},
        )


def _payment() -> Iterator[Case]:
    limit_300k, limit_500k = 300_000 * YUAN, 500_000 * YUAN
    for lender in BANKS:
        yield from edge(
            "payment.entrusted", lender, "2025-03-13", SELF_PAID, (limit_300k, limit_300k + 1)
        )
        yield from edge(
            "payment.entrusted", lender, "2025-03-14", SELF_PAID, (limit_500k, limit_500k + 1)
        )
    for lender in STAYED:
        for day in ("2024-07-01", "2026-11-22"):
            yield from edge(
                "payment.entrusted", lender, day, SELF_PAID, (limit_300k, limit_300k + 1)
            )
    yield from edge(
        "payment.entrusted.microloan",
        "microloan",
        "2024-07-01",
        SELF_PAID,
        (limit_300k, limit_300k + 1),
    )


def _payment_of_others() -> Iterator[Case]:
    limit_300k, limit_500k = 300_000 * YUAN, 500_000 * YUAN
    for lender in UNNAMED:
        for day in ("2024-07-01", "2026-11-22"):
            yield from edge(
                "payment.entrusted.non_bank", lender, day, SELF_PAID, (limit_300k, limit_300k + 1)
            )
    for rule, lenders in (
        ("payment.entrusted.business", (*BANKS, *STAYED)),
        ("payment.entrusted.business_other", (*UNNAMED, "microloan")),
    ):
        for lender in lenders:
            yield from edge(
                rule,
                lender,
                "2024-07-01",
                SELF_PAID,
                (limit_500k, limit_500k + 1),
                attributes=BUSINESS,
            )
    paid: Mapping[str, object] = {SELF_PAID: limit_500k + 1}
    yield Case("payment.entrusted.business", "city_bank", "2024-06-30", paid, "not_yet", BUSINESS)
    yield Case("payment.entrusted.business", "city_bank", "2026-11-22", paid, None)
    for rule, lender in (
        ("payment.entrusted", "city_bank"),
        ("payment.entrusted.non_bank", "trust"),
        ("payment.entrusted.microloan", "microloan"),
    ):
        yield Case(rule, lender, "2026-11-22", paid, None, BUSINESS)


def _car_loans() -> Iterator[Case]:
    for rule, energy, use, state, percent, days in (
        ("ltv.private_ice", "ice", "private", "new", 80, ("2018-01-01", "2024-04-02")),
        ("ltv.private_nev", "bev", "private", "new", 85, ("2018-01-01", "2024-04-02")),
        ("ltv.private_nev", "phev", "private", "new", 85, ("2024-04-02",)),
        ("ltv.commercial_ice", "ice", "commercial", "new", 70, ("2018-01-01", "2026-11-22")),
        ("ltv.commercial_nev", "fcev", "commercial", "new", 75, ("2018-01-01", "2026-11-22")),
        ("ltv.used", "ice", "private", "used", 70, ("2018-01-01", "2026-11-22")),
        ("ltv.used", "bev", "commercial", "used", 70, ("2026-11-22",)),
    ):
        kind = {**CAR, "energy": energy, "vehicle_use": use, "vehicle_state": state}
        most = percent * PERCENT
        for day in days:
            yield from edge(rule, "auto_finance", day, LTV, (most, most + 1), attributes=kind)
    for rule, key, energy in (
        ("ltv.private_ice", "auto.ltv.private_ice", "ice"),
        ("ltv.private_nev", "auto.ltv.private_nev", "bev"),
    ):
        own = {key: 90 * PERCENT}
        kind = {**CAR, "energy": energy}
        for day in ("2024-04-03", "2026-11-22"):
            most = 90 * PERCENT
            yield from edge(
                rule, "city_bank", day, LTV, (most, most + 1), attributes=kind, house_values=own
            )
            yield Case(rule, "city_bank", day, {LTV: 1}, "fail", kind)
    bev = {**CAR, "energy": "bev"}
    plate = {**bev, "purpose": "plate_quota", "category": "plate"}
    for kind in (bev, plate):
        yield from edge(
            "plate.bev_quota_free",
            "city_bank",
            "2023-01-01",
            "loan.finances_plate",
            (False, True),
            attributes=kind,
        )
    petrol = {**CAR, "purpose": "plate_quota"}
    paid: Mapping[str, object] = {"loan.finances_plate": True}
    yield Case("plate.bev_quota_free", "city_bank", "2026-11-22", paid, None, petrol)
    yield Case("dealer.commission", "auto_finance", "2026-11-22", {}, "unknown", CAR)
    yield Case("dealer.commission", "auto_finance", "2027-01-01", {}, "lapsed", CAR)


def loan_cases() -> tuple[Case, ...]:
    """Return every row on loans."""
    return (
        *_borrower(),
        *_purposes(),
        *_amounts(),
        *_terms(),
        *_payment(),
        *_payment_of_others(),
        *_car_loans(),
    )
