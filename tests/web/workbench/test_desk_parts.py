"""Parts of pages: files that start nothing, pictures to true scale, conditions in words."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshi.documents.tables import BOM, safe
from sanshi.kernel.reasons import Language
from sanshi.web.reader import Reader, Shelf
from sanshi.web.workbench.cells import short
from sanshi.web.workbench.chart import (
    BALANCE_HEIGHT,
    BARS_HEIGHT,
    TOP,
    Instalment,
    chart,
    nice_step_fen,
)
from sanshi.web.workbench.conditions import condition
from sanshi.web.workbench.export import csv_text
from sanshi.web.workbench.sheets import SHEETS
from sanshi.wiring import Content

FEN = st.integers(1, 100_000_000)


@given(st.text())
def test_no_cell_begins_as_a_formula_does(text: str) -> None:
    written = safe(text)
    assert text in written
    if written[:1] in "=+@" or written[:1] in "\r\n":
        assert written == ""
    if written.startswith("-"):
        float(written.rstrip("%"))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+86 138", "'+86 138"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        ("-12.50", "-12.50"),
        ("6999.00", "6999.00"),
        ("4.80%", "4.80%"),
        ("990000199205200015", "\t990000199205200015"),
        ("007", "\t007"),
        ("ln_01m6czrxqg", "ln_01m6czrxqg"),
        ("", ""),
    ],
)
def test_cells_as_programs_read_them(text: str, written: str) -> None:
    assert safe(text) == written


def test_a_file_begins_with_the_mark_of_its_letters(content: Content) -> None:
    reader = Reader(Shelf.of(content.catalogue, content.policies), "zh")
    line = {
        "audit_id": 1,
        "at": "2026-12-07T02:00:00+00:00",
        "actor": "sa_x",
        "actor_name": '=HYPERLINK("x")',
        "role": "audit",
        "action": "unmask_customer",
        "subject": "ps_x",
        "purpose": "a,b\n=c",
    }
    text = csv_text(reader, SHEETS["desk_audit"], [line])
    assert text.startswith(BOM)
    head, row = csv.reader(io.StringIO(text.removeprefix(BOM)))
    assert head[0] == "时间"
    assert row[0] == "2026-12-07 10:00:00"
    assert row[1].startswith("'=HYPERLINK")
    assert row[5] == "a,b\n=c"


@given(FEN)
def test_three_or_four_round_steps_reach_the_largest_amount(largest_fen: int) -> None:
    step_fen = nice_step_fen(largest_fen)
    steps = -(-largest_fen // step_fen)
    assert 1 <= steps <= 3
    assert str(step_fen).rstrip("0") in {"1", "2", "5"}


@given(st.lists(st.tuples(FEN, FEN), min_size=1, max_size=36))
def test_the_chart_is_drawn_to_true_scale(parts: list[tuple[int, int]]) -> None:
    lent_fen = sum(principal_fen for principal_fen, _ in parts)
    left_fen, instalments = lent_fen, []
    for number, (principal_fen, interest_fen) in enumerate(parts, start=1):
        left_fen -= principal_fen
        instalments.append(Instalment(number, principal_fen, interest_fen, left_fen, number < 3))
    drawn = chart(lent_fen, instalments)
    assert drawn is not None
    top_fen = max(tick.amount_fen for tick in drawn.bar_ticks)
    for bar, (principal_fen, interest_fen) in zip(drawn.bars, parts, strict=True):
        assert bar.principal_height == pytest.approx(
            BARS_HEIGHT * principal_fen / top_fen, abs=0.01
        )
        assert bar.interest_height == pytest.approx(BARS_HEIGHT * interest_fen / top_fen, abs=0.01)
        assert bar.interest_y + bar.interest_height == pytest.approx(bar.principal_y, abs=0.02)
    ys = [float(point.split(",")[1]) for point in drawn.line.split(" ")]
    most_fen = max(tick.amount_fen for tick in drawn.balance_ticks)
    assert ys[0] == pytest.approx(TOP + BALANCE_HEIGHT * (1 - lent_fen / most_fen), abs=0.06)
    assert ys[-1] == pytest.approx(TOP + BALANCE_HEIGHT, abs=0.06)
    assert ys == sorted(ys)


def test_nothing_lent_is_nothing_to_draw() -> None:
    assert chart(0, [Instalment(1, 1, 1, 0, over=False)]) is None
    assert chart(100, []) is None


@pytest.mark.parametrize(
    ("language", "when", "said"),
    [
        ("zh", {"feature": "live_loans", "gt": 8}, "未结清贷款笔数 &gt; 8"),
        (
            "zh",
            {"feature": "current_dpd_days", "between": [1, 30]},
            "当前逾期天数 在 1 天 到 30 天 之间",
        ),
        ("en", {"not": {"feature": "is_student", "eq": True}}, "not (student = Yes)"),
        (
            "en",
            {
                "all": [
                    {"feature": "income_evidence", "in": ["declared", "tax"]},
                    {"any": [{"feature": "amount_fen", "ge": 2_000_000}]},
                ]
            },
            (
                "evidence of income is one of: own statement, income tax record"
                " and amount asked ≥ ¥20,000.00"
            ),
        ),
        (
            "en",
            {"feature": "utilisation_ppm", "lt": 900_000},
            "share of credit limits in use &lt; 90%",
        ),
    ],
)
def test_conditions_as_one_reads_them(
    content: Content, language: Language, when: dict[str, object], said: str
) -> None:
    reader = Reader(Shelf.of(content.catalogue, content.policies), language)
    assert str(condition(reader, when)) == said


def test_an_id_is_shown_by_its_kind_and_its_end() -> None:
    assert str(short("ln_01m6czrxqg998yztze1t0b2wyn")) == (
        '<abbr title="ln_01m6czrxqg998yztze1t0b2wyn">ln_…ze1t0b2wyn</abbr>'
    )
    assert str(short("<b>")) == "&lt;b&gt;"
