from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshi.kernel.errors import ImpossibleError, InputError
from sanshi.kernel.money import (
    MAX_FEN,
    Rounding,
    check_fen,
    div_round,
    parse_yuan,
    percent,
    share_ppm,
    split_fen,
    yuan,
)

AMOUNTS = st.integers(-MAX_FEN, MAX_FEN)
DECIMAL = {
    "half_even": ROUND_HALF_EVEN,
    "half_up": ROUND_HALF_UP,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
}


@given(AMOUNTS)
def test_written_yuan_reads_back(amount_fen: int) -> None:
    assert parse_yuan(yuan(amount_fen)) == amount_fen


@pytest.mark.parametrize(
    ("text", "amount_fen"),
    [("6,999.00", 699_900), ("0.5", 50), ("-12", -1_200), (" 1 ", 100), ("0.07", 7)],
)
def test_yuan_as_people_write_it(text: str, amount_fen: int) -> None:
    assert parse_yuan(text) == amount_fen


@pytest.mark.parametrize(
    "text", ["", "1.234", "1e3", "¥5", "١", "1.", ".5", "--1", "999999999999.99", "NaN"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_yuan(text, "price")
    assert caught.value.field == "price"
    assert caught.value.fix


@pytest.mark.parametrize("amount", [-1, MAX_FEN + 1, True, 1.0, "1", None])
def test_an_amount_out_of_bounds_or_of_another_type_is_refused(amount: object) -> None:
    with pytest.raises(InputError) as caught:
        check_fen(amount, "amount_fen")
    assert caught.value.field == "amount_fen"


@pytest.mark.parametrize("amount_fen", [0, 1, MAX_FEN])
def test_bounds_are_included(amount_fen: int) -> None:
    assert check_fen(amount_fen, "amount_fen") == amount_fen


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [
        (5, 2, [2, 3, 3, 2]),
        (7, 2, [4, 4, 4, 3]),
        (1, 3, [0, 0, 1, 0]),
        (2, 3, [1, 1, 1, 0]),
        (6, 3, [2, 2, 2, 2]),
        (-5, 2, [-2, -3, -3, -2]),
        (-1, 3, [0, 0, -1, 0]),
        (0, 7, [0, 0, 0, 0]),
    ],
)
def test_half_even_half_up_up_and_down(
    numerator: int, denominator: int, rounded: list[int]
) -> None:
    assert [div_round(numerator, denominator, policy) for policy in get_args(Rounding)] == rounded


@given(st.integers(-(10**20), 10**20), st.integers(1, 10**9), st.sampled_from(get_args(Rounding)))
def test_rounding_agrees_with_decimal(numerator: int, denominator: int, rounding: Rounding) -> None:
    with localcontext(prec=60):
        exact = (Decimal(numerator) / denominator).to_integral_value(DECIMAL[rounding])
    assert div_round(numerator, denominator, rounding) == int(exact)


@given(st.integers(0, 10**15), st.integers(1, 10**9), st.sampled_from(get_args(Rounding)))
def test_a_refund_mirrors_its_charge(numerator: int, denominator: int, rounding: Rounding) -> None:
    charge = div_round(numerator, denominator, rounding)
    assert div_round(-numerator, denominator, rounding) == -charge


@pytest.mark.parametrize("denominator", [0, -1])
def test_a_denominator_that_is_not_positive_is_impossible(denominator: int) -> None:
    with pytest.raises(ImpossibleError):
        div_round(1, denominator, "down")


def test_share_of_an_amount() -> None:
    assert share_ppm(570_000, 150_000, "half_up") == 85_500


@given(AMOUNTS, st.lists(st.integers(0, 10**6), min_size=1, max_size=20).filter(any))
def test_a_split_is_whole_fair_and_signed(total_fen: int, weights: list[int]) -> None:
    parts = split_fen(total_fen, weights)
    assert sum(parts) == total_fen
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * sum(weights) - total_fen * weight) < sum(weights)
        assert part * total_fen >= 0
        assert weight or not part


def test_the_largest_remainder_gets_the_odd_fen_and_ties_go_to_the_earlier() -> None:
    assert split_fen(100, [1, 1, 1]) == (34, 33, 33)
    assert split_fen(10, [3, 3, 1]) == (4, 4, 2)
    assert split_fen(-100, [1, 1, 1]) == (-34, -33, -33)


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1], [2, -1]])
def test_weights_that_cannot_split_are_refused(weights: list[int]) -> None:
    with pytest.raises(InputError) as caught:
        split_fen(100, weights)
    assert caught.value.field == "weights"


@pytest.mark.parametrize(
    ("rate_ppm", "decimals", "text"),
    [(88_500, 2, "8.85%"), (0, 2, "0.00%"), (-500, 2, "-0.05%"), (1, 4, "0.0001%")],
)
def test_percent(rate_ppm: int, decimals: int, text: str) -> None:
    assert percent(rate_ppm, decimals) == text


def test_percent_hides_no_digit() -> None:
    with pytest.raises(ImpossibleError):
        percent(88_550, 2)
