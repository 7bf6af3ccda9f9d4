"""Lines that the law draws through loans: who, what for, how much, how long, at what cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalogue.law_cases import CAR, OBSERVED, PERCENT, YUAN, Case, edge

BALANCE = "borrower.internet_consumer_balance_fen"
SELF_PAID = "loan.self_paid_draw_fen"
TERM = "loan.term_months"
LTV = "loan.ltv_ppm"
COSTS = "cost.effective_ppm"
BANKS = ("state_bank", "joint_stock_bank", "city_bank", "rural_bank", "foreign_bank")
STAYED = ("private_bank", "consumer_finance")
"""The 2025 notice raised the limits of five kinds of bank only."""

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
    yield from edge(
        "amount.consumer_finance",
        "consumer_finance",
        "2024-04-18",
        "borrower.credit_balance_fen",
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


def _costs() -> Iterator[Case]:
    cap = 24 * PERCENT
    helped: Mapping[str, bool | str] = {"facilitated": True}
    for observable in ("cost.nominal_ppm", COSTS):
        yield from edge(
            "cost.facilitated",
            "city_bank",
            "2025-10-01",
            observable,
            (cap, cap + 1),
            attributes=helped,
        )
        yield from edge("cost.microloan", "microloan", "2025-12-24", observable, (cap, cap + 1))
    yield from edge(
        "cost.facilitated.non_bank",
        "consumer_finance",
        "2025-10-01",
        COSTS,
        (cap, cap + 1),
        attributes=helped,
    )
    yield Case("cost.facilitated", "city_bank", "2025-09-30", {COSTS: cap + 1}, "not_yet", helped)
    yield Case("cost.facilitated", "city_bank", "2026-11-22", {COSTS: cap + 1}, None)
    yield Case("cost.microloan", "microloan", "2025-12-23", {COSTS: cap + 1}, "not_yet")
    target = 12 * PERCENT
    yield from edge("cost.microloan_target", "microloan", "2027-12-31", COSTS, (target, target + 1))
    yield Case("cost.microloan_target", "microloan", "2027-12-30", {COSTS: cap}, "not_yet")
    month: Mapping[str, object] = {COSTS: cap, "loan.over_one_month": False}
    yield Case("cost.microloan_target", "microloan", "2027-12-31", month, None)
    window = 20 * PERCENT
    yield from edge(
        "cost.consumer_finance_window",
        "consumer_finance",
        "2025-10-01",
        COSTS,
        (window, window + 1),
        bad="warn",
    )


def _disclosure() -> Iterator[Case]:
    whole = OBSERVED["disclosure.fields"]
    assert isinstance(whole, frozenset)
    for lender in (
        *BANKS,
        "private_bank",
        "consumer_finance",
        "auto_finance",
        "trust",
        "microloan",
    ):
        for item in sorted(whole):
            seen = {"disclosure.fields": whole - {item}}
            yield Case("disclosure.cost_table", lender, "2026-08-01", seen, "fail")
    yield Case("disclosure.cost_table", "city_bank", "2026-08-01", {}, "pass")
    nothing: Mapping[str, object] = {
        "disclosure.fields": frozenset(),
        "disclosure.places": frozenset(),
    }
    yield Case("disclosure.cost_table", "city_bank", "2026-07-31", nothing, "not_yet")
    for rule in ("disclosure.cost_table", "disclosure.checkout"):
        yield Case(rule, "leasing", "2026-08-01", nothing, None)
    yield from edge(
        "disclosure.checkout",
        "city_bank",
        "2026-08-01",
        "disclosure.places",
        (frozenset({"payment_page"}), frozenset()),
    )


def _confirmation() -> Iterator[Case]:
    for channel, rule, steps in (
        ("online", "confirmation.online", ("pop_up", "reading_time", "confirmed_before_contract")),
        ("branch", "confirmation.offline", ("signed_before_contract",)),
    ):
        for step in steps:
            yield from edge(
                rule,
                "city_bank",
                "2026-08-01",
                "confirmation.steps",
                (frozenset(steps), frozenset(steps) - {step}),
                attributes={"channel": channel},
                stage="sign",
            )
        none: Mapping[str, object] = {"confirmation.steps": frozenset()}
        yield Case(rule, "city_bank", "2026-08-01", none, None, {"channel": channel})
    run_by: Mapping[str, bool | str] = {"payment_page_operator": "payment_institution"}
    yield from edge(
        "marketing.payment_page_loans",
        "city_bank",
        "2026-09-30",
        "payment_page.lists_loans",
        (False, True),
        attributes=run_by,
    )
    listed: Mapping[str, object] = {"payment_page.lists_loans": True}
    yield Case("marketing.payment_page_loans", "city_bank", "2026-09-29", listed, "not_yet", run_by)
    yield Case("marketing.payment_page_loans", "city_bank", "2026-09-30", listed, None)


def loan_cases() -> tuple[Case, ...]:
    """Return every row on loans."""
    return (
        *_borrower(),
        *_purposes(),
        *_amounts(),
        *_terms(),
        *_payment(),
        *_car_loans(),
        *_costs(),
        *_disclosure(),
        *_confirmation(),
    )
