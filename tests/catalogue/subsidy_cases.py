"""Lines that subsidies draw: the fiscal interest subsidy and Shanghai's trade-in schemes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalogue.law_cases import CLAIM, PERCENT, TRADE_IN, YUAN, Case, edge

ALL_YEARS = ("2024-10-01", "2025-06-01", "2026-06-01")


def _fiscal_subsidy() -> Iterator[Case]:
    first, last = ("2025-09-01", "2026-01-01"), ("2025-12-31", "2026-12-31")
    for day in (*first, *last):
        for rule, seen, good, bad in (
            ("rate", "rate_ppm", PERCENT, PERCENT + 1),
            ("share", "share_ppm", 50 * PERCENT, 50 * PERCENT + 1),
            ("cap", "granted_fen", 3_000 * YUAN, 3_000 * YUAN + 1),
            ("product", "product", "personal_consumption_loan", "card_cash_advance"),
        ):
            yield from edge(
                f"fiscal_subsidy.{rule}",
                "state_bank",
                day,
                f"fiscal_subsidy.{seen}",
                (good, bad),
                observed=CLAIM,
            )
    card: Mapping[str, object] = {
        **CLAIM,
        "fiscal_subsidy.product": "credit_card_bill_instalment",
    }
    yield Case("fiscal_subsidy.product", "state_bank", "2025-12-31", card, "fail")
    yield Case("fiscal_subsidy.product", "state_bank", "2026-01-01", card, "pass")
    for rule in ("rate", "share", "cap", "product"):
        for day in ("2025-08-31", "2027-01-01"):
            yield Case(f"fiscal_subsidy.{rule}", "state_bank", day, CLAIM, "fail")
            yield Case(f"fiscal_subsidy.{rule}", "state_bank", day, {}, None)


def _fiscal_subsidy_of_2025() -> Iterator[Case]:
    for day in ("2025-09-01", "2025-12-31"):
        for rule, seen, yuan in (
            ("cap_small_tickets", "small_tickets_fen", 1_000),
            ("cap_transaction", "transaction_fen", 500),
            ("base", "base_fen", 50_000),
        ):
            yield from edge(
                f"fiscal_subsidy.{rule}",
                "state_bank",
                day,
                f"fiscal_subsidy.{seen}",
                (yuan * YUAN, yuan * YUAN + 1),
                observed=CLAIM,
            )
        for fields in ("household_car", "electronics", "health", "education"):
            yield from edge(
                "fiscal_subsidy.field",
                "state_bank",
                day,
                "fiscal_subsidy.field",
                (fields, "jewellery"),
                observed={**CLAIM, "fiscal_subsidy.large_ticket": True},
            )
    for rule in ("cap_small_tickets", "cap_transaction", "base", "field"):
        large = {**CLAIM, "fiscal_subsidy.large_ticket": True}
        yield Case(f"fiscal_subsidy.{rule}", "state_bank", "2026-01-01", large, "lapsed")


def _fiscal_subsidy_lenders() -> Iterator[Case]:
    unlisted: Mapping[str, object] = {**CLAIM, "lender.listed": False}
    for day in ("2025-09-01", "2025-12-31"):
        yield Case("fiscal_subsidy.listed_lender", "city_bank", day, unlisted, "fail")
        yield Case("fiscal_subsidy.local_lender", "city_bank", day, unlisted, "fail")
    yield Case("fiscal_subsidy.listed_lender", "state_bank", "2025-09-01", CLAIM, "pass")
    yield Case("fiscal_subsidy.listed_lender", "city_bank", "2026-01-01", unlisted, "lapsed")
    yield Case("fiscal_subsidy.local_lender", "state_bank", "2026-01-01", CLAIM, None)
    for lender in ("city_bank", "rural_bank", "foreign_bank", "consumer_finance", "auto_finance"):
        for day in ("2026-01-01", "2026-12-31"):
            yield from edge(
                "fiscal_subsidy.local_lender",
                lender,
                day,
                "lender.rating",
                ("3A", "3B"),
                observed=unlisted,
            )
    for lender in ("private_bank", "microloan", "leasing", "state_bank"):
        yield Case("fiscal_subsidy.local_lender", lender, "2026-06-01", unlisted, "fail")
    yield Case("fiscal_subsidy.local_lender", "city_bank", "2027-01-01", unlisted, "fail")


def _trade_in_rows() -> Iterator[tuple[str, str, str, str, tuple[str, ...], str, int]]:
    """Yield rule, scheme, tier, observable, days, first day after, highest value."""
    y24, y25, y26 = (
        ("2024-09-03", "2024-12-31"),
        ("2025-01-20", "2025-12-31"),
        ("2026-01-01", "2026-12-31"),
    )
    amount, share = "amount_fen", "share_ppm"
    for days, after, percent, yuan in (
        (y24, "2025-01-01", 20, 2_000),
        (y25, "", 20, 2_000),
        (y26, "2027-01-01", 15, 1_500),
    ):
        yield "appliance.share", "appliance", "grade1", share, days, after, percent * PERCENT
        yield "appliance.cap", "appliance", "grade1", amount, days, after, yuan * YUAN
    for days in (y24, y25):
        after = "2025-01-01" if days is y24 else "2026-01-01"
        rule = "appliance.share_grade2"
        yield rule, "appliance", "grade2", share, days, after, 15 * PERCENT
    yield "digital.share", "digital", "none", share, y26, "2027-01-01", 15 * PERCENT
    yield "digital.cap", "digital", "none", amount, y26, "2027-01-01", 500 * YUAN
    yield "digital.price", "digital", "none", "price_fen", y26, "2027-01-01", 6_000 * YUAN
    yield "home.share_2024", "home", "none", share, y24, "", 15 * PERCENT
    yield "home.cap_2024", "home", "none", amount, y24, "", 2_000 * YUAN
    yield "ebike.amount", "ebike", "none", amount, y24, "2025-01-01", 500 * YUAN
    nev, small = "nev", "ice_le_2.0L"
    scrap, replace = "car_scrap", "car_replace"
    yield "car_scrap.nev_amount", scrap, nev, amount, y24, "2025-01-01", 20_000 * YUAN
    yield "car_scrap.ice_2l_amount", scrap, small, amount, y24, "2025-01-01", 15_000 * YUAN
    yield "car_replace.nev_amount", replace, nev, amount, y24, "", 15_000 * YUAN
    yield "car_replace.ice_amount", replace, "ice", amount, y24, "2025-01-01", 12_000 * YUAN
    year = ("2025-01-01", "2025-12-31")
    yield "car_replace.nev_amount", replace, nev, amount, year, "", 15_000 * YUAN
    yield "car_replace.ice_vi_b_amount", replace, "ice_VI_b", amount, year, "2026-01-01", 1_300_000
    for scheme, tier, percent, yuan in (
        (scrap, nev, 12, 20_000),
        (scrap, small, 10, 15_000),
        (replace, nev, 8, 15_000),
        (replace, small, 6, 13_000),
    ):
        stem = f"{scheme}.{'nev' if tier == nev else 'ice_2l'}"
        after = "2027-01-01"
        yield f"{stem}_share", scheme, tier, share, y26, after, percent * PERCENT
        yield f"{stem}_cap", scheme, tier, amount, y26, after, yuan * YUAN


def _trade_in() -> Iterator[Case]:
    for rule, scheme, tier, seen, days, after, most in _trade_in_rows():
        claim = {**TRADE_IN, "trade_in.scheme": scheme, "trade_in.tier": tier}
        for day in days:
            yield from edge(
                f"trade_in.{rule}",
                "city_bank",
                day,
                f"trade_in.{seen}",
                (most, most + 1),
                observed=claim,
            )
        if after:
            yield Case(f"trade_in.{rule}", "city_bank", after, claim, "fail")
    for day in ("2026-01-01", "2026-12-31"):
        yield from edge(
            "trade_in.appliance.one_per_category",
            "city_bank",
            day,
            "trade_in.items_in_category",
            (1, 2),
            observed=TRADE_IN,
        )
        for scheme in ("car_scrap", "car_replace"):
            yield from edge(
                "trade_in.one_car_a_year",
                "city_bank",
                day,
                "trade_in.cars_this_year",
                (1, 2),
                observed={**TRADE_IN, "trade_in.scheme": scheme, "trade_in.tier": "nev"},
            )


def _trade_in_goods() -> Iterator[Case]:
    cold: Mapping[str, object] = {**TRADE_IN, "trade_in.goods": "air_conditioner"}
    items = "trade_in.items_in_category"
    rule = "trade_in.appliance.air_conditioners"
    for day in ("2025-01-20", "2025-12-31"):
        yield from edge(rule, "city_bank", day, items, (3, 4), observed=cold)
        yield Case(rule, "city_bank", day, {**TRADE_IN, items: 4}, None)
    for day in ("2024-12-31", "2026-01-01"):
        yield Case(rule, "city_bank", day, {**cold, items: 4}, None)
    rule = "trade_in.appliance.one_per_category"
    yield Case(rule, "city_bank", "2025-06-01", {**cold, items: 3}, None)
    yield from edge(rule, "city_bank", "2026-01-01", items, (1, 2), observed=cold)
    digital = {**TRADE_IN, "trade_in.scheme": "digital", "trade_in.tier": "none"}
    rule = "trade_in.digital.goods"
    for day in ("2026-01-01", "2026-12-31"):
        for goods in ("phone", "tablet", "smart_watch", "smart_glasses"):
            yield from edge(
                rule, "city_bank", day, "trade_in.goods", (goods, "camera"), observed=digital
            )
    camera = {**digital, "trade_in.goods": "camera"}
    yield Case(rule, "city_bank", "2025-12-31", camera, None)
    yield Case(rule, "city_bank", "2027-01-01", camera, "lapsed")


def _trade_in_tiers() -> Iterator[Case]:
    """Tiers that a scheme does not know have nothing to claim."""
    for rule, scheme, tiers, days in (
        ("appliance.other", "appliance", ("none", "elder_friendly", "nev"), ALL_YEARS),
        ("appliance.share_grade2", "appliance", ("grade2",), ("2026-01-01", "2026-12-31")),
        ("car_scrap.other", "car_scrap", ("none", "ice", "ice_VI_b"), ALL_YEARS),
        ("car_replace.other", "car_replace", ("none", "grade1"), ALL_YEARS),
        ("car_replace.ice_amount", "car_replace", ("ice",), ("2025-06-01", "2026-06-01")),
        ("car_replace.ice_vi_b_amount", "car_replace", ("ice_VI_b",), ("2024-10-01",)),
        ("car_replace.ice_2l_cap", "car_replace", ("ice_le_2.0L",), ("2024-10-01", "2025-06-01")),
    ):
        for tier in tiers:
            for day in days:
                claim = {**TRADE_IN, "trade_in.scheme": scheme, "trade_in.tier": tier}
                yield Case(f"trade_in.{rule}", "city_bank", day, claim, "fail")
    for rule, tier in (
        ("appliance.share", "none"),
        ("appliance.share", "grade2"),
        ("appliance.other", "grade1"),
        ("car_replace.ice_amount", "none"),
        ("car_replace.other", "ice"),
    ):
        scheme = rule.partition(".")[0]
        claim = {**TRADE_IN, "trade_in.scheme": scheme, "trade_in.tier": tier}
        yield Case(f"trade_in.{rule}", "city_bank", "2024-10-01", claim, None)


def _trade_in_of_other_years() -> Iterator[Case]:
    car = {**TRADE_IN, "trade_in.scheme": "car_scrap", "trade_in.tier": "nev"}
    yield Case("trade_in.one_car_a_year", "city_bank", "2027-01-01", car, "lapsed")
    yield Case("trade_in.one_car_a_year", "city_bank", "2025-12-31", car, "not_yet")
    for scheme, before in (
        ("home", "2024-09-02"),
        ("ebike", "2024-09-02"),
        ("digital", "2025-01-19"),
    ):
        claim = {**TRADE_IN, "trade_in.scheme": scheme, "trade_in.tier": "none"}
        line = {"home": "home.share_2024", "ebike": "ebike.amount", "digital": "digital.share"}
        yield Case(f"trade_in.{line[scheme]}", "city_bank", before, claim, "fail")
    for rule, tier, seen, most in (
        ("home.share_2025", "none", "share_ppm", 15 * PERCENT),
        ("home.share_2025", "grade2", "share_ppm", 15 * PERCENT),
        ("home.share_2025_grade1", "grade1", "share_ppm", 20 * PERCENT),
        ("home.share_2025_elder", "elder_friendly", "share_ppm", 30 * PERCENT),
        ("home.cap_2025", "elder_friendly", "amount_fen", 2_000 * YUAN),
    ):
        claim = {**TRADE_IN, "trade_in.scheme": "home", "trade_in.tier": tier}
        yield from edge(
            f"trade_in.{rule}",
            "city_bank",
            "2025-06-01",
            f"trade_in.{seen}",
            (most, most + 1),
            bad="warn",
            observed=claim,
        )
    home = {**TRADE_IN, "trade_in.scheme": "home", "trade_in.tier": "none"}
    yield Case("trade_in.home.share_2024", "city_bank", "2025-01-01", home, None)
    scrap = {**TRADE_IN, "trade_in.scheme": "car_scrap", "trade_in.tier": "ice"}
    yield Case("trade_in.car_scrap.other", "city_bank", "2026-06-01", scrap, "fail")
    warned = {**TRADE_IN, "trade_in.scheme": "digital", "trade_in.price_fen": 6_000 * YUAN + 1}
    yield Case("trade_in.digital.price", "city_bank", "2025-06-01", warned, "warn")


def subsidy_cases() -> tuple[Case, ...]:
    """Return every row on subsidies."""
    return (
        *_fiscal_subsidy(),
        *_fiscal_subsidy_of_2025(),
        *_fiscal_subsidy_lenders(),
        *_trade_in(),
        *_trade_in_goods(),
        *_trade_in_tiers(),
        *_trade_in_of_other_years(),
    )
