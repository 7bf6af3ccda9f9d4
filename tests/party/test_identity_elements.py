from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshi.kernel.errors import ImpossibleError
from sanshi.party.identity import (
    check_digit,
    check_id_number,
    is_mobile,
    mask_id_number,
    mask_mobile,
    mask_name,
    normal_id_number,
    normal_mobile,
    normal_name,
)

_DIGITS = "0123456789"
_BODIES = st.builds(
    lambda born, rest: f"990000{born:%Y%m%d}{rest:03d}",
    st.dates(date(1900, 1, 1), date(2026, 12, 31)),
    st.integers(0, 999),
)


@pytest.mark.parametrize(
    ("number", "born"),
    [  # both are the examples printed in GB 11643-1999
        ("11010519491231002X", date(1949, 12, 31)),
        ("440524188001010014", date(1880, 1, 1)),
    ],
)
def test_the_examples_of_the_standard(number: str, born: date) -> None:
    found = check_id_number(number)
    assert (found.valid, found.birth_date, found.reason_code) == (True, born, "")


@given(_BODIES)
def test_the_check_digit_makes_the_number_congruent_to_one(body: str) -> None:
    # ISO 7064 MOD 11-2 by its definition: the weighted sum of all characters is 1 modulo 11.
    number = body + check_digit(body)
    values = [10 if char == "X" else int(char) for char in number]
    assert sum(value * 2 ** (17 - i) for i, value in enumerate(values)) % 11 == 1
    assert check_id_number(number).birth_date == date(
        int(body[6:10]), int(body[10:12]), int(body[12:14])
    )


@given(_BODIES, st.data())
def test_one_wrong_digit_or_two_swapped_neighbours_are_caught(
    body: str, data: st.DataObject
) -> None:
    number = body + check_digit(body)
    at = data.draw(st.integers(0, 16))
    digit = data.draw(st.sampled_from([d for d in _DIGITS if d != number[at]]))
    assert not check_id_number(number[:at] + digit + number[at + 1 :]).valid
    if number[at] != number[at + 1] and number[at + 1] != "X":
        swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
        assert not check_id_number(swapped).valid


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("", "identity.id_number_form"),
        ("110105491231002", "identity.id_number_form"),
        ("11010519491231002Y", "identity.id_number_form"),
        ("X1010519491231002X", "identity.id_number_form"),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢٣", "identity.id_number_form"),
        ("11010519490230002X", "identity.id_number_birth_date"),
        ("110105000012310021", "identity.id_number_birth_date"),
        ("110105194912310021", "identity.id_number_check_digit"),
    ],
)
def test_what_is_wrong_is_named(number: str, reason: str) -> None:
    found = check_id_number(number)
    assert (found.valid, found.birth_date, found.reason_code) == (False, None, reason)


def test_width_blanks_and_case_do_not_matter() -> None:
    assert check_id_number(" 110105 19491231 002x ").valid
    assert normal_id_number("１１０１０５19491231002ｘ") == "11010519491231002X"
    assert normal_mobile("+86 138-0013-8000") == "13800138000"
    assert normal_mobile("0086 13800138000") == "13800138000"
    assert normal_name("  Victor   NOBODY ") == normal_name("ｖictor nobody")


@pytest.mark.parametrize("body", ["", "1" * 16, "1" * 18, "1101051949123100X"])
def test_a_check_digit_needs_seventeen_digits(body: str) -> None:
    with pytest.raises(ImpossibleError, match="17 digits"):
        check_digit(body)


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("13800138000", True),
        ("+86 199 0000 0000", True),
        ("12800138000", False),
        ("1380013800", False),
        ("138001380000", False),
        ("8613800138000", False),
        ("", False),
    ],
)
def test_mobiles(text: str, *, good: bool) -> None:
    assert is_mobile(text) is good


@pytest.mark.parametrize(
    ("name", "shown"),
    [("林小满", "林**"), ("王五", "王*"), ("王", "*"), ("", ""), ("Li Na", "L****")],
)
def test_masked_names(name: str, shown: str) -> None:
    assert mask_name(name) == shown


def test_masked_numbers() -> None:
    assert mask_id_number("11010519491231002X") == "1****************X"
    assert mask_mobile("+86 138 0013 8000") == "138****8000"
    assert mask_id_number("11010519491231") == "*" * 14
    assert mask_mobile("1380013") == "*" * 7


@given(st.text(max_size=30))
def test_masks_show_at_most_what_they_promise(text: str) -> None:
    assert len(mask_name(text).replace("*", "")) <= 1
    assert len(mask_id_number(text).replace("*", "")) <= 2
    assert len(mask_mobile(text).replace("*", "")) <= 7
