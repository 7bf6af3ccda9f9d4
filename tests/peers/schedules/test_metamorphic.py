"""What must hold between schedules of related documents, whatever the figures are."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from peers.schedules.engine import Line, engine_lines
from peers.schedules.oracle import level_unrounded, schedule
from peers.schedules.terms import Document, documents, rate_text

SEEDS = st.integers(0, 2**32)
RATES = ("rate_changes", "index")


def without(document: Document, *keys: str) -> Document:
    return {key: value for key, value in document.items() if key not in keys}


def same(one: Document, other: Document) -> None:
    assert engine_lines(one) == engine_lines(other), f"{json.dumps(one)}\n{json.dumps(other)}"


def but(lines: list[Line], *keys: str) -> list[Line]:
    return [{key: value for key, value in line.items() if key not in keys} for line in lines]


def ppm(text: str) -> int:
    return int(Decimal(text) * 1_000_000)


def due_dates(document: Document) -> list[str]:
    """Return all due dates: a bullet shows only the last, so it is asked for interest only."""
    document = without(document, "windows", "lines", "balloon_fen", "balloon_share")
    lines = schedule(document | {"method": "interest_only"})
    return [line["due"] for line in lines if line["no"]]


# ── one schedule ──────────────────────────────────────────────────────────────────────────────


@given(documents())
def test_all_that_is_drawn_is_repaid_and_nothing_is_left(document: Document) -> None:
    lines = engine_lines(document)
    drawn = sum(draw["amount_fen"] for draw in document["draws"])
    assert sum(line["principal_fen"] for line in lines) == drawn
    assert lines[-1]["balance_fen"] == 0
    begin, drawn_fen = min(draw["on"] for draw in document["draws"]), 0
    for line in lines:
        drawn_fen += line["principal_fen"]
        until = sum(d["amount_fen"] for d in document["draws"] if d["on"] <= line["due"])
        assert line["balance_fen"] == until - drawn_fen, json.dumps(document)
        assert min(line["principal_fen"], line["interest_fen"], *line["payers"].values(), 0) == 0
        others = sum(line["payers"].values())
        assert others <= line["interest_fen"]
        whole = line["principal_fen"] + line["interest_fen"] + line["fee_fen"]
        assert line["payment_fen"] == whole - others
        assert line["due"] >= begin


@given(documents())
def test_without_a_rate_there_is_no_interest(document: Document) -> None:
    free = without(document, *RATES) | {"annual_rate": "0"}
    free["lines"] = [without(group, "annual_rate") for group in document.get("lines", ())]
    assert not any(line["interest_fen"] for line in engine_lines(free))


# ── the same said otherwise ───────────────────────────────────────────────────────────────────


@given(documents(), SEEDS)
def test_a_draw_may_come_in_two_parts_and_in_any_order(document: Document, seed: int) -> None:
    random = Random(seed)
    parts = []
    for draw in document["draws"]:
        first = random.randint(0, draw["amount_fen"])
        fens = [fen for fen in (first, draw["amount_fen"] - first) if fen]
        parts += [draw | {"amount_fen": fen} for fen in fens]
    random.shuffle(parts)
    same(document, document | {"draws": parts})


@given(documents(having="index"))
def test_an_index_is_rate_changes(document: Document) -> None:
    index = document["index"]
    margin = ppm(index.get("margin", "0"))
    changes = []
    for day in index["repriced_on"]:
        _, value = max((v["from"], v["annual_rate"]) for v in index["values"] if v["from"] <= day)
        changes.append({"from": day, "annual_rate": rate_text(ppm(value) + margin)})
    same(document, without(document, "index") | {"rate_changes": changes})


@given(documents())
def test_due_dates_may_be_listed(document: Document) -> None:
    assume("due_dates" not in document)
    due_day = document.get("due_day", date.fromisoformat(document["first_due"]).day)
    listed = {"due_dates": due_dates(document), "due_day": due_day}
    same(document, without(document, "instalments", "first_due", "every") | listed)


@given(documents())
def test_every_method_but_flat_is_groups_of_lines(document: Document) -> None:
    assume(document["method"] not in {"irregular", "flat", "bullet"})
    assume("balloon_share" not in document)
    count = len(due_dates(document))
    grace = document.get("grace", {}).get("principal", 0)
    pays = {"equal_principal": "level_principal", "interest_only": "interest"}
    rest = {"count": count - grace, "pays": pays.get(document["method"], "level")}
    rest["balance_fen"] = document.get("balloon_fen", 0)
    groups = [{"count": grace, "pays": "interest"}, rest] if grace else [rest]
    irregular = without(document, "grace", "balloon_fen") | {"method": "irregular"}
    same(document, irregular | {"lines": groups})


@given(documents())
def test_the_calendar_comes_again_after_28_years(document: Document) -> None:
    last = max(*due_dates(document), *(one["to"] for one in document.get("windows", ())), "")
    assume(last < "2070")
    moved = engine_lines(_moved(document))
    assert but(moved, "due") == but(engine_lines(document), "due"), json.dumps(document)


def _moved(value: Any) -> Any:  # noqa: ANN401 - any part of a document
    if isinstance(value, dict):
        return {key: _moved(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_moved(one) for one in value]
    if isinstance(value, str) and value[4:5] == "-":
        return f"{int(value[:4]) + 28}{value[4:]}"
    return value


# ── windows ───────────────────────────────────────────────────────────────────────────────────


@given(documents(having="windows"), SEEDS)
def test_a_window_may_be_cut_in_two(document: Document, seed: int) -> None:
    random, cut = Random(seed), []
    for one in document["windows"]:
        first, end = date.fromisoformat(one["from"]), date.fromisoformat(one["to"])
        middle = (first + timedelta(random.randint(1, (end - first).days))).isoformat()
        cut.append(one | {"to": middle})
        if middle != one["to"]:
            cut.append(one | {"from": middle})
    same(document, document | {"windows": cut})


@given(documents(having="windows"))
def test_who_pays_the_interest_does_not_change_it(document: Document) -> None:
    windows = document.get("windows", [])
    document["windows"] = [one for one in windows if one["treatment"] == "payer"]
    assume(document["windows"] != [])
    paid, plain = engine_lines(document), engine_lines(without(document, "windows"))
    parts = ("payers", "payment_fen")
    assert but(paid, *parts) == but(plain, *parts), json.dumps(document)


@given(documents(), st.integers(0, 1_000_000))
def test_a_waived_part_of_the_rate_is_a_lower_rate(document: Document, part: int) -> None:
    document = without(document, *RATES, "windows")
    document["lines"] = [without(group, "annual_rate") for group in document.get("lines", ())]
    rate = ppm(document["annual_rate"])
    always = {"from": "2000-01-01", "to": "2099-12-31", "treatment": "waive"}
    waived = document | {"windows": [always | {"annual_rate": rate_text(part)}]}
    assume(due_dates(document)[-1] < always["to"])
    same(waived, document | {"annual_rate": rate_text(max(rate - part, 0))})


# ── changes that change little ────────────────────────────────────────────────────────────────


@given(documents(), st.integers(0, 1000))
def test_a_change_to_the_same_rate_changes_no_principal(document: Document, day: int) -> None:
    """Only a level payment may change: what its rounding left over is spread anew."""
    assume(document["method"] in {"equal_principal", "interest_only", "bullet", "flat"})
    document = without(document, *RATES) | {"remainder": "smooth"}
    begin = date.fromisoformat(min(draw["on"] for draw in document["draws"]))
    change = {"from": (begin + timedelta(day)).isoformat(), "annual_rate": document["annual_rate"]}
    same(document, document | {"rate_changes": [change]})


@given(documents(), st.integers(0, 1000))
def test_a_change_of_rate_leaves_earlier_lines_alone(document: Document, day: int) -> None:
    assume("index" not in document)
    begin = date.fromisoformat(min(draw["on"] for draw in document["draws"]))
    since = (begin + timedelta(day)).isoformat()
    changes = [one for one in document.get("rate_changes", ()) if one["from"] < since]
    other = document | {"rate_changes": [*changes, {"from": since, "annual_rate": "0.5"}]}
    document = document | {"rate_changes": changes}
    starts = {begin.isoformat(), *due_dates(document)}
    assume(since not in starts or not any("annual_rate" in one for one in other.get("lines", ())))
    before, after = (
        [line for line in engine_lines(one) if line["due"] <= since] for one in (document, other)
    )
    assert before == after, json.dumps(other)


@given(documents())
def test_fees_and_holidays_change_nothing_else(document: Document) -> None:
    lines = engine_lines(document)
    fee = {"fee_fen": 1_234, "business_day_rule": "following"}
    more = engine_lines(document | fee | {"upfront_fee_fen": 99})
    parts = ("fee_fen", "payment_fen")
    assert but(lines, *parts) == but(more, *parts)
    for line, other in zip(lines, more, strict=True):
        added = (1_234 if line["no"] else 0) - line["fee_fen"]
        assert other["payment_fen"] == line["payment_fen"] + added


@given(
    st.integers(10**6, 10**10),
    st.integers(0, 240_000),
    st.integers(2, 60),
    st.sampled_from(("half_up", "half_even", "up", "down")),
    st.integers(0, 900_000),
)
def test_ten_times_the_loan_has_ten_times_the_level(
    amount: int, rate: int, count: int, rounding: str, share: int
) -> None:
    def loan(fen: int) -> Document:
        return {
            "draws": [{"on": "2025-01-31", "amount_fen": fen}],
            "annual_rate": rate_text(rate),
            "method": "balloon",
            "balloon_fen": amount * share // 1_000_000 * (fen // amount),
            "instalments": count,
            "first_due": "2025-02-28",
            "due_day": 31,
            "rounding": rounding,
        }

    one, ten = loan(amount), loan(10 * amount)
    level = level_unrounded(one)
    assert abs(level_unrounded(ten) - 10 * level) < Fraction(1, 10**20)
    for document, exact in ((one, level), (ten, 10 * level)):
        for line in engine_lines(document)[:-1]:
            assert abs(line["payment_fen"] - exact) <= (1 if rounding in {"up", "down"} else 0.5)
