"""Lines that the law draws through cost, its disclosure and its confirmation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from catalogue.law_cases import OBSERVED, PERCENT, Case, edge
from catalogue.loan_cases import BANKS

COSTS = "cost.effective_ppm"


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
            "cost.facilitated.branch",
            "private_bank",
            "2025-10-01",
            observable,
            (cap, cap + 1),
            attributes={**helped, "channel": "branch"},
        )
    yield Case(
        "cost.facilitated",
        "city_bank",
        "2026-11-22",
        {COSTS: cap + 1},
        None,
        {**helped, "channel": "branch"},
    )
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
    yield from _targets(cap)


def _targets(cap: int) -> Iterator[Case]:
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


def cost_cases() -> tuple[Case, ...]:
    """Return every row on costs."""
    return (*_costs(), *_disclosure(), *_confirmation())
