from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from random import Random
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanshi.kernel.canonical import MAX_DEPTH, canonical_json, digest
from sanshi.kernel.errors import ImpossibleError

_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | _TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXT, inner, max_size=4),
    max_leaves=20,
)


class _Colour(enum.StrEnum):
    RED = "red"


def test_writes_the_expected_bytes() -> None:
    value = {"b": [1, True, None], "a": "三适\n", "": -(10**30)}
    expected = '{"":-1000000000000000000000000000000,"a":"三适\\n","b":[1,true,null]}'
    assert canonical_json(value) == expected.encode()


def test_digest_is_sha256_of_the_bytes() -> None:
    assert digest({}) == hashlib.sha256(b"{}").hexdigest()


@given(_VALUES)
def test_reads_back_as_the_same_value_and_writes_the_same_bytes(value: object) -> None:
    written = canonical_json(value)
    read = json.loads(written)
    assert read == value
    assert canonical_json(read) == written


@given(st.dictionaries(_TEXT, st.integers(), min_size=2), st.randoms(use_true_random=False))
def test_order_of_keys_does_not_matter(value: dict[str, int], random: Random) -> None:
    names = list(value)
    random.shuffle(names)
    assert canonical_json({name: value[name] for name in names}) == canonical_json(value)


@given(_VALUES, _VALUES)
def test_different_values_have_different_bytes(one: object, other: object) -> None:
    same = canonical_json(one) == canonical_json(other)
    assert same == (json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True))


@pytest.mark.parametrize(
    ("value", "where"),
    [
        (1.0, "$"),
        (float("nan"), "$"),
        ({"a": [0, 0.5]}, "$.a[1]"),
        ({1: "a"}, "$"),
        (Decimal(1), "$"),
        (b"a", "$"),
        ({"a": {1, 2}}, "$.a"),
        (["\ud800"], "$[0]"),
        ({"\udfff": 1}, "$"),
    ],
)
def test_what_has_no_single_form_is_refused_by_place(value: object, where: str) -> None:
    with pytest.raises(ImpossibleError) as caught:
        canonical_json(value)
    assert caught.value.code == "canonical.no_single_form"
    assert caught.value.field == where


def test_depth_has_a_limit_and_just_below_it_works() -> None:
    def nest(levels: int) -> object:
        value: object = 0
        for _ in range(levels):
            value = [value]
        return value

    assert canonical_json(nest(MAX_DEPTH - 1)).count(b"[") == MAX_DEPTH - 1
    with pytest.raises(ImpossibleError, match="deeper"):
        canonical_json(nest(MAX_DEPTH))


def test_mappings_tuples_and_text_enums_count_as_their_plain_kind() -> None:
    frozen: Mapping[str, object] = MappingProxyType({"c": (_Colour.RED, 1)})
    assert canonical_json(frozen) == b'{"c":["red",1]}'
