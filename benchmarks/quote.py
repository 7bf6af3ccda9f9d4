"""A quote with thirty plans and their certificates, and where its time goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from statistics import median
from time import perf_counter_ns

from benchmarks.figures import Figure
from sanshi.catalogue.catalogue import Catalogue
from sanshi.kernel.canonical import canonical_json
from sanshi.quote.certificate import certify
from sanshi.quote.observe import context_of, observe
from sanshi.quote.purchase import Borrower, Purchase
from sanshi.quote.quote import candidates, costs_of, make_quote
from sanshi.wiring import read_content

_TERMS = tuple(range(3, 33, 2))  # fifteen terms, two methods
_MS = 1_000_000


def measure(smoke: bool) -> list[Figure]:  # noqa: FBT001 - the signature every benchmark has
    catalogue = _thirty_plans(read_content().catalogue)
    merchant = catalogue.merchants["haitai"]
    good = merchant.goods[0]
    purchase = Purchase(merchant, good, catalogue.scenarios[good.scenario], date(2026, 11, 2), 0)
    borrower = Borrower(34, False, False, 1_500_000, 100_000, 1_000_000, 1)  # noqa: FBT003 - its own order
    quote = make_quote(catalogue, purchase, borrower)
    if len(quote.plans) != 2 * len(_TERMS):
        raise AssertionError(f"{len(quote.plans)} plans instead of {2 * len(_TERMS)}")
    runs = 3 if smoke else 200
    found = list(candidates(catalogue, purchase, borrower))
    rows = [one.terms.schedule_from(purchase.quoted_on) for one in found]
    costs = [costs_of(one.product, one.terms, r) for one, r in zip(found, rows, strict=True)]
    whole = _median_ms(runs, lambda: make_quote(catalogue, purchase, borrower))
    parts = {
        "schedules": lambda: [one.terms.schedule_from(purchase.quoted_on) for one in found],
        "annual rates with proof and cost tables": lambda: [
            costs_of(one.product, one.terms, r) for one, r in zip(found, rows, strict=True)
        ],
        "certificates": lambda: [
            certify(catalogue.rulebook, observe(one, cost), context_of(one))
            for one, cost in zip(found, costs, strict=True)
        ],
    }
    figures = [Figure("quote with 30 plans, p50", whole, "ms", at_most=60)]
    figures += [
        Figure(f"of it: {name}", (part := _median_ms(runs, work)), "ms", part / whole, "the quote")
        for name, work in parts.items()
    ]
    written = _median_ms(runs, lambda: canonical_json(quote.as_json()))
    return [
        *figures,
        Figure("the quote as canonical JSON", written, "ms", written / whole, "the quote"),
    ]


def _thirty_plans(catalogue: Catalogue) -> Catalogue:
    product = catalogue.products["shenpu_appliance"]
    many = product.model_copy(update={"terms_months": _TERMS})
    return replace(catalogue, products={many.id: many})


def _median_ms(runs: int, work: Callable[[], object]) -> float:
    times = []
    for _ in range(runs):
        start = perf_counter_ns()
        work()
        times.append(perf_counter_ns() - start)
    return median(times) / _MS
